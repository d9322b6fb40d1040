package dev.sluice.auto;

import dev.sluice.SluiceException;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.concurrent.TimeUnit;

/** Asks a rendezvous. On the caller's thread, which may be a virtual one. */
final class Inquiry {

    private Inquiry() {}

    /**
     * Asks, within a deadline of the whole.
     *
     * @param peer where
     * @param hello what is wanted
     * @param deadlineNs on the clock of {@link System#nanoTime()}
     * @return the answer
     * @throws SluiceException when there is no rendezvous, or it refuses, talks nonsense or is too slow
     */
    static Answer ask(AutoAddress peer, Hello hello, long deadlineNs) throws SluiceException {
        if (!peer.namesAPeer()) {
            throw new SluiceException("the address names no peer that could be asked", 0, peer.toString(),
                    "Write auto://host:port, with the port of an auto listener");
        }
        try (Socket socket = connect(peer, deadlineNs)) {
            socket.setTcpNoDelay(true);
            socket.getOutputStream().write(Wire.encode(hello));
            return Wire.readAnswer(socket, deadlineNs);
        } catch (UnknownHostException e) {
            throw failure(peer, "the host name '" + peer.host() + "' is not known", 0,
                    "Check the spelling, /etc/hosts and the name server, or use a numeric address", e);
        } catch (SocketTimeoutException e) {
            throw failure(peer, "the rendezvous did not answer within the connect timeout: " + e.getMessage(), 0,
                    "Is it a listener of auto:// there? Raise the option 'connectTimeout' if it is slow", e);
        } catch (ConnectException e) {
            throw failure(peer, "the rendezvous cannot be reached: " + e.getMessage(), 0,
                    "Start the peer, an AutoListener or 'sluice peer --listen auto://host:port', before", e);
        } catch (RefusedException e) {
            throw failure(peer, "the rendezvous failed: " + e.getMessage(), e.code(),
                    "Is it an auto:// address, with Sluice of the same release at both ends?", e);
        } catch (IOException e) {
            throw failure(peer, "the rendezvous broke off: " + e.getMessage(), 0,
                    "Is it a listener of auto:// there? Look at its log", e);
        }
    }

    /** To the first of the host's addresses that answers; each has its share of the time. */
    private static Socket connect(AutoAddress peer, long deadlineNs) throws IOException {
        InetAddress[] hosts = InetAddress.getAllByName(peer.host());
        IOException first = null;
        for (int i = 0; i < hosts.length; i++) {
            long shareMillis = TimeUnit.NANOSECONDS.toMillis((deadlineNs - System.nanoTime()) / (hosts.length - i));
            Socket socket = new Socket();
            try {
                socket.connect(new InetSocketAddress(hosts[i], peer.port()),
                        Math.clamp(shareMillis, 1, Integer.MAX_VALUE));
                return socket;
            } catch (IOException e) {
                socket.close();
                first = first == null ? e : first;
            }
        }
        throw first;
    }

    private static SluiceException failure(AutoAddress peer, String what, int code, String remedy, IOException cause) {
        return new SluiceException(what, code, peer.toString(), remedy, cause);
    }
}
