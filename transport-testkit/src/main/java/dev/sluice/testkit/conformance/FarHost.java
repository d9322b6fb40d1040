package dev.sluice.testkit.conformance;

import dev.sluice.spi.SluiceUri;
import dev.sluice.testkit.Subject;
import dev.sluice.testkit.peer.FarProcess;
import dev.sluice.testkit.peer.PeerMain;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;

/** Finds or starts the far role; one in this process and one second process serve a whole run. */
final class FarHost {

    private static final String RUNNING = System.getProperty("sluice.test.far", "");

    private static InetSocketAddress inThread;
    private static FarProcess process;

    private FarHost() {}

    static synchronized InetSocketAddress address(Subject.Placement placement) throws IOException {
        if (!RUNNING.isEmpty()) {
            return PeerMain.address(RUNNING);
        }
        return placement == Subject.Placement.IN_PROCESS ? inThread() : process().address();
    }

    /** What a far role listens on: a place of its own host when it is the one that runs already, wherever that is. */
    static URI listen(Subject subject, InetSocketAddress far) {
        return listen(subject, far, RUNNING);
    }

    static URI listen(Subject subject, InetSocketAddress far, String running) {
        SluiceUri uri = SluiceUri.parse(subject.listen());
        return running.isEmpty() || uri.port() == SluiceUri.NO_PORT || !far.equals(PeerMain.address(running))
                ? subject.listen()
                : SluiceUri.of(uri.scheme(), far.getHostString(), uri.port());
    }

    /** Standard error of the second process, or empty. */
    static synchronized String errors() {
        return process == null ? "" : process.errors();
    }

    private static InetSocketAddress inThread() throws IOException {
        if (inThread == null) {
            inThread = PeerMain.startInThread();
        }
        return inThread;
    }

    private static FarProcess process() throws IOException {
        if (process == null || !process.isAlive()) {
            process = FarProcess.start();
        }
        return process;
    }
}
