package dev.sluice.aeron;

import dev.sluice.Action;
import dev.sluice.CompletionHandler;
import dev.sluice.CompletionQueue;
import dev.sluice.Connection;
import dev.sluice.DisconnectReason;
import dev.sluice.Listener;
import dev.sluice.Options;
import dev.sluice.Sluice;
import dev.sluice.Status;
import dev.sluice.Transport;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * One end of an idle connection, as a process: its thread polls and sleeps in await. {@code listen ADDRESS} prints where it
 * listens and echoes; {@code dial ADDRESS} prints how long it took to connect, and does what standard input says:
 * {@code burst TIMES}, {@code wait SECONDS}, {@code ping TIMES}, {@code dial TIMES}.
 */
final class IdleEnd implements CompletionHandler {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final long LONGEST_AWAIT_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long QUIET_NS = TimeUnit.MILLISECONDS.toNanos(60);
    private static final int BYTES = 64;

    private final MemorySegment message = Arena.global().allocate(BYTES);
    private final boolean echoes;
    private long heard;
    private boolean connected;

    private IdleEnd(boolean echoes) {
        this.echoes = echoes;
    }

    /** Runs until standard input ends. */
    public static void main(String... args) throws Exception {
        URI address = URI.create(args[1]);
        try (Transport transport = Sluice.open(address, Options.none())) {
            CompletionQueue queue = transport.newQueue(Options.none());
            if (args[0].equals("listen")) {
                listen(transport, address, queue);
            } else {
                new IdleEnd(false).dial(transport, address, queue);
            }
            queue.close();
        }
    }

    private static void listen(Transport transport, URI address, CompletionQueue queue) throws Exception {
        Listener listener = transport.listen(address, Options.none());
        Thread.ofPlatform().daemon().start(() -> acceptAll(listener, queue));
        System.out.println(listener.address());
        IdleEnd end = new IdleEnd(true);
        Thread.ofPlatform().daemon().name("poller").start(() -> end.rest(queue, Long.MAX_VALUE));
        System.in.transferTo(OutputStream.nullOutputStream());
    }

    private static void acceptAll(Listener listener, CompletionQueue queue) {
        try {
            while (true) {
                var request = listener.accept(LIMIT);
                if (request.isPresent()) {
                    request.get().accept(queue, Options.none());
                }
            }
        } catch (Exception e) {
            System.err.println("no longer accepting: " + e);
        }
    }

    private void dial(Transport transport, URI address, CompletionQueue queue) throws Exception {
        Connection connection = connect(transport, address, queue);
        System.out.println("connected");
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            int space = line.indexOf(' ');
            int number = Integer.parseInt(line.substring(space + 1));
            switch (line.substring(0, space)) {
                case "wait" -> rest(queue, System.nanoTime() + TimeUnit.SECONDS.toNanos(number));
                case "burst" -> report("round trip", ping(connection, queue, number, 0));
                case "ping" -> report("first round trip after quiet", ping(connection, queue, number, QUIET_NS));
                default -> report("connecting after quiet", dialAgain(transport, address, queue, number));
            }
            System.out.println("done " + line);
        }
    }

    private Connection connect(Transport transport, URI address, CompletionQueue queue) throws Exception {
        connected = false;
        Connection connection = transport.connect(address, queue, Options.none());
        while (!connected) {
            poll(queue);
        }
        return connection;
    }

    private long[] dialAgain(Transport transport, URI address, CompletionQueue queue, int times) throws Exception {
        long[] took = new long[times];
        for (int i = 0; i < times; i++) {
            rest(queue, System.nanoTime() + 300_000_000L);
            long from = System.nanoTime();
            Connection connection = transport.connect(address, queue, Options.none());
            took[i] = System.nanoTime() - from;
            connection.close();
        }
        return took;
    }

    private long[] ping(Connection connection, CompletionQueue queue, int times, long quietNs) {
        long[] took = new long[times];
        for (int i = 0; i < times; i++) {
            rest(queue, System.nanoTime() + quietNs + (long) (Math.random() * quietNs / 2));
            long next = heard + 1;
            long from = System.nanoTime();
            if (connection.offer(message, 0, BYTES) < 0) {
                throw new IllegalStateException("no space in an idle connection");
            }
            while (heard < next) {
                poll(queue);
            }
            took[i] = System.nanoTime() - from;
        }
        return took;
    }

    private static void report(String what, long[] took) {
        Arrays.sort(took);
        System.out.println(String.format(Locale.ROOT, "%s: median %.2f, longest %.2f ms, %d times", what,
                took[took.length / 2] / 1e6, took[took.length - 1] / 1e6, took.length));
    }

    private void rest(CompletionQueue queue, long untilNs) {
        for (long leftNs = untilNs - System.nanoTime(); leftNs > 0; leftNs = untilNs - System.nanoTime()) {
            poll(queue, leftNs);
        }
    }

    private void poll(CompletionQueue queue) {
        poll(queue, LONGEST_AWAIT_NS);
    }

    private void poll(CompletionQueue queue, long mostNs) {
        if (queue.poll(this, 64) == 0) {
            queue.await(Math.min(mostNs, LONGEST_AWAIT_NS));
        }
    }

    @Override
    public Action onMessage(Connection c, MemorySegment base, long offset, int length) {
        heard++;
        return echoes && c.offer(base, offset, length) < 0 ? Action.ABORT : Action.CONTINUE;
    }

    @Override
    public void onCompletion(Connection c, long cookie, Status status, long result) {
        throw new AssertionError("nothing was posted that would complete");
    }

    @Override
    public Action onImmediate(Connection c, int immediate, long length) {
        return Action.CONTINUE;
    }

    @Override
    public void onConnect(Connection c) {
        connected = true;
    }

    @Override
    public void onDisconnect(Connection c, DisconnectReason reason) {}
}
