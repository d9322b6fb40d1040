package dev.sluice.driver;

import dev.sluice.CompletionQueue;
import dev.sluice.Connection;
import dev.sluice.ConnectionRequest;
import dev.sluice.Listener;
import dev.sluice.Options;
import dev.sluice.SluiceException;
import dev.sluice.StandardOptions;
import dev.sluice.Transport;
import dev.sluice.spi.SluiceUri;

import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * One queue, and one daemon thread that polls it, for connections whose users wait: with futures ({@link AsyncConnection})
 * or blocking ({@link BlockingConnection}). All methods are for any thread, virtual ones too.
 *
 * <pre>{@code
 * try (Transport tcp = Sluice.open(URI.create("tcp:///"), Options.none());
 *         Driver driver = Driver.start(tcp, Options.none());
 *         BlockingConnection peer = driver.connect(URI.create("tcp://host:7171"), Options.none()).blocking()) {
 *     peer.offer(question);
 *     answer = peer.receive();
 * }
 * }</pre>
 */
public final class Driver implements AutoCloseable {

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final Transport transport;
    private final CompletionQueue queue;
    private final OffPoller executor;
    private final Mailbox mailbox;
    private final Channels channels;
    private final Poller poller;
    private final Thread thread;

    private Driver(Transport transport, Options options, Executor executor) throws SluiceException {
        this.transport = transport;
        this.executor = new OffPoller(executor);
        queue = transport.newQueue(options.without(DriverOptions.all()));
        mailbox = new Mailbox(this::wakeup);
        channels = new Channels(options, this.executor, mailbox::signal);
        poller = new Poller(queue, mailbox, channels);
        thread = Thread.ofPlatform().daemon().name("sluice-driver-" + NUMBER.incrementAndGet()).unstarted(poller);
        this.executor.keepOff(thread);
    }

    /**
     * Starts a driver whose futures complete on virtual threads, one each: what hangs on a future may block.
     *
     * @param transport whose connections it will drive
     * @param options {@link DriverOptions} and those of {@link Transport#newQueue}
     * @return the driver
     * @throws SluiceException when the queue cannot be made
     */
    public static Driver start(Transport transport, Options options) throws SluiceException {
        return start(transport, options, Thread::startVirtualThread);
    }

    /**
     * Starts a driver.
     *
     * @param transport whose connections it will drive
     * @param options {@link DriverOptions} and those of {@link Transport#newQueue}
     * @param executor completes the futures. One that runs tasks in the thread that hands them over, or that refuses one,
     *        is replaced by a virtual thread for that task: no future ever completes on the polling thread
     * @return the driver
     * @throws SluiceException when the queue cannot be made
     * @throws IllegalArgumentException when an option makes no sense
     */
    public static Driver start(Transport transport, Options options, Executor executor) throws SluiceException {
        if (options.get(DriverOptions.PENDING_OPERATIONS) < 1 || options.get(DriverOptions.RECEIVE_BUFFER_BYTES) < 0) {
            throw new IllegalArgumentException(DriverOptions.PENDING_OPERATIONS + " must be at least 1 and "
                    + DriverOptions.RECEIVE_BUFFER_BYTES + " at least 0 in " + options);
        }
        Driver driver = new Driver(transport, options, executor);
        driver.thread.start();
        return driver;
    }

    /**
     * The transport of all its connections.
     *
     * @return the transport
     */
    public Transport transport() {
        return transport;
    }

    /**
     * Connects, and waits until the connection is ready. Bounded by {@link StandardOptions#CONNECT_TIMEOUT}, for either.
     *
     * @param peer the listener's address
     * @param options of the connection
     * @return the connection
     * @throws SluiceException as {@link Transport#connect}, or when this driver has ended
     * @throws InterruptedException when interrupted while the connection became ready; it is closed then
     */
    public AsyncConnection connect(URI peer, Options options) throws SluiceException, InterruptedException {
        requireRunning();
        Duration operationTimeout = operationTimeout(peer, options);
        return ready(made(() -> transport.connect(peer, queue, options)), options, operationTimeout);
    }

