package dev.sluice.testkit.conformance;

import dev.sluice.Capabilities;
import dev.sluice.CompletionQueue;
import dev.sluice.Connection;
import dev.sluice.MemoryRegion;
import dev.sluice.Options;
import dev.sluice.Sluice;
import dev.sluice.SluiceException;
import dev.sluice.Transport;
import dev.sluice.testkit.Subject;
import dev.sluice.testkit.peer.Far;
import dev.sluice.testkit.peer.Fields;
import dev.sluice.testkit.peer.Job;
import dev.sluice.testkit.peer.Settings;
import dev.sluice.testkit.peer.Sink;
import dev.sluice.testkit.peer.Tuning;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * What one test works with: a transport and a queue of the near role, which the test's thread polls, and the same of the far
 * role, which a thread there polls. Nothing here sleeps: what waits does so in {@link CompletionQueue#await}.
 */
public final class Rig implements AutoCloseable {

    /** How long a test waits for what must happen. */
    public static final Duration LIMIT = Tuning.seconds(10);

    private static final long AWAIT_NS = 1_000_000;
    private static final int POLL_LIMIT = 64;

    private final Subject subject;
    private final Transport transport;
    private final CompletionQueue queue;
    private final Recorder recorder = new Recorder();
    private final Far far;
    private final URI farListens;
    private final String farTransport;
    private final String farQueue;
    private String farListener = "";
    private URI address;

    /**
     * Opens both roles.
     *
     * @param subject what to test
     * @param queueSettings for the queues of both roles
     * @throws IOException when one does not open
     */
    public Rig(Subject subject, Settings queueSettings) throws IOException {
        this(subject, queueSettings, FarHost.address(subject.placement()));
    }

    /**
     * Opens both roles, the far one where it runs already.
     *
     * @param subject what to test
     * @param queueSettings for the queues of both roles
     * @param farAddress where {@link dev.sluice.testkit.peer.PeerMain} listens
     * @throws IOException when one does not open
     */
    public Rig(Subject subject, Settings queueSettings, InetSocketAddress farAddress) throws IOException {
        this.subject = subject;
        far = new Far(farAddress);
        farListens = FarHost.listen(subject, farAddress);
        farTransport = far.call("open", Far.with(subject.settings()).put("uri", subject.open())).text("t");
        farQueue = newFarQueue(queueSettings);
        transport = Sluice.open(subject.open(), subject.settings().options(scheme()));
        queue = transport.newQueue(queueSettings.options(scheme()));
    }

    /**
     * The near transport.
     *
     * @return it
     */
    public Transport transport() {
        return transport;
    }

    /**
     * What the near transport can do.
     *
     * @return its capabilities
     */
    public Capabilities capabilities() {
        return transport.capabilities();
    }

    /**
     * The near queue; the test's thread owns it.
     *
     * @return it
     */
    public CompletionQueue queue() {
        return queue;
    }

    /**
     * The near handler.
     *
     * @return it
     */
    public Recorder recorder() {
        return recorder;
    }

    /**
     * The far role.
     *
     * @return its session
     */
    public Far far() {
        return far;
    }

    /**
     * The far transport's name.
     *
     * @return the name in the session
     */
    public String farTransport() {
        return farTransport;
    }

    /**
     * The far queue's name.
     *
     * @return the name in the session
     */
    public String farQueue() {
        return farQueue;
    }

    /**
     * The scheme under test.
     *
     * @return the scheme
     */
    public String scheme() {
        return subject.open().getScheme();
    }

    /**
     * Makes the far role poll, or be alive and silent.
     *
     * @param on whether to poll
     */
    public void farPolling(boolean on) {
        far.call("poll", "q", farQueue, "on", on);
    }

    /**
     * One more far queue, with a poller of its own.
     *
     * @param settings for the queue
     * @return its name
     */
    public String newFarQueue(Settings settings) {
        return far.call("queue", Far.with(settings).put("t", farTransport)).text("q");
    }

    /**
     * Where the far role listens; it begins to at the first call.
     *
     * @return an address to connect to
     */
    public URI farAddress() {
        if (address == null) {
            Fields made = far.call("listen", "t", farTransport, "uri", farListens);
            farListener = made.text("l");
            address = URI.create(made.text("address"));
        }
        return address;
    }

    /**
     * The far listener's name, after {@link #farAddress()}.
     *
     * @return the name in the session
     */
    public String farListener() {
        return farListener;
    }

    /**
     * A connection with default options, ready on both sides.
     *
     * @return the connection
     * @throws SluiceException when it fails
     */
    public Link link() throws SluiceException {
        return link(Settings.none());
    }

    /**
     * A connection, ready on both sides.
     *
     * @param both options of both ends
     * @return the connection
     * @throws SluiceException when it fails
     */
    public Link link(Settings both) throws SluiceException {
        Link link = connect(both, both);
        link.becomeReady();
        return link;
    }

    /**
     * A connection whose events nobody has polled yet on the near side.
     *
     * @param near options of the near end
     * @param farEnd options of the far end
     * @return the connection
     * @throws SluiceException when it fails
     */
    public Link connect(Settings near, Settings farEnd) throws SluiceException {
        return connectTo(farQueue, near, farEnd);
    }

    /**
     * The same, to a far queue of choice.
     *
     * @param onto its name
     * @param near options of the near end
     * @param farEnd options of the far end
     * @return the connection
     * @throws SluiceException when it fails
     */
    public Link connectTo(String onto, Settings near, Settings farEnd) throws SluiceException {
        URI to = farAddress();
        far.call("accepting", Far.with(farEnd).put("l", farListener).put("q", onto).put("scheme", scheme()));
        Connection connection = transport.connect(to, queue, near.options(scheme()));
        return new Link(this, connection, far.call("accepted", "l", farListener).text("c"));
    }

    /**
     * Near memory.
     *
     * @param bytes the length
     * @return a region that the end of the test closes
     * @throws SluiceException when it fails
     */
    public MemoryRegion memory(long bytes) throws SluiceException {
        return transport.allocate(bytes, Options.none());
    }

    /**
     * Lets a job work between the polls from now on.
     *
     * @param job the work
     * @param <J> its type
     * @return the job
     */
    public <J extends Job> J run(J job) {
        recorder.add(job);
        return job;
    }

    /**
     * Checks what arrives from now on against a stream of the far role.
     *
     * @param seed of the stream
     * @return the check
     */
    public Sink sinkFrom(long seed) {
        Sink sink = new Sink(seed);
        recorder.check(sink);
        return sink;
    }

    /**
     * Polls once, without waiting.
     *
     * @return the number of events
     */
    public int poll() {
        recorder.pump();
        return queue.poll(recorder, POLL_LIMIT);
    }

    /**
     * Polls until something is so, for at most {@link #LIMIT}.
     *
     * @param what it is, for the message
     * @param condition whether it is so
     * @throws AssertionError when it did not become so
     */
    public void pumpUntil(String what, BooleanSupplier condition) {
        pumpUntil(what, LIMIT, condition);
    }

    /**
     * Polls until something is so.
     *
     * @param what it is, for the message
     * @param limit the longest wait
     * @param condition whether it is so
     * @throws AssertionError when it did not become so
     */
    public void pumpUntil(String what, Duration limit, BooleanSupplier condition) {
        pollUntil(what, limit, condition, true);
    }

    private void pollUntil(String what, Duration limit, BooleanSupplier condition, boolean awaits) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            boolean worked = recorder.pump();
            worked |= queue.poll(recorder, POLL_LIMIT) > 0;
            if (System.nanoTime() - deadline > 0 && !condition.getAsBoolean()) {
                throw new AssertionError("not within " + limit + ": " + what + "; " + recorder.tail());
            }
            if (!worked && awaits) {
                queue.await(AWAIT_NS);
            }
        }
    }

    /**
     * Polls without ever waiting until something is so, for at most {@link #LIMIT}: a transport may take shortcuts then.
     *
     * @param what it is, for the message
     * @param condition whether it is so
     * @throws AssertionError when it did not become so
     */
    public void spinUntil(String what, BooleanSupplier condition) {
        pollUntil(what, LIMIT, condition, false);
    }

    /**
     * Polls for a time, whatever happens.
     *
     * @param time how long
     */
    public void pumpFor(Duration time) {
        long deadline = System.nanoTime() + time.toNanos();
        while (System.nanoTime() - deadline < 0) {
            if (poll() == 0) {
                queue.await(AWAIT_NS);
            }
        }
    }

    /**
     * What to show of a failed test.
     *
     * @return near events, far log
     */
    String report() {
        String log;
        try {
            log = far.call("log").text("text");
        } catch (RuntimeException e) {
            log = e.toString();
        }
        return "near: " + recorder.tail() + "\nfar log: " + log + "\nfar standard error: " + FarHost.errors();
    }

    /**
     * What the far poller caught that no test planned.
     *
     * @return the failure, or empty
     */
    String farFailure() {
        return far.call("failure", "q", farQueue).text("text");
    }

    /**
     * Forgets a far role that is dead.
     *
     * @throws IOException when the socket to it does not close
     */
    public void abandon() throws IOException {
        far.abandon();
    }

    @Override
    public void close() throws IOException {
        try {
            transport.close();
        } finally {
            far.close();
        }
    }
}
