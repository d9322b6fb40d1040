package dev.sluice.aeron.system;

import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.driver.ext.DebugChannelEndpointConfiguration;
import io.aeron.driver.ext.DebugReceiveChannelEndpoint;
import io.aeron.driver.ext.DebugSendChannelEndpoint;
import io.aeron.driver.ext.LossGenerator;
import org.agrona.concurrent.BackoffIdleStrategy;

import java.nio.file.Path;

/** A media driver that loses packets, of data on their way in and of its answers, as Aeron's own generators say. */
final class LossyDriver {

    private LossyDriver() {}

    /**
     * Starts one.
     *
     * @param directory its own
     * @param rate of the packets that are lost, from 0 to 1
     * @param seed of the choice
     */
    static MediaDriver launch(Path directory, double rate, long seed) {
        return MediaDriver.launch(new MediaDriver.Context().aeronDirectoryName(directory.toString())
                .threadingMode(ThreadingMode.SHARED)
                .sharedIdleStrategy(new BackoffIdleStrategy(10, 20, 1_000, 1_000_000))
                .termBufferSparseFile(true).performStorageChecks(false).dirDeleteOnShutdown(true)
                .receiveChannelEndpointSupplier(
                        (channel, dispatcher, status, context) -> new DebugReceiveChannelEndpoint(
                                channel, dispatcher, status, context, loss(rate, seed), loss(rate, seed + 1)))
                .sendChannelEndpointSupplier((channel, status, context) -> new DebugSendChannelEndpoint(channel, status,
                        context, loss(rate, seed + 2), loss(rate, seed + 3))));
    }

    private static LossGenerator loss(double rate, long seed) {
        return DebugChannelEndpointConfiguration.lossGeneratorSupplier(rate, seed);
    }
}
