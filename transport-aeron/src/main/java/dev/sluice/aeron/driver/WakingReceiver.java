package dev.sluice.aeron.driver;

import io.aeron.driver.DataPacketDispatcher;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.media.ReceiveChannelEndpoint;
import io.aeron.driver.media.UdpChannel;
import io.aeron.protocol.DataHeaderFlyweight;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.AtomicCounter;

import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;

/** The receiving end of a channel whose packets wake the driver, and whose data are told of. The driver's thread. */
final class WakingReceiver extends ReceiveChannelEndpoint {
    private final DriverSleep sleep;
    private final Arrivals arrivals;
    private SelectionKey key;

    WakingReceiver(UdpChannel channel, DataPacketDispatcher dispatcher, AtomicCounter status,
            MediaDriver.Context context, DriverSleep sleep, Arrivals arrivals) {
        super(channel, dispatcher, status, context);
        this.sleep = sleep;
        this.arrivals = arrivals;
    }

    @Override
    public void openDatagramChannel(AtomicCounter status) {
        super.openDatagramChannel(status);
        key = sleep.watch(receiveDatagramChannel);
    }

    @Override
    public int onDataPacket(DataHeaderFlyweight header, UnsafeBuffer buffer, int length, InetSocketAddress from,
            int transportIndex) {
        int bytes = super.onDataPacket(header, buffer, length, from, transportIndex);
        // Aeron's own heartbeat is a header alone.
        if (length > DataHeaderFlyweight.HEADER_LENGTH) {
            sleep.data(arrivals.came(header.sessionId()));
        } else if (arrivals.isNews(header.sessionId(), position(header))) {
            sleep.data(true);
        }
        return bytes;
    }

    private static long position(DataHeaderFlyweight header) {
        return ((long) header.termId() << Integer.SIZE) | header.termOffset();
    }

    @Override
    public void close() {
        sleep.release(key);
        super.close();
    }
}
