package dev.sluice.rdma.conn;

import dev.sluice.Options;
import dev.sluice.SluiceException;
import dev.sluice.rdma.RdmaOptions;
import dev.sluice.rdma.internal.ffm.FfmContext;
import dev.sluice.rdma.internal.ffm.FfmProvider;
import dev.sluice.rdma.memory.RdmaDevice;

import java.io.IOException;
import java.util.List;

/** Finds the device of a transport. Any thread. */
final class Devices {
    private Devices() {}

    /** The device that the options name, or the first with an active port. */
    static RdmaDevice choose(Options options, FfmProvider provider) throws IOException {
        String wanted = options.get(RdmaOptions.DEVICE);
        List<FfmContext> all = provider.openCm().devices();
        for (FfmContext device : all) {
            int port = activePort(device);
            if (port > 0 && (wanted.isEmpty() || wanted.equals(device.deviceName()))) {
                return new RdmaDevice(provider.openVerbs(), device, port);
            }
        }
        throw new SluiceException("no RDMA device " + (wanted.isEmpty() ? "" : "'" + wanted + "' ")
                + "with an active port, of " + all, 0, wanted, "rdma link shows the devices and their state");
    }

    private static int activePort(FfmContext device) throws SluiceException {
        for (int port = 1; port <= device.queryDevice().ports(); port++) {
            if (device.queryPort(port).isActive()) {
                return port;
            }
        }
        return 0;
    }
}
