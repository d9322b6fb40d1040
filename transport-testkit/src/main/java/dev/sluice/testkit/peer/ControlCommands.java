package dev.sluice.testkit.peer;

import dev.sluice.Connection;
import dev.sluice.MemoryRegion;
import dev.sluice.Options;
import dev.sluice.Sluice;
import dev.sluice.Transport;

import java.net.URI;
import java.time.Duration;

/**
 * Transports, queues, listeners and connections of the far role.
 *
 * <pre>
 * open uri o.*                     -> t          open a transport
 * queue t o.*                      -> q          a queue with its poller, polling
 * poll q on spin awaitMs                         polling on or off (alive but silent)
 * listen t uri o.*                 -> l address  listen, answering nobody yet
 * accepting l q o.*                              accept whoever comes
 * rejecting l code reason                        refuse whoever comes
 * accepted l limitMs               -> c peer metadata error
 * connect t q uri o.*              -> c
 * handle c verify=SEED reply=offer abortTimes throwAt closeAt memory=r check=SEED overwrite=SEED
 *                                                how a connection behaves at a message or immediate; with memory, that
 *                                                region must then hold the pattern check+n, and becomes overwrite+n
 * handle q ...                                   the same, without memory, for connections not known yet
 * stats c                          -> counters   see FarLink
 * until c key atLeast limitMs      -> stats      wait until a counter has grown
 * shutdown c                       -> result
 * forget c                                       keep nothing of a connection that has ended, not even its name
 * close what [thread=poller]                     any named object
 * failure q                        -> text       what the poller caught first, unless it was planned
 * </pre>
 */
final class ControlCommands {

    private final Session session;

    ControlCommands(Session session) {
        this.session = session;
        session.on("open", this::open);
        session.on("queue", this::queue);
        session.on("poll", this::poll);
        session.on("listen", this::listen);
        session.on("accepting", this::accepting);
        session.on("rejecting", this::rejecting);
        session.on("accepted", this::accepted);
        session.on("connect", this::connect);
        session.on("handle", this::handle);
        session.on("stats", f -> stats(session.get(f, "c", FarEnd.class)));
        session.on("until", this::until);
        session.on("shutdown", f -> {
            FarEnd end = session.get(f, "c", FarEnd.class);
            return PostCommands.result(end.call(end.connection()::shutdownOutput));
        });
        session.on("close", this::close);
        session.on("forget", this::forget);
        session.on("failure", f -> Fields.of("text", session.get(f, "q", FarPoller.class).failure()));
    }

    private Fields open(Fields f) throws Exception {
        URI uri = URI.create(f.text("uri"));
        Transport transport = Sluice.open(uri, Settings.read(f, uri.getScheme()));
        return Fields.of("t", session.name("t", transport), "scheme", transport.scheme());
    }

    private Fields queue(Fields f) throws Exception {
        Transport transport = session.get(f, "t", Transport.class);
        FarPoller poller = new FarPoller(transport.newQueue(Settings.read(f, transport.scheme())));
        poller.start();
        return Fields.of("q", session.name("q", poller));
    }

    private Fields poll(Fields f) throws Exception {
        session.get(f, "q", FarPoller.class).configure(f);
        return new Fields();
    }

    private Fields listen(Fields f) throws Exception {
        Transport transport = session.get(f, "t", Transport.class);
        FarAcceptor acceptor = new FarAcceptor(
                transport.listen(URI.create(f.text("uri")), Settings.read(f, transport.scheme())));
        return Fields.of("l", session.name("l", acceptor), "address", acceptor.listener().address());
    }

    private Fields accepting(Fields f) {
        FarPoller poller = session.get(f, "q", FarPoller.class);
        Options options = Settings.read(f, f.text("scheme"));
        session.get(f, "l", FarAcceptor.class).accept(poller, options);
        return new Fields();
    }

    private Fields rejecting(Fields f) {
        session.get(f, "l", FarAcceptor.class).reject(f);
        return new Fields();
    }

    private Fields accepted(Fields f) throws Exception {
        FarAcceptor.Answered answer = session.get(f, "l", FarAcceptor.class)
                .next(Duration.ofMillis(f.number("limitMs", Tuning.seconds(10).toMillis())));
        Fields reply = Fields.of("peer", answer.peer(), "metadata", answer.metadata(), "error", answer.error());
        if (answer.connection() != null) {
            reply.put("c", session.name("c", new FarEnd(answer.connection(), answer.poller())));
        }
        return reply;
    }

    private Fields connect(Fields f) throws Exception {
        Transport transport = session.get(f, "t", Transport.class);
        FarPoller poller = session.get(f, "q", FarPoller.class);
        Connection connection = transport.connect(URI.create(f.text("uri")), poller.queue(),
                Settings.read(f, transport.scheme()));
        return Fields.of("c", session.name("c", new FarEnd(connection, poller)));
    }

    private Fields handle(Fields f) throws Exception {
        if (f.has("q")) {
            session.get(f, "q", FarPoller.class).behaveByDefault(f);
            return new Fields();
        }
        FarEnd end = session.get(f, "c", FarEnd.class);
        return end.call(() -> {
            end.link().behave(f, f.has("memory") ? session.get(f, "memory", MemoryRegion.class) : null);
            return new Fields();
        });
    }

    private static Fields stats(FarEnd end) throws Exception {
        return end.call(() -> end.link().stats()).put("failure", end.poller().failure());
    }

    private Fields until(Fields f) throws Exception {
        FarEnd end = session.get(f, "c", FarEnd.class);
        long deadline = System.nanoTime() + Duration.ofMillis(f.number("limitMs")).toNanos();
        while (true) {
            Fields now = stats(end);
            if (now.number(f.text("key"), 0) >= f.number("atLeast")) {
                return now;
            }
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException(
                        f.text("key") + " did not reach " + f.text("atLeast") + "; now: " + now);
            }
            Thread.onSpinWait();
        }
    }

    private Fields forget(Fields f) {
        FarEnd end = session.get(f, "c", FarEnd.class);
        end.poller().forget(end.connection());
        session.forgetName(f.text("c"));
        return new Fields();
    }

    private Fields close(Fields f) throws Exception {
        AutoCloseable object = session.get(f, "what", AutoCloseable.class);
        if (f.has("thread")) {
            session.get(f, "thread", FarPoller.class).call(() -> {
                object.close();
                return null;
            });
        } else {
            object.close();
        }
        return new Fields();
    }
}
