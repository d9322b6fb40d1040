package dev.sluice.aeron.conn;

import dev.sluice.SluiceException;
import dev.sluice.aeron.data.DriverThread;
import dev.sluice.aeron.data.Streams;
import dev.sluice.aeron.driver.Clients.Client;
import io.aeron.ExclusivePublication;
import io.aeron.Image;
import io.aeron.Subscription;
import io.aeron.exceptions.AeronException;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/** The four streams of a connection, on one client, which it uses until it is closed. Built by one thread. */
final class Wiring implements Streams {
    private final Client client;
    private final AtomicBoolean closed = new AtomicBoolean();
    private Subscription controlFrom;
    private Subscription dataFrom;
    private ExclusivePublication controlTo;
    private ExclusivePublication dataTo;
    private int controlSession;
    private int dataSession;
    private Image controlImage;
    private Image dataImage;
    private boolean controlReached;
    private boolean dataReached;

    /**
     * No streams yet.
     *
     * @param client in use, by this from now on
     */
    Wiring(Client client) {
        this.client = client;
    }

    /** Listens to two sessions of the peer. */
    void listen(String endpoint, int controlStream, int itsControlSession, int dataStream, int itsDataSession)
            throws SluiceException {
        controlSession = itsControlSession;
        dataSession = itsDataSession;
        try {
            controlFrom = client.aeron().addSubscription(Channels.in(endpoint, controlSession), controlStream);
            dataFrom = client.aeron().addSubscription(Channels.in(endpoint, dataSession), dataStream);
        } catch (AeronException e) {
            throw failure(e, endpoint);
        }
    }

    /** Opens the two streams to the peer. */
    void speak(Channels channels, String endpoint, int controlStream, int ownControlSession, int dataStream,
            int ownDataSession) throws SluiceException {
        try {
            controlTo = client.aeron().addExclusivePublication(Channels.controlOut(endpoint, ownControlSession),
                    controlStream);
            dataTo = client.aeron().addExclusivePublication(channels.dataOut(endpoint, ownDataSession), dataStream);
        } catch (AeronException e) {
            throw failure(e, endpoint);
        }
    }

    static SluiceException failure(AeronException e, String endpoint) {
        return new SluiceException("Aeron refuses a stream: " + e.getMessage(), 0, endpoint,
                "Does the media driver run, and is there room in its directory?", e);
    }

    /** The peer's streams will soon be gone, of which a driver in another process does not tell. */
    void peerLost() {
        client.stir();
    }

    /** Whether the peer's stream of control has come. */
    boolean hearsControl() {
        if (controlImage == null) {
            controlImage = controlFrom.imageBySessionId(controlSession);
        }
        return controlImage != null;
    }

    /** Whether all four streams have had their other ends; a peer may have closed them again already. */
    boolean isWhole() {
        if (dataImage == null) {
            dataImage = dataFrom.imageBySessionId(dataSession);
        }
        controlReached |= controlTo.isConnected();
        dataReached |= dataTo.isConnected();
        return hearsControl() && dataImage != null && controlReached && dataReached;
    }

    Image controlIn() {
        return controlImage;
    }

    ExclusivePublication controlOut() {
        return controlTo;
    }

    @Override
    public ExclusivePublication dataOut() {
        return dataTo;
    }

    @Override
    public Image dataIn() {
        return dataImage;
    }

    @Override
    public DriverThread thread() {
        return client.thread();
    }

    @Override
    public Path driverDirectory() {
        return client.driver();
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        client.announce();
        close(dataTo);
        close(controlTo);
        close(dataFrom);
        close(controlFrom);
        client.release();
    }

    /** A client that closed itself has closed its streams, too. */
    private static void close(AutoCloseable stream) {
        try {
            if (stream != null) {
                stream.close();
            }
        } catch (Exception e) {
            System.getLogger(Wiring.class.getName()).log(System.Logger.Level.DEBUG, "stream not closed", e);
        }
    }
}
