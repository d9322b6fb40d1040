package dev.sluice.bench.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.util.concurrent.Callable;

@Command(name = "version", description = "Print the version.", mixinStandardHelpOptions = true)
final class VersionCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().getOut().println(text());
        return 0;
    }

    static String text() {
        String version = VersionCommand.class.getPackage().getImplementationVersion();
        return "sluice " + (version == null ? "(not packaged)" : version) + ", " + System.getProperty("java.vm.name")
                + " "
                + Runtime.version();
    }

    /** For --version. */
    static final class Provider implements IVersionProvider {

        @Override
        public String[] getVersion() {
            return new String[]{text()};
        }
    }
}
