package dev.sluice.bench.process;

import dev.sluice.bench.BenchException;
import dev.sluice.bench.ExitCodes;
import dev.sluice.bench.report.KernelText;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * On which processors the two ends of a measurement run, by taskset(1): a second process is started through it, a thread of
 * this one is given to it. Immutable.
 */
public final class Pinning {

    /** Wherever the scheduler puts them. */
    public static final Pinning NONE = new Pinning(-1, -1);

    private static final String PROGRAM = "taskset";
    private static final long LIMIT_SECONDS = 10;

    private final int nearCpu;
    private final int farCpu;

    private Pinning(int nearCpu, int farCpu) {
        this.nearCpu = nearCpu;
        this.farCpu = farCpu;
    }

    /**
     * Reads what a user wrote.
     *
     * @param text {@code none}, or the processors of the near and the far end, such as {@code 0,1}
     * @return where to run
     * @throws IllegalArgumentException when it is neither
     */
    public static Pinning parse(String text) {
        if (text.equals("none")) {
            return NONE;
        }
        int comma = text.indexOf(',');
        try {
            return new Pinning(Integer.parseUnsignedInt(text.substring(0, Math.max(0, comma))),
                    Integer.parseUnsignedInt(text.substring(comma + 1)));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is no pair of processors; write 0,1 or none", e);
        }
    }

    /**
     * Makes sure that this process may use the processors.
     *
     * @return this
     * @throws BenchException when it may not, or there is no taskset(1)
     */
    public Pinning checked() {
        if (this == NONE) {
            return this;
        }
        if (Programs.onPath(PROGRAM).isEmpty()) {
            throw new BenchException(ExitCodes.ENVIRONMENT,
                    "taskset is not on the PATH (Debian package util-linux); without it only --cpus=none is possible");
        }
        List<Integer> allowed = allowed();
        for (int cpu : List.of(nearCpu, farCpu)) {
            if (!allowed.contains(cpu)) {
                throw new BenchException(ExitCodes.USAGE,
                        "--cpus: processor " + cpu + " is none of those that this process may use: " + allowed);
            }
        }
        return this;
    }

    /**
     * An end on each of two processors that this process may use: the first, and the next that is not another thread of the
     * same core, where there is one.
     *
     * @param note gets a line when there are fewer, or no taskset(1)
     * @return where to run; {@link #NONE} when that is not possible
     */
    public static Pinning onTwo(Consumer<String> note) {
        List<Integer> allowed = allowed();
        if (allowed.size() < 2) {
            note.accept("there is one processor, so the scheduler lets both ends take turns on it");
            return NONE;
        }
        if (Programs.onPath(PROGRAM).isEmpty()) {
            note.accept("taskset is not on the PATH (Debian package util-linux), so the scheduler places both ends");
            return NONE;
        }
        return onTwo(allowed, threadsOfTheCoreOf(allowed.getFirst()));
    }

    /** The first, and the next that is not among the threads of the first one's core; else simply the next. */
    static Pinning onTwo(List<Integer> allowed, List<Integer> sameCore) {
        List<Integer> others = allowed.subList(1, allowed.size());
        return new Pinning(allowed.getFirst(),
                others.stream().filter(cpu -> !sameCore.contains(cpu)).findFirst().orElse(others.getFirst()));
    }

    /** Empty where the kernel does not tell. */
    private static List<Integer> threadsOfTheCoreOf(int cpu) {
        String siblings = KernelText.read(
                Path.of("/sys/devices/system/cpu/cpu" + cpu + "/topology/thread_siblings_list"));
        return siblings.isEmpty() ? List.of() : cpus(siblings);
    }

    private static List<Integer> allowed() {
        String prefix = "Cpus_allowed_list:";
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(l -> l.startsWith(prefix)).map(l -> cpus(l.substring(prefix.length()).trim()))
                    .findFirst().orElse(List.of());
        } catch (IOException e) {
            throw new BenchException(ExitCodes.ENVIRONMENT, "cannot tell which processors may be used: " + e, e);
        }
    }

    /** Reads the kernel's form of a set, such as {@code 0-2,8}. */
    static List<Integer> cpus(String set) {
        List<Integer> cpus = new ArrayList<>();
        for (String range : set.split(",", -1)) {
            String[] ends = range.split("-", -1);
            IntStream.rangeClosed(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]))
                    .forEach(cpus::add);
        }
        return cpus;
    }

    /**
     * A command that runs at the near end.
     *
     * @param command program and arguments
     * @return what to start
     */
    public List<String> near(List<String> command) {
        return on(nearCpu, command);
    }

    /**
     * A command that runs at the far end.
     *
     * @param command program and arguments
     * @return what to start
     */
    public List<String> far(List<String> command) {
        return on(farCpu, command);
    }

    private List<String> on(int cpu, List<String> command) {
        if (this == NONE) {
            return command;
        }
        List<String> pinned = new ArrayList<>(List.of(PROGRAM, "-c", String.valueOf(cpu)));
        pinned.addAll(command);
        return pinned;
    }

    /** The program that a command is about, which may be one that {@link #near} or {@link #far} made. */
    static String program(List<String> command) {
        boolean pinned = command.size() > 3 && command.subList(0, 2).equals(List.of(PROGRAM, "-c"));
        return command.get(pinned ? 3 : 0);
    }

    /**
     * The two processors as arguments, for a program that pins itself.
     *
     * @return near and far; empty when the scheduler places them
     */
    public List<String> arguments() {
        return this == NONE ? List.of() : List.of(String.valueOf(nearCpu), String.valueOf(farCpu));
    }

    /**
     * Puts the calling thread, and what it starts from now on, on the processor of the near end.
     *
     * @throws BenchException when the kernel refuses
     */
    public void pinThisThread() {
        if (this == NONE) {
            return;
        }
        String thread = thisThread();
        Programs.Result result = Programs.run(List.of(PROGRAM, "-cp", String.valueOf(nearCpu), thread), Map.of(),
                LIMIT_SECONDS);
        if (result.exitCode() != 0) {
            throw new BenchException(ExitCodes.ENVIRONMENT, "taskset cannot put thread " + thread + " on processor "
                    + nearCpu + ": " + result.output().strip());
        }
    }

    private static String thisThread() {
        try {
            return Files.readSymbolicLink(Path.of("/proc/thread-self")).getFileName().toString();
        } catch (IOException e) {
            throw new BenchException(ExitCodes.ENVIRONMENT, "cannot tell which thread this is: " + e, e);
        }
    }

    /**
     * What {@link #parse} reads.
     *
     * @return the text
     */
    public String option() {
        return this == NONE ? "none" : nearCpu + "," + farCpu;
    }

    /** In words, for results. */
    @Override
    public String toString() {
        return this == NONE ? "wherever the scheduler puts them" : "near end on " + nearCpu + ", far end on " + farCpu;
    }
}
