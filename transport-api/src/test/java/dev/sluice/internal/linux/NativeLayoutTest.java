package dev.sluice.internal.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Compares every constant, size and offset with what the C compiler of this machine says. */
final class NativeLayoutTest {
    private static final String INCLUDES = """
            #define _GNU_SOURCE
            #include <errno.h>
            #include <fcntl.h>
            #include <netinet/in.h>
            #include <netinet/tcp.h>
            #include <stddef.h>
            #include <stdio.h>
            #include <sys/epoll.h>
            #include <sys/eventfd.h>
            #include <sys/mman.h>
            #include <sys/resource.h>
            #include <sys/socket.h>
            #include <sys/stat.h>
            #include <sys/syscall.h>
            #include <sys/uio.h>
            #include <sys/un.h>
            #include <linux/futex.h>
            #include <linux/membarrier.h>
            #include <linux/memfd.h>
            #include <linux/mempolicy.h>
            #include <time.h>
            """;

    /** Classes whose constants carry the names that C gives them. */
    private static final List<Class<?>> CONSTANTS = List.of(Errno.class, FileDescriptors.class, Sockets.class,
            SocketOptions.class, SocketIo.class, KernelCopy.class, Pipes.class, Epoll.class, FileCalls.class,
            PageCache.class, Mappings.class, ResourceLimits.class, UnixSockets.class,
            DescriptorMessage.class, SharedMemory.class, AsymmetricFence.class,
            Futex.class);

    private static final String C_NAMES = "(E[A-Z]+|(AF|SHUT|SOCK|SOL|IPPROTO|SO|TCP|IPV6|MSG|SPLICE|O|F|EPOLL|AT"
            + "|STATX|POSIX|PROT|MAP|MADV|MFD|MEMBARRIER_CMD|FUTEX|RLIMIT|SCM|MPOL)_[A-Z0-9_]+)";

    /** Constants that match the pattern without being C's. */
    private static final List<String> OURS = List.of("STATX_BYTES", "STATX_SIZE_OFFSET", "STATX_BLOCK_OFFSET");

    @TempDir
    private Path folder;

    @Test
    void shouldAgreeWithTheCompilerWhenOneIsPresent() throws Exception {
        Map<String, Long> expected = constants();
        assertThat(expected).hasSizeGreaterThan(80);
        expected.putAll(layouts(Architecture.CURRENT));
        assertThat(askCompiler(expected.keySet().stream().toList())).isEqualTo(expected);
    }

    /** What it says cannot be run here, so it checks itself while it compiles. */
    @Test
    void shouldAgreeWithTheCompilerForArmWhenOneIsPresent() throws Exception {
        Map<String, Long> expected = constants();
        expected.putAll(layouts(Architecture.AARCH64));
        StringBuilder source = new StringBuilder(INCLUDES);
        expected.forEach((name, value) -> source.append("_Static_assert((int) (").append(name).append(") == ")
                .append(value).append(", \"not ").append(value).append("\");\n"));
        compile("aarch64-linux-gnu-gcc", "-c", Files.writeString(folder.resolve("arm.c"), source));
    }

    @Test
    void shouldNameErrorsAsTheHeaderDoes() throws Exception {
        Map<String, Long> expected = new LinkedHashMap<>();
        for (int errno = 1; errno <= 133; errno++) {
            String name = Errno.name(errno);
            if (!name.equals("errno")) {
                expected.put(name, (long) errno);
            }
        }
        assertThat(expected).hasSize(131);
        assertThat(askCompiler(expected.keySet().stream().toList())).isEqualTo(expected);
    }

    private static Map<String, Long> constants() throws IllegalAccessException {
        Map<String, Long> found = new LinkedHashMap<>();
        for (Class<?> type : CONSTANTS) {
            for (Field field : type.getDeclaredFields()) {
                boolean constant = Modifier.isStatic(field.getModifiers())
                        && (field.getType() == int.class || field.getType() == long.class);
                if (constant && field.getName().matches(C_NAMES) && !OURS.contains(field.getName())) {
                    field.setAccessible(true);
                    found.put(field.getName(), ((Number) field.get(null)).longValue());
                }
            }
        }
        return found;
    }

