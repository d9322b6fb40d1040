package dev.sluice.bench.cli;

import dev.sluice.bench.doctor.Choice;
import dev.sluice.bench.doctor.Doctor;
import dev.sluice.bench.doctor.Finding;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

@Command(name = "doctor", description = "Say what this machine offers to each transport, and what to change.", mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {

    @Option(names = "--peer", paramLabel = "URI", description = "also say which transport auto://host:port would choose, and why")
    private URI peer;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        List<Finding> findings = new ArrayList<>(Doctor.examine());
        if (peer != null) {
            findings.addAll(Choice.towards(peer));
        }
        int width = findings.stream().mapToInt(f -> f.what().length()).max().orElse(0);
        for (Finding f : findings) {
            out.println(
                    f.verdict().label() + " " + f.what() + " ".repeat(width - f.what().length()) + "  " + f.found());
            if (!f.remedy().isEmpty()) {
                out.println(" ".repeat(Finding.Verdict.LABEL_WIDTH + 1 + width + 2) + "-> " + f.remedy());
            }
        }
        out.flush();
        return 0;
    }
}
