package dev.sluice.aeron.driver;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Names a process so that its number used again by another is not taken for it: see proc_pid_stat(5), starttime. */
final class OwnProcess {
    private static final int START_TIME = 19;
    private static final String ID = of(ProcessHandle.current().pid());

    private OwnProcess() {}

    /** The name of this process: namespace, number, start time. */
    static String id() {
        return ID;
    }

    /** The namespace of process numbers that this process sees. */
    static String namespace() {
        return ID.substring(0, ID.indexOf('-'));
    }

    /** Whether the process with such a name, of this namespace, lives. */
    static boolean isAlive(String id) {
        String[] parts = id.split("-", -1);
        return parts.length == 3 && parts[1].matches("\\d{1,10}") && id.equals(of(Long.parseLong(parts[1])));
    }

    private static String of(long pid) {
        try {
            String space = Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString().replaceAll("\\D", "");
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1);
            // The second field, in parentheses, may hold anything; the third follows the last of them.
            String[] rest = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return space + "-" + pid + "-" + rest[START_TIME];
        } catch (IOException e) {
            return "0-" + pid + "-0";
        }
    }
}