    private static Map<String, Long> layouts(Architecture of) {
        Map<String, Long> all = new HashMap<>();
        all.put("SOCK_NONBLOCK | SOCK_CLOEXEC", 0x80800L);
        all.put("EFD_NONBLOCK | EFD_CLOEXEC", 0x80800L);
        for (SystemCall call : SystemCall.values()) {
            if (call != SystemCall.CACHESTAT) { // younger than the headers of Debian 12
                all.put("SYS_" + call.name().toLowerCase(Locale.ROOT), call.number(of));
            }
        }
        all.put("sizeof(struct epoll_event)", (long) of.epollEventBytes());
        all.put("offsetof(struct epoll_event, events)", 0L);
        all.put("offsetof(struct epoll_event, data)", (long) of.epollDataOffset());
        all.put("sizeof(struct msghdr)", 56L);
        all.put("offsetof(struct msghdr, msg_iov)", 16L);
        all.put("offsetof(struct msghdr, msg_iovlen)", 24L);
        all.put("sizeof(struct iovec)", 16L);
        all.put("offsetof(struct iovec, iov_base)", 0L);
        all.put("offsetof(struct iovec, iov_len)", 8L);
        all.put("sizeof(struct sockaddr_in)", 16L);
        all.put("offsetof(struct sockaddr_in, sin_port)", 2L);
        all.put("offsetof(struct sockaddr_in, sin_addr)", 4L);
        all.put("sizeof(struct sockaddr_in6)", (long) SocketAddresses.MAX_BYTES);
        all.put("offsetof(struct sockaddr_in6, sin6_port)", 2L);
        all.put("offsetof(struct sockaddr_in6, sin6_flowinfo)", 4L);
        all.put("offsetof(struct sockaddr_in6, sin6_addr)", 8L);
        all.put("offsetof(struct sockaddr_in6, sin6_scope_id)", 24L);
        all.put("sizeof(struct statx)", 256L);
        all.put("offsetof(struct statx, stx_size)", 40L);
        all.put("offsetof(struct statx, stx_blksize)", 4L);
        all.put("sizeof(struct linger)", 8L);
        all.put("offsetof(struct linger, l_linger)", 4L);
        all.put("sizeof(struct timespec)", Futex.TIMESPEC_BYTES);
        all.put("offsetof(struct timespec, tv_nsec)", 8L);
        all.put("sizeof(struct rlimit)", 16L);
        all.put("offsetof(struct rlimit, rlim_max)", 8L);
        all.put("O_DIRECT", (long) of.directFlag());
        all.put("sizeof(struct sockaddr_un)", UnixSockets.PATH_OFFSET + UnixSockets.MAX_NAME_BYTES + 1);
        all.put("offsetof(struct sockaddr_un, sun_path)", UnixSockets.PATH_OFFSET);
        all.put("sizeof(struct ucred)", (long) UnixSockets.CREDENTIALS_BYTES);
        all.put("offsetof(struct ucred, uid)", 4L);
        all.put("offsetof(struct msghdr, msg_control)", (long) DescriptorMessage.HEADER_CONTROL);
        all.put("offsetof(struct msghdr, msg_controllen)", (long) DescriptorMessage.HEADER_CONTROL_LENGTH);
        all.put("offsetof(struct msghdr, msg_flags)", (long) DescriptorMessage.HEADER_FLAGS);
        all.put("offsetof(struct cmsghdr, cmsg_level)", (long) DescriptorMessage.CONTROL_LEVEL);
        all.put("offsetof(struct cmsghdr, cmsg_type)", (long) DescriptorMessage.CONTROL_TYPE);
        all.put("sizeof(struct cmsghdr)", (long) DescriptorMessage.CONTROL_DATA);
        all.put("CMSG_LEN(8)", DescriptorMessage.CONTROL_DATA + 8L);
        all.put("CMSG_SPACE(8)", DescriptorMessage.CONTROL_DATA + 8L);
        all.put("sizeof(off_t)", 8L);
        all.put("sizeof(size_t)", 8L);
        all.put("sizeof(socklen_t)", 4L);
        return all;
    }

    private Map<String, Long> askCompiler(List<String> expressions) throws Exception {
        StringBuilder source = new StringBuilder(INCLUDES).append("int main(void) {\n");
        for (String expression : expressions) {
            source.append("printf(\"%lld\\n\", (long long) (int) (").append(expression).append("));\n");
        }
        Path binary = compile("cc", "-O", Files.writeString(folder.resolve("ask.c"), source.append("}\n")));
        List<String> lines = run(binary.toString()).lines().toList();
        Map<String, Long> answers = new HashMap<>();
        for (int i = 0; i < lines.size(); i++) {
            answers.put(expressions.get(i), Long.valueOf(lines.get(i)));
        }
        return answers;
    }

    private Path compile(String compiler, String option, Path program) throws Exception {
        Path binary = folder.resolve("compiled");
        try {
            assertThat(run(compiler, option, "-o", binary.toString(), program.toString())).isEmpty();
        } catch (IOException absent) {
            assumeTrue(false, "no C compiler to compare with: " + absent.getMessage());
        }
        return binary;
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return said;
        } finally {
            process.destroyForcibly();
        }
    }
}
