package dev.sluice.bench.reference;

import dev.sluice.bench.BenchException;
import dev.sluice.bench.ExitCodes;
import dev.sluice.bench.pair.Allocation;
import dev.sluice.bench.pair.Budget;
import dev.sluice.bench.pair.Measurement;
import dev.sluice.bench.process.ChildJvm;
import dev.sluice.bench.process.Pinning;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.SocketChannel;
import org.HdrHistogram.Histogram;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The near end of Netty's ping-pong, with the echo in a second process: one message at a time over epoll, both threads
 * asleep in epoll_wait in between. A connection for each run.
 */
public final class NettyPing implements AutoCloseable {

    /** The name in results. */
    public static final String TOOL = "netty";

    private static final long EXTRA_SECONDS = 30;

    private final ChildJvm echo;
    private final InetSocketAddress address;
    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());

    private NettyPing(ChildJvm echo, int port) {
        this.echo = echo;
        address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /**
     * Whether Netty's native epoll can be used here.
     *
     * @return empty when it can, else why not
     */
    public static String unavailableBecause() {
        return Epoll.isAvailable() ? "" : "Netty's native epoll is not available: " + Epoll.unavailabilityCause();
    }

    /**
     * Starts the echo.
     *
     * @param pinning where the near end's event loop and the echo run
     * @return the near end
     * @throws BenchException when it does not start
     */
    public static NettyPing start(Pinning pinning) {
        ChildJvm echo = ChildJvm.start(pinning::far, "netty-echo");
        try {
            NettyPing ping = new NettyPing(echo, Integer.parseInt(echo.awaitLine(NettyEcho.LISTENING)));
            ping.group.submit(pinning::pinThisThread).syncUninterruptibly();
            return ping;
        } catch (RuntimeException e) {
            echo.close();
            throw e;
        }
    }

    /**
     * Measures round trips.
     *
     * @param sizeBytes the length of a message, at least 1
     * @param warmUp runs before, not reported
     * @param measured what is reported
     * @return the figures
     * @throws BenchException when the echo ends
     */
    public Measurement roundTrips(int sizeBytes, Budget warmUp, Budget measured) {
        Pinger pinger = new Pinger(sizeBytes, warmUp, measured);
        try {
            Channel channel = new Bootstrap().group(group).channel(EpollSocketChannel.class)
                    .option(ChannelOption.TCP_NODELAY, true).handler(new ChannelInitializer<SocketChannel>() {
                        @Override
                        protected void initChannel(SocketChannel c) {
                            c.pipeline().addLast(pinger);
                        }
                    }).connect(address).sync().channel();
            try {
                return pinger.done.get(seconds(warmUp) + seconds(measured) + EXTRA_SECONDS, TimeUnit.SECONDS);
            } finally {
                channel.close().awaitUninterruptibly();
            }
        } catch (ExecutionException | TimeoutException e) {
            throw new BenchException(ExitCodes.PEER_DIED, "Netty's ping-pong broke off: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException(ExitCodes.UNEXPECTED, "interrupted while Netty was measured", e);
        }
    }

    /** A second for each thousand operations where no time is set. */
    private static long seconds(Budget budget) {
        return budget.limitNs() == Long.MAX_VALUE
                ? budget.operations() / 1000
                : TimeUnit.NANOSECONDS.toSeconds(budget.limitNs());
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        echo.close();
    }

    /** Runs on the event loop; reads the clock once per round trip, as our own loop does. */
    private static final class Pinger extends ChannelInboundHandlerAdapter {

        private final CompletableFuture<Measurement> done = new CompletableFuture<>();
        private final int sizeBytes;
        private final Budget measured;
        private Budget budget;
        private Histogram times = Measurement.newHistogram();
        private ByteBuf message;
        private boolean isWarm;
        private int received;
        private long operations;
        private long allocatedBefore;
        private long startNs;
        private long lastNs;

        Pinger(int sizeBytes, Budget warmUp, Budget measured) {
            this.sizeBytes = sizeBytes;
            this.measured = measured;
            budget = warmUp;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            message = context.alloc().directBuffer(sizeBytes).writeZero(sizeBytes);
            begin();
            send(context);
        }

        private void begin() {
            operations = 0;
            Allocation.ofThisThread();
            allocatedBefore = Allocation.ofThisThread();
            startNs = System.nanoTime();
            lastNs = startNs;
        }

        private void send(ChannelHandlerContext context) {
            var _ = context.writeAndFlush(message.retainedDuplicate(), context.voidPromise());
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object read) {
            ByteBuf buffer = (ByteBuf) read;
            received += buffer.readableBytes();
            buffer.release();
            if (received < sizeBytes) {
                return;
            }
            received = 0;
            long nowNs = System.nanoTime();
            times.recordValue(nowNs - lastNs);
            lastNs = nowNs;
            operations++;
            if (operations < budget.operations() && nowNs - startNs < budget.limitNs()) {
                send(context);
            } else {
                next(context);
            }
        }

        private void next(ChannelHandlerContext context) {
            if (isWarm) {
                done.complete(new Measurement(times, operations, lastNs - startNs,
                        Allocation.ofThisThread() - allocatedBefore));
                return;
            }
            isWarm = true;
            budget = measured;
            times = Measurement.newHistogram();
            begin();
            send(context);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            message.release();
            done.completeExceptionally(new IllegalStateException("the echo closed the connection"));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            done.completeExceptionally(cause);
            var _ = context.close();
        }
    }
}
