package dev.sluice.bench.pair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.bench.BenchException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** Both ends in this JVM, over the reference transport. */
@Timeout(120)
class SessionTest {

    private Ends ends;

    @TempDir
    private Path folder;

    @BeforeEach
    void open() {
        ends = Ends.open("mem", null);
    }

    @AfterEach
    void close() {
        ends.close();
    }

    @ParameterizedTest
    @EnumSource(value = Op.class, mode = Mode.EXCLUDE, names = {"WRITE_FROM_FILE", "WRITE_PINGPONG"})
    void shouldVerifyAndCountEveryOperation(Op op) {
        Session session = ends.session();

        session.verify(op, 8, WaitMode.AWAIT);
        Measurement m = session.latency(op, 8, WaitMode.AWAIT, Budget.of(10), Budget.of(100));

        assertThat(m.operations()).isEqualTo(100);
        assertThat(m.times().getTotalCount()).isEqualTo(100);
        assertThat(m.elapsedNs()).isPositive();
    }

    @Test
    void shouldMoveMessagesThatAreTooLongToClaim() {
        Session session = ends.session();

        session.verify(Op.MESSAGE, 1 << 20, WaitMode.YIELD);
        Measurement m = session.latency(Op.MESSAGE, 1 << 20, WaitMode.YIELD, Budget.of(1), Budget.of(5));

        assertThat(m.operations()).isEqualTo(5);
    }

    @ParameterizedTest
    @EnumSource(value = Op.class, names = {"MESSAGE", "WRITE", "READ"})
    void shouldCountEveryOperationOfAPipeline(Op op) {
        Measurement m = ends.session().throughput(op, 4096, 8, WaitMode.YIELD, Budget.of(20), Budget.of(200));

        assertThat(m.operations()).isEqualTo(200);
        assertThat(m.times().getTotalCount()).as("messages have no times of their own")
                .isEqualTo(op == Op.MESSAGE ? 0 : 200);
    }

    @Test
    void shouldStopWhenTheTimeIsUp() {
        Measurement m = ends.session().latency(Op.MESSAGE, 8, WaitMode.YIELD, Budget.of(1), Budget.ofMillis(20));

        assertThat(m.operations()).isPositive();
        assertThat(m.elapsedNs()).isGreaterThanOrEqualTo(20_000_000);
    }

    @Test
    void shouldCompareEveryPieceOfAFileThatIsNoWholeNumberOfPieces() throws IOException {
        byte[] content = new byte[(int) (FileTransfer.PIECE_BYTES + 12_345)];
        new Random(1).nextBytes(content);
        Path file = Files.write(folder.resolve("file"), content);

        FileMeasurement f = ends.session().file(file, WaitMode.AWAIT, Budget.of(2));

        assertThat(f.fileBytes()).isEqualTo(content.length);
        assertThat(f.measurement().operations()).isEqualTo(2);
    }

    @Test
    void shouldSayInOneLineWhatCannotBeMeasured() throws IOException {
        Session s = ends.session();
        Budget one = Budget.of(1);
        Path empty = Files.createFile(folder.resolve("empty"));

        assertThatThrownBy(() -> s.latency(Op.FETCH_ADD, 16, WaitMode.AWAIT, one, one))
                .isInstanceOf(BenchException.class)
                .hasMessageContaining("8 bytes, not 16");
        assertThatThrownBy(() -> s.latency(Op.MESSAGE, 1L << 30, WaitMode.AWAIT, one, one))
                .isInstanceOf(BenchException.class).hasMessageContaining("at most");
        assertThatThrownBy(() -> s.throughput(Op.FETCH_ADD, 8, 4, WaitMode.AWAIT, one, one))
                .isInstanceOf(BenchException.class).hasMessageContaining("message, write and read");
        assertThatThrownBy(() -> s.file(empty, WaitMode.AWAIT, one)).isInstanceOf(BenchException.class)
                .hasMessageContaining("empty");
        assertThatThrownBy(() -> s.file(folder.resolve("absent"), WaitMode.AWAIT, one))
                .isInstanceOf(BenchException.class).hasMessageContaining("absent");
    }

    @Test
    void shouldNameThePeerWhenNobodyListens() {
        Session nobody = new Session(ends.transport(), URI.create("mem://nobody:1"));

        assertThatThrownBy(() -> nobody.verify(Op.MESSAGE, 8, WaitMode.AWAIT)).isInstanceOf(BenchException.class)
                .hasMessageContaining("nobody");
    }

    @Test
    void shouldServeTheNextPairWhenTheLastOneFailed() {
        Session session = ends.session();
        assertThatThrownBy(() -> session.latency(Op.FETCH_ADD, 16, WaitMode.AWAIT, Budget.of(1), Budget.of(1)))
                .isInstanceOf(BenchException.class);

        assertThatCode(() -> session.verify(Op.WRITE, 8, WaitMode.AWAIT)).doesNotThrowAnyException();
    }
}
