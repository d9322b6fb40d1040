package dev.sluice.testkit.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.BufferClaim;
import dev.sluice.Connection;
import dev.sluice.MemoryRegion;
import dev.sluice.Operation;
import dev.sluice.Right;
import dev.sluice.testkit.Subject;
import dev.sluice.testkit.conformance.Recorder.Kind;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** Line 16 of the contract: threads. */
@DisplayName("16 threads")
public abstract class ThreadTests extends Theme {

    private static final int BYTES = 4096;

    /**
     * The theme.
     *
     * @param subject what to test
     */
    protected ThreadTests(Subject subject) {
        super(subject);
    }

    @Test
    @DisplayName("16: posting from a second thread throws, and the connection lives")
    void shouldThrowAndLiveWhenASecondThreadPosts() throws Exception {
        assumeAssertions();
        Link link = rig().link();
        Connection near = link.near();
        MemoryRegion local = rig().memory(BYTES);
        BufferClaim claim = near.newClaim();
        Map<String, Callable<Object>> posts = new LinkedHashMap<>();
        posts.put("offer", () -> near.offer(MemorySegment.ofArray(new byte[8]), 0, 8));
        posts.put("claim", () -> near.tryClaim(8, claim));
        posts.put("flush", near::flush);
        posts.put("shutdownOutput", near::shutdownOutput);
        posts.put("grant", () -> near.grant(local, 0, 8, Set.of(Right.READ)));
        addOneSided(posts, link, local);
        for (Map.Entry<String, Callable<Object>> post : posts.entrySet()) {
            assertRefused(post.getKey(), post.getValue());
        }
        link.post("claim", () -> near.tryClaim(8, claim));
        assertRefused("commit", claim::commit);
        assertRefused("abort", () -> {
            claim.abort();
            return null;
        });
        assertTrue(claim.isOpen());
        claim.abort();
        assertEquals(0, near.diagnostics().sentPosition());
        assertEquals(0, near.diagnostics().outstandingOperations());
        link.proveAlive();
        assertEquals(1, link.farCount("messages"));
        local.close();
    }

    @Test
    @DisplayName("16: polling and waiting on a second thread throws, and the queue goes on working")
    void shouldThrowAndLiveWhenASecondThreadPolls() throws Exception {
        assumeAssertions();
        Link link = rig().link();
        assertRefused("poll", () -> rig().queue().poll(rig().recorder(), 1));
        assertRefused("await", () -> rig().queue().await(0));
        link.proveAlive();
    }

    @Test
    @DisplayName("16: what may be called from elsewhere works there")
    void shouldAnswerWhenGettersAreCalledFromAnotherThread() throws Exception {
        Link link = rig().link();
        Connection near = link.near();
        link.proveAlive();
        elsewhere(() -> {
            assertTrue(near.id() != 0 && near.queue() == rig().queue() && near.transport() == rig().transport());
            assertEquals(rig().scheme(), near.peer().getScheme());
            assertEquals(1, near.diagnostics().sentPosition());
            assertEquals(1, near.diagnostics().receivedPosition());
            assertEquals("", near.diagnostics().endedBecause());
            assertTrue(near.limits().maxMessageBytes() > 0);
            rig().queue().wakeup();
            try (MemoryRegion region = rig().memory(BYTES)) {
                return region.slice(1, 2).lengthBytes();
            }
        });
        assertTrue(rig().queue().await(TimeUnit.SECONDS.toNanos(1)), "the wake-up of the other thread");
        link.proveAlive();
    }

    @Test
    @DisplayName("16, 14: close from another thread ends the connection; its events still arrive at the poller")
    void shouldEndWhenAnotherThreadCloses() throws Exception {
        Link link = rig().link();
        Thread poller = Thread.currentThread();
        rig().recorder().atEach(() -> assertEquals(poller, Thread.currentThread()));
        elsewhere(() -> {
            link.near().close();
            return null;
        });
        rig().pumpUntil("onDisconnect", () -> rig().recorder().count(Kind.DISCONNECT, link.near()) == 1);
        link.farUntil("disconnects", 1);
    }

    private void addOneSided(Map<String, Callable<Object>> posts, Link link, MemoryRegion local) throws IOException {
        Connection near = link.near();
        FarMemory far = link.farMemory(BYTES, Right.values());
        if (rig().capabilities().supports(Operation.SEND)) {
            posts.put("send", () -> near.send(local, 0, 8, 1, 0));
        }
        if (rig().capabilities().supports(Operation.WRITE)) {
            posts.put("write", () -> near.write(local, 0, far.remote(), 0, 8, 1, 0));
        }
        if (rig().capabilities().supports(Operation.WRITE_WITH_IMMEDIATE)) {
            posts.put("immediate", () -> near.writeWithImmediate(null, 0, null, 0, 0, 1, 1, 0));
        }
        if (rig().capabilities().supports(Operation.READ)) {
            posts.put("read", () -> near.read(local, 0, far.remote(), 0, 8, 1, 0));
        }
        if (rig().capabilities().supports(Operation.FETCH_AND_ADD)) {
            posts.put("add", () -> near.fetchAndAdd(far.remote(), 0, 1, 1, 0));
        }
        if (rig().capabilities().supports(Operation.COMPARE_AND_SWAP)) {
            posts.put("swap", () -> near.compareAndSwap(far.remote(), 0, 0, 1, 1, 0));
        }
    }

    private static void assumeAssertions() {
        Assumptions.assumeTrue(Theme.class.desiredAssertionStatus(),
                "violations are detected with assertions on (-ea)");
    }

    private static void assertRefused(String what, Callable<Object> call) throws Exception {
        try {
            throw new AssertionError(what + " on a second thread answered " + elsewhere(call));
        } catch (ExecutionException e) {
            Throwable thrown = e.getCause();
            assertTrue(thrown instanceof IllegalStateException || thrown instanceof AssertionError,
                    () -> what + " threw " + thrown);
        }
    }

    private static <T> T elsewhere(Callable<T> call) throws Exception {
        FutureTask<T> task = new FutureTask<>(call);
        Thread.ofPlatform().daemon().name("elsewhere").start(task);
        return task.get(Rig.LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    }
}
