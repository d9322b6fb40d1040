package dev.sluice.aeron.driver;

import io.aeron.driver.MediaDriver;
import io.aeron.driver.media.SendChannelEndpoint;
import io.aeron.driver.media.UdpChannel;
import org.agrona.concurrent.status.AtomicCounter;

import java.nio.channels.SelectionKey;

/** The sending end of a channel: what the receiver answers, windows and losses, wakes the driver. The driver's thread. */
final class WakingSender extends SendChannelEndpoint {
    private final DriverSleep sleep;
    private SelectionKey key;

    WakingSender(UdpChannel channel, AtomicCounter status, MediaDriver.Context context, DriverSleep sleep) {
        super(channel, status, context);
        this.sleep = sleep;
    }

    @Override
    public void openDatagramChannel(AtomicCounter status) {
        super.openDatagramChannel(status);
        key = sleep.watch(receiveDatagramChannel);
    }

    @Override
    public void close() {
        sleep.release(key);
        super.close();
    }
}
