package dev.sluice.rdma.conn;

import dev.sluice.internal.control.Refusal;
import dev.sluice.rdma.internal.ffm.FfmCmId;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Why a request is refused, as the private data of a refusal: our mark and version, whether the application said so (1 byte),
 * bytes of the reason (1 byte), the code (int), the reason as UTF-8. A refusal carries 148 bytes, so of the reason 138 travel.
 */
final class RefusalCodec {
    private static final int HEADER_BYTES = 10;
    private static final int MAX_REASON_BYTES = FfmCmId.MAX_REJECT_BYTES - HEADER_BYTES;

    private RefusalCodec() {}

    static byte[] encode(Refusal refusal) {
        byte[] reason = shortened(refusal.reasonBytes());
        return ByteBuffer.allocate(HEADER_BYTES + reason.length).order(ByteOrder.LITTLE_ENDIAN)
                .putInt(Hello.MARK | Hello.VERSION << 24).put((byte) (refusal.byApplication() ? 1 : 0))
                .put((byte) reason.length).putInt(refusal.code()).put(reason).array();
    }

    /** Whole characters only: a byte of UTF-8 that continues one begins with the bits 10. */
    private static byte[] shortened(byte[] reason) {
        int length = Math.min(reason.length, MAX_REASON_BYTES);
        while (length < reason.length && length > 0 && (reason[length] & 0xC0) == 0x80) {
            length--;
        }
        return Arrays.copyOf(reason, length);
    }

    /** What the peer said; empty when it is no peer of ours. */
    static Optional<Refusal> decode(byte[] data) {
        if (data.length < HEADER_BYTES) {
            return Optional.empty();
        }
        ByteBuffer from = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
        boolean ours = (from.getInt() & Hello.MARK_BITS) == Hello.MARK;
        boolean byApplication = from.get() == 1;
        int length = Math.min(Byte.toUnsignedInt(from.get()), data.length - HEADER_BYTES);
        int code = from.getInt();
        String reason = new String(data, HEADER_BYTES, length, StandardCharsets.UTF_8);
        return ours ? Optional.of(new Refusal(byApplication, code, reason)) : Optional.empty();
    }
}
