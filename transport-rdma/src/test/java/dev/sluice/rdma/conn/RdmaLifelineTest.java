package dev.sluice.rdma.conn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.rdma.internal.ffm.StubFabric;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What counts as a sign of life, from a peer whose heartbeats do not come: five of our own fit into the detection time. */
final class RdmaLifelineTest {
    private static final String OPTIONS = "rdma:///?detectionTime=300ms";
    private static final Pattern HEARTBEATS = Pattern.compile("answered: (\\d+), then not answered: (\\d+)");
    private static final int DETECTION = 5;
    /** This machine may pause, and the peer then has its full time again. */
    private static final int PAUSES = 10;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"message", "credit"})
    void shouldTakeAPeerForAliveAsLongAsWhatItWritesArrives(String what) throws Exception {
        assertReportedOnceSilent(what, 4 * DETECTION, "CONTINUE");
    }

    @Test
    void shouldReportAPeerWhoseLastMessagesTheApplicationDoesNotTake() throws Exception {
        assertReportedOnceSilent("message", 2 * DETECTION, "ABORT");
    }

    /** What is posted to it completes all the same. */
    @Test
    void shouldTakeNoAcknowledgementOfTheDeviceForAPeerThatLives() throws Exception {
        assertReportedOnceSilent("nothing", 0, "CONTINUE");
    }

    private void assertReportedOnceSilent(String what, int answers, String handler) throws Exception {
        String said = StubFabric.run(folder, Map.of("STUB_ANSWER", what, "STUB_ANSWERS", Integer.toString(answers)),
                OneEndMain.class, OPTIONS, handler);

        assertThat(said).contains("ended: PEER_UNREACHABLE");
        Matcher heartbeats = HEARTBEATS.matcher(said);
        assertThat(heartbeats.find()).as(said).isTrue();
        assertThat(Integer.parseInt(heartbeats.group(1))).as(said).isEqualTo(answers);
        assertThat(Integer.parseInt(heartbeats.group(2))).as(said).isBetween(DETECTION - 1, PAUSES * DETECTION);
    }
}
