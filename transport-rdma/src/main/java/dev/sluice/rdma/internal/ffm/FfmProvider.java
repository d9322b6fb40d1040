package dev.sluice.rdma.internal.ffm;

import com.ibm.disni.verbs.RdmaProvider;

import java.lang.reflect.Field;

/**
 * The provider that DiSNI finds once {@link #install} has run.
 *
 * <p>
 * {@code RdmaProvider.provider()} makes the JNI provider on its first call, by name, and offers no way to name another:
 * it only looks at its private static field {@code provider}. That field is therefore set once, by reflection, before
 * anything of DiSNI is used. This is legal without a flag, because DiSNI is not a named module and so open to everyone;
 * the JNI provider is then never initialised, and its {@code NativeDispatcher}, which would look for {@code libdisni}, never
 * loaded.
 */
public final class FfmProvider extends RdmaProvider {
    /** The interface version of DiSNI 2.1. */
    private static final int VERSION = 32;

    private static final FfmProvider INSTANCE = new FfmProvider();

    private static final FfmVerbs VERBS = new FfmVerbs();

    private static final FfmCm CM = new FfmCm();

    private FfmProvider() {}

    /**
     * Makes this DiSNI's provider. Idempotent, any thread.
     *
     * @return the provider
     * @throws IllegalStateException if another provider is there already
     */
    @SuppressWarnings("LockOnNonEnclosingClassLiteral") // the lock that provider() takes
    public static FfmProvider install() {
        synchronized (RdmaProvider.class) {
            try {
                Field field = RdmaProvider.class.getDeclaredField("provider");
                field.setAccessible(true);
                Object present = field.get(null);
                if (present != null && present != INSTANCE) {
                    throw new IllegalStateException("DiSNI has a provider already, " + present.getClass().getName()
                            + ": open the RDMA transport before anything else uses DiSNI");
                }
                field.set(null, INSTANCE);
                return INSTANCE;
            } catch (ReflectiveOperationException other) {
                throw new IllegalStateException("this is not DiSNI 2.1: its RdmaProvider has no field provider", other);
            }
        }
    }

    @Override
    public FfmCm openCm() {
        return CM;
    }

    @Override
    public FfmVerbs openVerbs() {
        return VERBS;
    }

    @Override
    public int getVersion() {
        return VERSION;
    }
}
