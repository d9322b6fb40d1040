package dev.sluice.rdma.conn;

import dev.sluice.SluiceException;
import dev.sluice.internal.control.ControlLoop;
import dev.sluice.internal.control.Failure;
import dev.sluice.internal.control.Handover;
import dev.sluice.internal.control.Watched;
import dev.sluice.internal.linux.Epoll;
import dev.sluice.rdma.data.Reaper;
import dev.sluice.rdma.internal.ffm.CmConstants;
import dev.sluice.rdma.internal.ffm.FfmCmEvent;
import dev.sluice.rdma.internal.ffm.FfmCmId;
import dev.sluice.rdma.internal.ffm.FfmEventChannel;

import java.io.IOException;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;

/** The events of the connection manager, given to whoever owns the id. Control thread, but for {@link #open}. */
final class CmChannel extends Watched {
    private static final Duration OPEN_LIMIT = Duration.ofSeconds(5);
    private static final int MAX_EVENTS_PER_TURN = 64;

    private final ControlLoop loop;
    private final FfmEventChannel channel;
    private final Reaper reaper;
    private final IdentityHashMap<FfmCmId, CmOwner> owners = new IdentityHashMap<>();

    private CmChannel(ControlLoop loop, FfmEventChannel channel, Reaper reaper) {
        super(channel.getFd());
        this.loop = loop;
        this.channel = channel;
        this.reaper = reaper;
    }

    /** Has the loop watch a channel. Any thread. */
    static CmChannel open(ControlLoop loop, FfmEventChannel channel, Reaper reaper) throws SluiceException {
        CmChannel made = new CmChannel(loop, channel, reaper);
        Handover<CmChannel> result = new Handover<>(late -> loop.unwatch(late));
        loop.execute(() -> {
            int watched = loop.watch(made, Epoll.EPOLLIN);
            if (watched < 0) {
                result.fail(
                        Failure.ofErrno("the events of the connection manager cannot be watched", -watched, "", ""));
            } else {
                result.offer(made);
            }
        });
        return result.await(OPEN_LIMIT, "opening", "the connection manager");
    }

    ControlLoop loop() {
        return loop;
    }

    FfmCmId newId(CmOwner owner) throws IOException {
        FfmCmId id = channel.createId();
        owners.put(id, owner);
        return id;
    }

    /** Somebody else is told from now on. */
    void own(FfmCmId id, CmOwner owner) {
        owners.put(id, owner);
    }

    /** Nobody is told any more. */
    void disown(FfmCmId id) {
        owners.remove(id);
    }

    /** Ends an id that no endpoint has. */
    void destroy(FfmCmId id) {
        owners.remove(id);
        reaper.submit(() -> destroyNow(id));
    }

    private static void destroyNow(FfmCmId id) throws SluiceException {
        try {
            id.destroyId();
        } catch (SluiceException e) {
            throw e;
        } catch (IOException e) {
            throw new SluiceException("an id cannot be destroyed: " + e.getMessage(), 0, id.toString(), "", e);
        }
    }

    @Override
    public void ready(int events) {
        try {
            for (int i = 0; i < MAX_EVENTS_PER_TURN; i++) {
                Optional<FfmCmEvent> event = channel.nextEvent(0);
                if (event.isEmpty()) {
                    return;
                }
                dispatch(event.get());
            }
        } catch (IOException e) {
            abandon("the connection manager fails: " + e.getMessage());
        }
    }

    private void dispatch(FfmCmEvent event) {
        boolean isRequest = event.type() == CmConstants.RDMA_CM_EVENT_CONNECT_REQUEST;
        Optional<FfmCmId> about = isRequest ? event.listener() : event.id();
        CmOwner owner = about.map(owners::get).orElse(null);
        if (owner != null) {
            owner.event(event);
        } else if (isRequest) {
            // The listener has just been closed; destroying refuses.
            event.id().ifPresent(this::destroy);
        }
    }

    @Override
    public void expired(long dueNs) {
        throw new AssertionError("has no deadline");
    }

    @Override
    public void abandon(String why) {
        // The descriptor is the library's to close.
        loop.unwatch(this);
        for (CmOwner owner : List.copyOf(owners.values())) {
            owner.abandon(why);
        }
        owners.clear();
    }
}
