package dev.sluice.bench.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;

/** The command and its subcommands. */
@Command(name = "sluice", description = "Zero-copy byte transports for the JVM: measure, serve a peer, examine.", mixinStandardHelpOptions = true, versionProvider = VersionCommand.Provider.class, subcommands = {
    BenchCommand.class, PeerCommand.class, DoctorCommand.class, VersionCommand.class, NettyEchoCommand.class,
    AeronEchoCommand.class,
    FileSenderCommand.class, FileSinkCommand.class,
    HelpCommand.class}, exitCodeListHeading = "%nExit codes:%n", exitCodeList = {"0:done", "1:a defect of Sluice",
        "2:wrong usage", "3:the environment lacks something", "4:the transport is not available",
        "5:the peer cannot be reached or refuses", "6:the peer ended during the run",
        "7:bytes arrived that differ from those sent"})
public final class SluiceCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    /** For picocli. */
    public SluiceCommand() {}

    /**
     * Parses and runs.
     *
     * @param args the command line
     * @return the exit code, one of {@link dev.sluice.bench.ExitCodes}
     */
    public static int run(String... args) {
        return commandLine().execute(args);
    }

    static int run(PrintWriter out, PrintWriter err, String... args) {
        return commandLine().setOut(out).setErr(err).execute(args);
    }

    private static CommandLine commandLine() {
        return new CommandLine(new SluiceCommand()).setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(Errors::onWrongUsage).setExecutionExceptionHandler(Errors::onFailure);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say what to do: bench, peer, doctor or version");
    }
}
