package dev.sluice.bench.cli;

import dev.sluice.bench.BenchException;
import dev.sluice.bench.ExitCodes;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;

/** Turns what was thrown into one line and an exit code. */
final class Errors {

    private Errors() {}

    static int onWrongUsage(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("sluice: " + oneLine(e.getMessage()) + " (" + command.getCommandSpec().qualifiedName()
                + " --help says more)");
        err.flush();
        return ExitCodes.USAGE;
    }

    static int onFailure(Exception e, CommandLine command, ParseResult parsed) {
        PrintWriter err = command.getErr();
        if (e instanceof BenchException known) {
            err.println("sluice: " + oneLine(known.getMessage()));
            err.flush();
            return known.exitCode();
        }
        err.println("sluice: unexpected " + oneLine(e.toString()) + "; please report it with " + keep(e));
        err.flush();
        return ExitCodes.UNEXPECTED;
    }

    /** Writes the stack trace to a file; returns its path, or why there is none. */
    private static String keep(Exception e) {
        try {
            Path log = Files.createTempFile("sluice-error-", ".log");
            try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(log))) {
                e.printStackTrace(out);
            }
            return log.toString();
        } catch (IOException notKept) {
            return "its stack trace, which could not be kept: " + notKept.getMessage();
        }
    }

    private static String oneLine(String message) {
        return String.valueOf(message).replaceAll("\\s*\\R\\s*", " ");
    }
}
