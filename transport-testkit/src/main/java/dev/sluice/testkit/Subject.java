package dev.sluice.testkit;

import dev.sluice.testkit.peer.Settings;

import java.net.URI;
import java.util.Objects;

/** What the suite is run against: how to open the transport, where its far role listens, and where that role runs. Immutable. */
public final class Subject {

    /** Where the far role runs, unless {@code -Dsluice.test.far=host:port} names one that runs already. */
    public enum Placement {
        /** In this process, in threads of its own. */
        IN_PROCESS,
        /** In a second process on this host. */
        SECOND_PROCESS
    }

    private final URI open;
    private final URI listen;
    private final Placement placement;
    private final Settings settings;

    private Subject(URI open, URI listen, Placement placement, Settings settings) {
        this.open = Objects.requireNonNull(open, "open");
        this.listen = Objects.requireNonNull(listen, "listen");
        this.placement = placement;
        this.settings = settings;
    }

    /**
     * A transport, with the far role in this process.
     *
     * @param open what both roles open
     * @param listen what the far role listens on; each listener of a run must get a place of its own, as port 0 gives it
     * @return the subject
     */
    public static Subject of(String open, String listen) {
        return new Subject(URI.create(open), URI.create(listen), Placement.IN_PROCESS, Settings.none());
    }

    /**
     * The same, with the far role in a second process.
     *
     * @return a new subject
     */
    public Subject inTwoProcesses() {
        return new Subject(open, listen, Placement.SECOND_PROCESS, settings);
    }

    /**
     * The same, with both transports opened with these options.
     *
     * @param more the options
     * @return a new subject
     */
    public Subject with(Settings more) {
        return new Subject(open, listen, placement, settings.with(more));
    }

    /**
     * What both roles open.
     *
     * @return the address
     */
    public URI open() {
        return open;
    }

    /**
     * What the far role listens on.
     *
     * @return the address
     */
    public URI listen() {
        return listen;
    }

    /**
     * Where the far role runs.
     *
     * @return the place
     */
    public Placement placement() {
        return placement;
    }

    /**
     * What both transports are opened with.
     *
     * @return the options
     */
    public Settings settings() {
        return settings;
    }

    @Override
    public String toString() {
        return open + " " + placement + " " + settings;
    }
}
