package dev.sluice.bench.cli;

import dev.sluice.bench.doctor.Doctor;
import dev.sluice.bench.doctor.Finding;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;

@Command(name = "doctor", description = "Say what this machine offers to each transport, and what to change.", mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        List<Finding> findings = Doctor.examine();
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
