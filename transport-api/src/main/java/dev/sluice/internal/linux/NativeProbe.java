package dev.sluice.internal.linux;

import java.lang.invoke.MethodHandles;
import java.util.List;

/**
 * Finds out once whether the system calls can be made. To be asked before any other class of this package is used: those
 * link in static initialisers, which this probe runs and whose failures it turns into words.
 */
public final class NativeProbe {
    private static final List<Class<?>> BINDINGS = List.of(Errno.class, NativeContext.class, FileDescriptors.class,
            Sockets.class,
            SocketOptions.class, SocketIo.class, KernelCopy.class, Pipes.class, Epoll.class, EventFd.class, Alarm.class,
            FileCalls.class, PageCache.class, Mappings.class, ResourceLimits.class, Poll.class,
            UnixSockets.class, DescriptorMessage.class, SharedMemory.class, AsymmetricFence.class,
            NativeWords.class);

    private static final NativeAvailability RESULT = probe(System.getProperty("os.name"),
            System.getProperty("os.arch"));

    private NativeProbe() {}

    /**
     * The result of the probe, made once per JVM. Any thread; throws nothing.
     *
     * @return the result
     */
    public static NativeAvailability availability() {
        return RESULT;
    }

    static NativeAvailability probe(String osName, String osArch) {
        if (!"Linux".equals(osName)) {
            return NativeAvailability.missing("the operating system is " + osName + ", not Linux",
                    "run on Linux, x86-64 or aarch64");
        }
        if (!"amd64".equals(osArch) && !"aarch64".equals(osArch)) {
            return NativeAvailability.missing("the processor architecture " + osArch + " is not supported",
                    "run a 64-bit JVM on x86-64 or aarch64");
        }
        for (Class<?> binding : BINDINGS) {
            try {
                MethodHandles.lookup().ensureInitialized(binding);
            } catch (LinkageError failed) {
                return explain(binding, failed.getCause() == null ? failed : failed.getCause());
            } catch (IllegalAccessException impossible) {
                throw new AssertionError(binding + " is in this package", impossible);
            }
        }
        return NativeAvailability.available();
    }

    private static NativeAvailability explain(Class<?> binding, Throwable cause) {
        if (cause instanceof IllegalCallerException) {
            Module module = NativeProbe.class.getModule();
            return NativeAvailability.missing("native access is denied: " + cause.getMessage(),
                    "start java with --enable-native-access=" + (module.isNamed() ? module.getName() : "ALL-UNNAMED"));
        }
        if (cause instanceof UnsupportedOperationException) {
            return NativeAvailability.missing("this JVM cannot link native functions: " + cause.getMessage(),
                    "run a HotSpot JDK 25 or later");
        }
        return NativeAvailability.missing(
                "system calls cannot be linked (" + binding.getSimpleName() + "): " + cause.getMessage(),
                "run on a system with glibc 2.28 or later");
    }
}
