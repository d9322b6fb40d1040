package dev.sluice.testkit.peer;

import dev.sluice.Connection;
import dev.sluice.MemoryRegion;
import dev.sluice.RemoteRegion;
import dev.sluice.Results;
import dev.sluice.SluiceFile;

/**
 * What the far role posts.
 *
 * <pre>
 * post c op ... cookie flags       -> result value
 *   op=write|read     r at m rat length
 *   op=immediate      r at m rat length imm     (r and m may be absent when length is 0)
 *   op=send|offer     r at length
 *   op=add            m rat delta
 *   op=cas            m rat expected update
 *   op=fromFile       f position length m rat
 *   op=toFile         m rat length f position
 * flood c count minBytes maxBytes seed by       posts while the poller runs; counters in stats
 * adds c m rat delta times                      atomic adds while the poller runs
 * </pre>
 */
final class PostCommands {

    private final Session session;

    PostCommands(Session session) {
        this.session = session;
        session.on("post", this::post);
        session.on("flood", this::flood);
        session.on("adds", this::adds);
    }

    static Fields result(long value) {
        return Fields.of("result", Results.name(value), "value", value);
    }

    private Fields post(Fields f) throws Exception {
        FarEnd end = session.get(f, "c", FarEnd.class);
        Connection c = end.connection();
        long cookie = f.number("cookie", 0);
        int flags = (int) f.number("flags", 0);
        return result(end.call(() -> switch (f.text("op")) {
            case "write" -> c.write(local(f), at(f), remote(f), rat(f), length(f), cookie, flags);
            case "read" -> c.read(local(f), at(f), remote(f), rat(f), length(f), cookie, flags);
            case "immediate" -> c.writeWithImmediate(local(f), at(f), remote(f), rat(f), length(f),
                    (int) f.number("imm"), cookie, flags);
            case "send" -> c.send(local(f), at(f), (int) length(f), cookie, flags);
            case "offer" -> c.offer(local(f).segment(), at(f), (int) length(f));
            case "add" -> c.fetchAndAdd(remote(f), rat(f), f.number("delta"), cookie, flags);
            case "cas" -> c.compareAndSwap(remote(f), rat(f), f.number("expected"), f.number("update"), cookie, flags);
            case "fromFile" -> c.writeFromFile(file(f), f.number("position"), length(f), remote(f), rat(f), cookie,
                    flags);
            case "toFile" -> c.readToFile(remote(f), rat(f), length(f), file(f), f.number("position"), cookie, flags);
            default -> throw new IllegalArgumentException("no operation '" + f.text("op") + "'");
        }));
    }

    private Fields flood(Fields f) throws Exception {
        FarEnd end = session.get(f, "c", FarEnd.class);
        return end.call(() -> {
            Flood flood = new Flood(end.connection(), f.number("count"), (int) f.number("minBytes"),
                    (int) f.number("maxBytes", f.number("minBytes")), f.number("seed"),
                    Flood.By.valueOf(f.text("by", "OFFER")));
            end.link().add(flood);
            return new Fields();
        });
    }

    private Fields adds(Fields f) throws Exception {
        FarEnd end = session.get(f, "c", FarEnd.class);
        return end.call(() -> {
            end.link().add(new Adds(end.connection(), remote(f), rat(f), f.number("delta"), f.number("times")));
            return new Fields();
        });
    }

    private MemoryRegion local(Fields f) {
        return f.has("r") ? session.get(f, "r", MemoryRegion.class) : null;
    }

    private RemoteRegion remote(Fields f) {
        return f.has("m") ? session.get(f, "m", RemoteRegion.class) : null;
    }

    private SluiceFile file(Fields f) {
        return session.get(f, "f", SluiceFile.class);
    }

    private static long at(Fields f) {
        return f.number("at", 0);
    }

    private static long rat(Fields f) {
        return f.number("rat", 0);
    }

    private static long length(Fields f) {
        return f.number("length", 0);
    }
}
