package dev.sluice.auto;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** {@link ListenMain}, started by a launcher, with classes that every user may read. */
final class ListenProcess implements AutoCloseable {

    private static final long LIMIT_SECONDS = 60;
    private static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java").toString();

    private final Path classes;
    private final Process process;
    private final URI address;

    private ListenProcess(Path classes, Process process) throws IOException {
        this.classes = classes;
        this.process = process;
        address = URI.create(String.valueOf(process.inputReader().readLine()));
    }

    static ListenProcess start(List<String> launcher, String address) throws IOException {
        Path classes = Files.createTempDirectory("sluice-auto-",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        List<String> command = new ArrayList<>(launcher);
        command.addAll(List.of(JAVA, "--enable-native-access=ALL-UNNAMED", "-cp", readable(classes),
                ListenMain.class.getName(), address));
        return new ListenProcess(classes, new ProcessBuilder(command).redirectError(Redirect.INHERIT).start());
    }

    /** Whether a launcher starts a JVM here. */
    static boolean canRun(List<String> launcher) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(launcher);
        command.addAll(List.of(JAVA, "-version"));
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(Redirect.DISCARD).start()
                    .waitFor() == 0;
        } catch (IOException absent) {
            return false;
        }
    }

    /** Where it listens, as it says. */
    URI address() {
        return address;
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        try {
            process.onExit().get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            process.destroyForcibly();
            throw new AssertionError("the far process did not end when it was told to", e);
        }
        try (Stream<Path> all = Files.walk(classes)) {
            all.sorted(Comparator.reverseOrder()).forEach(each -> each.toFile().delete());
        }
    }

    /** The class path, copied: the clone and the local repository may be one user's alone. */
    private static String readable(Path to) throws IOException {
        List<String> copies = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Path from = Path.of(entry);
            if (Files.exists(from)) {
                Path copy = to.resolve(copies.size() + "-" + from.getFileName());
                copyAll(from, copy);
                copies.add(copy.toString());
            }
        }
        return String.join(File.pathSeparator, copies);
    }

    private static void copyAll(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            all.forEach(each -> copy(each, to.resolve(from.relativize(each).toString())));
        }
    }

    private static void copy(Path from, Path to) {
        try {
            Files.copy(from, to);
            Files.setPosixFilePermissions(to, PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
