package dev.sluice.aeron.driver;

import dev.sluice.SluiceException;
import dev.sluice.aeron.data.DriverThread;
import io.aeron.Aeron;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The Aeron clients of this process, one for each media driver that it uses, and the driver embedded in it, shared by all its
 * transports: each goes with its last user. Any thread.
 */
public final class Clients {
    private static final long KEEP_ALIVE_NS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long LINGER_NS = TimeUnit.SECONDS.toNanos(1);
    private static final Map<Path, Client> CLIENTS = new HashMap<>();
    private static EmbeddedDriver embedded;
    private static int embeddedUsers;

    private Clients() {}

    /** A client in use. */
    public static final class Client {
        private final Aeron aeron;
        private final ClientSleep sleep;
        private final Path driver;
        /** Null when it is in another process. */
        private final EmbeddedDriver embedded;
        /** Null when it is in this process. */
        private final RemoteDriver remote;
        private final Runnable onNews;
        private int users;

        private Client(Aeron aeron, ClientSleep sleep, Path driver, EmbeddedDriver embedded) {
            this.aeron = aeron;
            this.sleep = sleep;
            this.driver = driver;
            this.embedded = embedded;
            remote = embedded == null ? RemoteDriver.at(driver) : null;
            onNews = sleep::wake;
        }

        /** {@return the client; for a command to its driver, which is woken to hear it} */
        public Aeron aeron() {
            announce();
            return aeron;
        }

        /** A command to its driver follows, which is woken to hear it. */
        public void announce() {
            if (embedded != null) {
                embedded.wakeForCommand();
            } else {
                remote.wake();
            }
        }

        /** Processes that have no driver of their own may use this one from now on. */
        public void serveOthers() {
            if (embedded != null) {
                embedded.serveOthers();
            }
        }

        /** The driver may have said something, even if it tells nobody: the client looks often for a moment. */
        public void stir() {
            sleep.wake();
        }

        /** {@return the thread of its driver} */
        public DriverThread thread() {
            return embedded == null ? remote : embedded;
        }

        /** From now on a stream is waited for, which a driver in another process does not tell of: the client looks often. */
        public void seek() {
            sleep.seek();
        }

        /** Ends that; once for each {@link #seek()}. */
        public void found() {
            sleep.found();
        }

        /**
         * Has somebody told whenever streams came or went.
         *
         * @param onNews run by the driver's thread, and must neither block nor throw
         * @return false when the driver is in another process, and nobody is told
         */
        public boolean tell(Runnable onNews) {
            if (embedded != null) {
                embedded.news().add(onNews);
            }
            return embedded != null;
        }

        /**
         * Ends that.
         *
         * @param onNews the same
         */
        public void forget(Runnable onNews) {
            if (embedded != null) {
                embedded.news().remove(onNews);
            }
        }

        /** {@return the directory of its driver} */
        public Path driver() {
            return driver;
        }

        /** Ends this use of it. */
        public void release() {
            releaseClient(this);
        }
    }

    /**
     * The client of the driver in this process, which is started for the first user.
     *
     * @param spin whether the driver's thread never sleeps; counts for the user that starts it
     * @return to be released
     * @throws SluiceException when the driver does not start or does not answer
     */
    public static synchronized Client embedded(boolean spin) throws SluiceException {
        if (embedded == null) {
            embedded = EmbeddedDriver.start(spin);
        }
        embeddedUsers++;
        boolean connected = false;
        try {
            Client client = use(embedded.directory(), embedded);
            connected = true;
            return client;
        } finally {
            if (!connected) {
                releaseEmbedded();
            }
        }
    }

    /**
     * The client of the driver with this directory.
     *
     * @param driver its directory
     * @return to be released
     * @throws SluiceException when no driver works there
     */
    public static synchronized Client at(Path driver) throws SluiceException {
        return embedded != null && embedded.directory().equals(driver) ? embedded(false) : use(driver, null);
    }

    private static Client use(Path driver, EmbeddedDriver own) throws SluiceException {
        Client client = CLIENTS.get(driver);
        if (client == null || client.aeron.isClosed()) {
            client = make(driver, own);
            CLIENTS.put(driver, client);
        }
        client.users++;
        return client;
    }

    private static Client make(Path driver, EmbeddedDriver own) throws SluiceException {
        ClientSleep sleep = new ClientSleep(own != null);
        Client client = new Client(connect(driver, sleep), sleep, driver, own);
        client.tell(client.onNews);
        return client;
    }

    private static Aeron connect(Path driver, ClientSleep sleep) throws SluiceException {
        try {
            return Aeron.connect(new Aeron.Context().aeronDirectoryName(driver.toString())
                    .threadFactory(task -> EmbeddedDriver.thread("sluice-aeron-client", task))
                    .idleStrategy(sleep)
                    .keepAliveIntervalNs(KEEP_ALIVE_NS)
                    .resourceLingerDurationNs(LINGER_NS).closeLingerDurationNs(0).errorHandler(Clients::report)
                    .subscriberErrorHandler(Clients::report));
        } catch (RuntimeException e) {
            throw new SluiceException("no media driver answers: " + e.getMessage(), 0, driver.toString(),
                    "Start one with this directory, or leave aeron.dir out for an embedded one", e);
        }
    }

    private static synchronized void releaseClient(Client client) {
        if (--client.users == 0) {
            CLIENTS.remove(client.driver, client);
            client.forget(client.onNews);
            client.sleep.wake();
            client.aeron().close();
            if (client.remote != null) {
                client.remote.close();
            }
        }
        if (client.embedded != null) {
            releaseEmbedded();
        }
    }

    private static void releaseEmbedded() {
        if (--embeddedUsers == 0) {
            embedded.close();
            embedded = null;
        }
    }

    static void report(Throwable e) {
        System.getLogger(Clients.class.getName()).log(System.Logger.Level.WARNING, "Aeron reports", e);
    }
}
