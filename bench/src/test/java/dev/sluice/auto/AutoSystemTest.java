package dev.sluice.auto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.Candidate;
import dev.sluice.Candidate.Verdict;
import dev.sluice.Explanation;
import dev.sluice.Options;
import dev.sluice.Sluice;
import dev.sluice.SluiceException;
import dev.sluice.Transport;
import dev.sluice.driver.BlockingConnection;
import dev.sluice.driver.Driver;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.net.URI;
import java.util.List;

/** The listener is a process of its own: of this user, of another one, and on another host as far as a network can tell. */
@Tag("slow")
@Timeout(180)
class AutoSystemTest {

    private static final List<String> AS_NOBODY = List.of("setpriv", "--reuid=65534", "--clear-groups");

    @Test
    void shouldTakeSharedMemoryOfAnotherProcess() throws Exception {
        try (ListenProcess far = ListenProcess.start(List.of(), "auto://127.0.0.1:0")) {
            assertThat(greeting(far.address())).isEqualTo("shm");
        }
    }

    @Test
    void shouldNotTakeSharedMemoryOfAnotherUser() throws Exception {
        assumeTrue(ListenProcess.canRun(AS_NOBODY), "needs root and setpriv, to start a process of another user");
        try (ListenProcess far = ListenProcess.start(AS_NOBODY, "auto://127.0.0.1:0")) {
            Explanation why = Sluice.explain(far.address(), Options.none());

            assertThat(shm(why).verdict()).isEqualTo(Verdict.DIAL_FAILED);
            assertThat(shm(why).reason()).contains("user 65534");
            assertThat(greeting(far.address())).isEqualTo("tcp");
        }
    }

    @Test
    void shouldNotTakeSharedMemoryOfAnotherHost() throws Exception {
        try (SecondHost host = SecondHost.make();
                ListenProcess far = ListenProcess.start(host.launcher(), "auto://" + host.address() + ":0")) {
            Explanation why = Sluice.explain(far.address(), Options.none());

            assertThat(shm(why).verdict()).isEqualTo(Verdict.DIAL_FAILED);
            assertThat(why.chosen()).map(Candidate::scheme).contains("tcp");
            assertThat(greeting(far.address())).isEqualTo("tcp");
        }
    }

    @Test
    void shouldBeReachedFromAnotherHostWhenItListensOnAllAddresses() throws Exception {
        try (SecondHost host = SecondHost.make();
                ListenProcess far = ListenProcess.start(host.launcher(), "auto://0.0.0.0:0")) {
            assertThat(greeting(URI.create("auto://" + host.address() + ":" + far.address().getPort())))
                    .isEqualTo("tcp");
        }
    }

    @Test
    void shouldSayThatNobodyIsThereWhenTheListenerWasKilled() throws Exception {
        URI address;
        try (ListenProcess far = ListenProcess.start(List.of(), "auto://127.0.0.1:0")) {
            address = far.address();
            far.kill();
        }
        assertThatThrownBy(() -> Sluice.open(address, Options.none())).isInstanceOf(SluiceException.class)
                .hasMessageContaining("cannot be reached");
    }

    private static Candidate shm(Explanation why) {
        return why.candidates().stream().filter(each -> each.scheme().equals("shm")).findFirst().orElseThrow();
    }

    /** What the far end says of the transport by which it was reached; this end's is the same. */
    private static String greeting(URI address) throws Exception {
        try (Transport transport = Sluice.open(address, Options.none());
                Driver driver = Driver.start(transport, Options.none());
                BlockingConnection server = driver.connect(address, Options.none()).blocking()) {
            String name = server.receive().orElseThrow().getString(0);
            assertThat(transport.scheme()).isEqualTo(name);
            return name;
        }
    }
}
