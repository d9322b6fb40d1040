package dev.sluice.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Options;
import dev.sluice.auto.AutoListener;
import dev.sluice.bench.ExitCodes;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

@Timeout(120)
class SluiceCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    private int run(String... args) {
        return SluiceCommand.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {"\"\"|say what to do", "nonsense|nonsense",
        "bench latency|--op",
        "bench --results x latency --op message --transport mem|--results is for bench without a subcommand",
        "bench --results x file --file y|--results is for bench without a subcommand",
        "bench latency --op fly|'fly' is none of message",
        "bench latency --op write --size 12q|'12q' is no length",
        "bench latency --op write --size -1|'-1' is no length",
        "bench latency --op write --size 9999999999g|no length",
        "bench latency --op write --wait sleep|sleep",
        "bench latency --op write --transport mem --iterations 0|--iterations must be at least 1",
        "bench latency --op write-from-file --transport mem|sluice bench file",
        "bench latency --op fetch-add --size 16 --transport mem|8 bytes, not 16",
        "bench latency --op message --transport mem --peer tcp://h:1|different transports",
        "bench latency --op message --peer nonsense|no scheme",
        "bench throughput --op write --transport mem --depth 0|--depth",
        "bench throughput --op fetch-add --size 8 --transport mem|message, write and read",
        "bench compare --tool c --cpus 0|'0' is no pair of processors",
        "bench compare --tool c --cpus 0,1x|'0,1x' is no pair of processors",
        "bench compare --tool c --cpus 0,-1|'0,-1' is no pair of processors",
        "bench compare --tool c --cpus 0,99999|processor 99999 is none of those",
        "bench compare --tool c --file x|--file is for --tool transferTo",
        "bench compare --tool transferTo --op read|transferTo is compared with write-from-file",
        "bench compare --tool transferTo --file x --size 1m|transferTo is compared with write-from-file",
        "bench compare --tool ib_send_lat --peer rdma://h:1 --tools 2 --cpus 0,1|--cpus is for tools on this machine",
        "bench compare --tool fio|--tool is ucx_perftest, c, netty, aeron, aeron-ipc, transferTo or a program of perftest",
        "peer|--listen",
        "peer --listen host|no scheme",
        "peer --listen auto://127.0.0.1:0?colour=red|unknown option 'colour'",
        "doctor --peer tcp://h:1|leaves no choice",
        "bench latency --op message --transport a^b|names no transport"})
    void shouldExplainInOneLineWhenTheCommandIsWrong(String line, String explanation) {
        String[] args = line.isEmpty() ? new String[0] : line.split(" ", -1);

        assertThat(run(args)).isEqualTo(ExitCodes.USAGE);
        assertThat(err.toString().lines()).hasSize(1).first().asString().startsWith("sluice: ").contains(explanation);
    }

    @Test
    void shouldNameWhatIsThereWhenTheTransportIsNot() {
        assertThat(run("bench", "latency", "--op", "message", "--transport", "pigeon"))
                .isEqualTo(ExitCodes.TRANSPORT_UNAVAILABLE);
        assertThat(err.toString().lines()).hasSize(1).first().asString().contains("no transport 'pigeon'", "mem");
    }

    @Test
    void shouldNameThePeerWhenNobodyListens() {
        assertThat(run("bench", "latency", "--op", "message", "--peer", "mem://nobody:7"))
                .isEqualTo(ExitCodes.PEER_UNREACHABLE);
        assertThat(err.toString().lines()).hasSize(1).first().asString().contains("nobody");
    }

    @Test
    void shouldNameTheFileWhenItIsAbsent() {
        assertThat(run("bench", "file", "--transport", "mem", "--file", folder.resolve("absent").toString()))
                .isEqualTo(ExitCodes.ENVIRONMENT);
        assertThat(err.toString()).contains("absent");
    }

    @Test
    void shouldWriteTableJsonAndHistogramsWhenItMeasures() throws IOException {
        Path json = folder.resolve("new/results.json");
        Path hgrm = folder.resolve("new/times.hgrm");

        assertThat(run("bench", "latency", "--transport", "mem", "--op", "message", "--size", "8,1k", "--iterations",
                "50", "--warmup", "10", "--json", json.toString(), "--hgrm", hgrm.toString())).as(err.toString())
                .isZero();

        assertThat(out.toString()).contains("message", "8 B", "1 KiB", "await");
        assertThat(Files.readString(json)).contains("\"sizeBytes\": 1024", "\"wait\": \"await\"", "\"count\": 50");
        try (var files = Files.list(hgrm.getParent())) {
            assertThat(files.filter(f -> f.toString().endsWith(".hgrm"))).hasSize(2)
                    .allSatisfy(f -> assertThat(Files.readString(f)).contains("Percentile", "#[Mean"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bench --results %s/below", "bench latency --transport pigeon --op message --json %s/below",
        "bench throughput --transport pigeon --op write --hgrm %s/below",
        "bench file --transport pigeon --file x --json %s/below", "bench compare --tool c --json %s/below"})
    void shouldSayWhereItCannotWriteBeforeItMeasures(String line) throws IOException {
        Path file = Files.createFile(folder.resolve("file"));

        assertThat(run(String.format(line, file).split(" ", -1))).isEqualTo(ExitCodes.ENVIRONMENT);
        assertThat(err.toString()).contains("cannot write", "below");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void shouldLeaveNothingAndKeepWhatWasThereWhenNothingIsMeasured() throws IOException {
        Path json = Files.writeString(folder.resolve("results.json"), "of another time");

        assertThat(run("bench", "latency", "--transport", "pigeon", "--op", "message", "--json", json.toString(),
                "--hgrm", folder.resolve("times.hgrm").toString())).isEqualTo(ExitCodes.TRANSPORT_UNAVAILABLE);

        assertThat(json).hasContent("of another time");
        assertThat(folder).isDirectoryNotContaining("glob:**.hgrm");
    }

    @Test
    void shouldPrintAVersionAndAnExamination() {
        assertThat(run("version")).isZero();
        assertThat(run("doctor")).isZero();
        assertThat(out.toString()).contains("sluice", "JDK", "locked memory", "transport mem", "available", "auto://");
    }

    @Test
    @Tag("slow")
    void shouldMeasureWithTheBestTransport() {
        assertThat(run("bench", "latency", "--transport", "auto", "--op", "message", "--iterations", "20", "--warmup",
                "5")).as(err.toString()).isZero();

        assertThat(out.toString()).contains("shm");
    }

    @Test
    void shouldExplainTheChoiceTowardsAPeer() throws IOException {
        try (AutoListener listener = AutoListener.open(URI.create("auto://127.0.0.1:0"), Options.none())) {
            assertThat(run("doctor", "--peer", listener.address().toString())).as(err.toString()).isZero();
        }
        assertThat(out.toString()).contains("auto: shm", "chosen: it reaches shm:///@");
        assertThat(run("doctor", "--peer", "auto://127.0.0.1:1")).isEqualTo(ExitCodes.PEER_UNREACHABLE);
        assertThat(run("bench", "latency", "--op", "message", "--peer", "auto://127.0.0.1:1"))
                .isEqualTo(ExitCodes.PEER_UNREACHABLE);
    }

    @Test
    void shouldListExitCodesWhenAskedForHelp() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString()).contains("Exit codes:", "the peer ended during the run");
    }
}
