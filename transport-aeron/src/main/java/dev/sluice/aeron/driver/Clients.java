package dev.sluice.aeron.driver;

import dev.sluice.SluiceException;
import io.aeron.Aeron;
import org.agrona.concurrent.BackoffIdleStrategy;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The Aeron clients of this process, one for each media driver that it uses, and the driver embedded in it, shared by all its
 * transports: each goes with its last user. Any thread.
 */
public final class Clients {
    /** How long the client's thread sleeps: short while something goes on, such as a handshake, long when nothing does. */
    private static final long SHORTEST_IDLE_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LONGEST_IDLE_NS = TimeUnit.MILLISECONDS.toNanos(16);
    private static final long KEEP_ALIVE_NS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long LINGER_NS = TimeUnit.SECONDS.toNanos(1);
    private static final Map<Path, Client> CLIENTS = new HashMap<>();
    private static EmbeddedDriver embedded;
    private static int embeddedUsers;

    private Clients() {}

    /** A client in use. */
    public static final class Client {
        private final Aeron aeron;
        private final Path driver;
        private final boolean isEmbedded;
        private int users;

        private Client(Aeron aeron, Path driver, boolean isEmbedded) {
            this.aeron = aeron;
            this.driver = driver;
            this.isEmbedded = isEmbedded;
        }

        /** {@return the client} */
        public Aeron aeron() {
            return aeron;
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
            embedded = EmbeddedDriver.start(spin ? EmbeddedDriver.Idle.SPIN : EmbeddedDriver.Idle.PARK);
        }
        embeddedUsers++;
        boolean connected = false;
        try {
            Client client = use(embedded.directory(), true);
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
        return embedded != null && embedded.directory().equals(driver) ? embedded(false) : use(driver, false);
    }

    private static Client use(Path driver, boolean isEmbedded) throws SluiceException {
        Client client = CLIENTS.get(driver);
        if (client == null || client.aeron.isClosed()) {
            client = new Client(connect(driver), driver, isEmbedded);
            CLIENTS.put(driver, client);
        }
        client.users++;
        return client;
    }

    private static Aeron connect(Path driver) throws SluiceException {
        try {
            return Aeron.connect(new Aeron.Context().aeronDirectoryName(driver.toString())
                    .threadFactory(task -> EmbeddedDriver.thread("sluice-aeron-client", task))
                    .idleStrategy(new BackoffIdleStrategy(0, 0, SHORTEST_IDLE_NS, LONGEST_IDLE_NS))
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
            client.aeron.close();
        }
        if (client.isEmbedded) {
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
