package dev.sluice.bench;

import dev.sluice.bench.cli.SluiceCommand;

/** The entry of the sluice command. */
public final class Main {

    private Main() {}

    /**
     * Runs a command and ends the process with one of {@link ExitCodes}.
     *
     * @param args the command line
     */
    public static void main(String[] args) {
        System.exit(SluiceCommand.run(args));
    }
}