    /**
     * Waits for a request, accepts it, and waits until the connection is ready.
     *
     * @param listener of the same transport
     * @param limit the longest wait for a request
     * @param options of the connection
     * @return the connection, or empty when nobody asked in time
     * @throws SluiceException as {@link Listener#accept} and {@link ConnectionRequest#accept}, or when this driver has ended
     * @throws InterruptedException when interrupted; a connection on its way is closed then
     */
    public Optional<AsyncConnection> accept(Listener listener, Duration limit, Options options)
            throws SluiceException, InterruptedException {
        requireRunning();
        Optional<ConnectionRequest> request = listener.accept(limit);
        return request.isEmpty() ? Optional.empty() : Optional.of(accept(request.get(), options));
    }

    /**
     * Accepts a request, and waits until the connection is ready.
     *
     * @param request the request
     * @param options of the connection
     * @return the connection
     * @throws SluiceException as {@link ConnectionRequest#accept}, or when this driver has ended
     * @throws InterruptedException when interrupted while the connection became ready; it is closed then
     */
    public AsyncConnection accept(ConnectionRequest request, Options options)
            throws SluiceException, InterruptedException {
        requireRunning();
        return ready(made(() -> request.accept(queue, options)), options,
                options.get(StandardOptions.OPERATION_TIMEOUT));
    }

    /**
     * Ends all its connections, their futures and the thread. Idempotent; bounded. What was accepted and has not completed
     * fails as {@link dev.sluice.Status#FLUSHED}; all memory is free on return.
     *
     * @throws IllegalStateException when the polling thread does not end in time; says where it hangs
     */
    @Override
    public void close() {
        poller.stop();
        boolean interrupted = false;
        long end = System.nanoTime() + Waits.TURN.toNanos();
        while (thread.isAlive() && System.nanoTime() < end) {
            try {
                thread.join(Duration.ofNanos(Math.max(end - System.nanoTime(), 1)));
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            throw new IllegalStateException(this + " did not end within " + Waits.TURN + "; it is at "
                    + Arrays.toString(thread.getStackTrace()));
        }
    }

    @Override
    public String toString() {
        return thread.getName();
    }

    private void wakeup() {
        queue.wakeup();
        LockSupport.unpark(thread);
    }

    private void requireRunning() throws SluiceException {
        if (poller.hasEnded()) {
            throw ended(mailbox.closedBecause());
        }
    }

    private SluiceException ended(Throwable why) {
        return new SluiceException(this + " has ended", 0, "", "Start another driver", why);
    }

    /** A close, of this driver or of its transport underneath, may come before our thread has noticed, or just now. */
    private Connection made(Call.Body<Connection> call) throws SluiceException {
        try {
            return call.call();
        } catch (IllegalStateException | IllegalArgumentException e) {
            if (poller.hasEnded() || queue.isClosed()) {
                throw ended(e);
            }
            throw e;
        }
    }

    private AsyncConnection ready(Connection connection, Options options, Duration operationTimeout)
            throws SluiceException, InterruptedException {
        Channel channel = channels.of(connection);
        Duration limit = options.get(StandardOptions.CONNECT_TIMEOUT);
        boolean ready = false;
        try {
            Waits.await(channel.connected(), Waits.nanos(limit),
                    () -> new WaitTimeoutException("connect", limit, channel.peer()));
            ready = true;
            DriverLink link = new DriverLink(mailbox, thread, operationTimeout);
            return new AsyncConnection(channel, link, executor, true);
        } finally {
            if (!ready) {
                connection.close();
            }
            channels.letGo(channel);
        }
    }

    /** What was said in code, else in the address, else the default. */
    private static Duration operationTimeout(URI peer, Options options) {
        return options.isSet(StandardOptions.OPERATION_TIMEOUT)
                ? options.get(StandardOptions.OPERATION_TIMEOUT)
                : SluiceUri.parse(peer).get(StandardOptions.OPERATION_TIMEOUT);
    }
}
