package dev.sluice.bench.report;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** On what the figures were measured: without it they mean nothing. */
public final class Environment {

    private final Map<String, Object> values = new LinkedHashMap<>();

    private Environment() {}

    /**
     * Looks at this machine.
     *
     * @return what it is
     */
    public static Environment ofThisMachine() {
        Environment e = new Environment();
        String cpuinfo = KernelText.read(Path.of("/proc/cpuinfo"));
        e.values.put("cpu", cpu(cpuinfo));
        e.values.put("cores", Runtime.getRuntime().availableProcessors());
        e.values.put("arch", System.getProperty("os.arch"));
        e.values.put("kernel", KernelText.read(Path.of("/proc/sys/kernel/osrelease")));
        e.values.put("virtualization", virtualization(cpuinfo));
        e.values.put("emulated", isEmulated(cpuinfo));
        e.values.put("jvm", System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"));
        e.values.put("jvmFlags", List.copyOf(ManagementFactory.getRuntimeMXBean().getInputArguments()));
        e.values.put("date", ZonedDateTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS)
                .format(DateTimeFormatter.ISO_OFFSET_DATE_TIME));
        e.values.put("loadAverageBefore", ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
        return e;
    }

    /**
     * Adds what is known only to the caller, such as the device of a transport.
     *
     * @param name the name
     * @param value text, number, truth value or a list of texts
     */
    public void put(String name, Object value) {
        values.put(name, value);
    }

    /**
     * Everything, in order.
     *
     * @return an unmodifiable view
     */
    public Map<String, Object> values() {
        return java.util.Collections.unmodifiableMap(values);
    }

    /**
     * The machine in a line.
     *
     * @return a line for the head of a table
     */
    public String line() {
        String virtual = String.valueOf(values.get("virtualization"));
        return values.get("cpu") + ", " + values.get("cores") + " cores, Linux " + values.get("kernel")
                + (virtual.equals("none") ? "" : ", virtual machine (" + virtual + ")")
                + (isEmulated() ? ", EMULATED: absolute times mean nothing" : "");
    }

    /**
     * Whether the processor is emulated, so that times mean nothing in themselves.
     *
     * @return true where QEMU translates instructions
     */
    public boolean isEmulated() {
        return Boolean.TRUE.equals(values.get("emulated"));
    }

    /** The name of the processor; its part numbers on aarch64, where the kernel tells no name. */
    static String cpu(String cpuinfo) {
        String name = field(cpuinfo, "model name");
        if (!name.isEmpty()) {
            return name;
        }
        return System.getProperty("os.arch") + " implementer " + field(cpuinfo, "CPU implementer") + " part "
                + field(cpuinfo, "CPU part");
    }

    static boolean isEmulated(String cpuinfo) {
        return cpu(cpuinfo).contains("QEMU TCG") || cpu(cpuinfo).contains("QEMU Virtual CPU");
    }

    private static String virtualization(String cpuinfo) {
        String flags = " " + field(cpuinfo, "flags") + " ";
        String product = KernelText.read(Path.of("/sys/class/dmi/id/sys_vendor"));
        String type = KernelText.read(Path.of("/sys/hypervisor/type"));
        if (!type.isEmpty()) {
            return type;
        }
        if (flags.contains(" hypervisor ")) {
            return product.isEmpty() ? "unnamed hypervisor" : product;
        }
        return product.startsWith("QEMU") ? product : "none";
    }

    /** The first line's value of a name in /proc/cpuinfo; empty when it is not there. */
    static String field(String cpuinfo, String name) {
        return cpuinfo.lines().filter(l -> l.startsWith(name)).map(l -> l.substring(l.indexOf(':') + 1).trim())
                .findFirst().orElse("");
    }
}
