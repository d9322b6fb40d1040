package dev.sluice.rdma.internal.ffm;

import static org.assertj.core.api.Assertions.assertThat;

import com.ibm.disni.verbs.IbvMr;
import com.ibm.disni.verbs.IbvRecvWR;
import com.ibm.disni.verbs.IbvSendWR;
import com.ibm.disni.verbs.IbvSge;
import com.ibm.disni.verbs.IbvWC;
import com.ibm.disni.verbs.SVCPollCq;
import com.ibm.disni.verbs.SVCPostRecv;
import com.ibm.disni.verbs.SVCPostSend;
import dev.sluice.rdma.internal.ffm.Loopback.Pair;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.LinkedList;
import java.util.List;

/** DiSNI's own calls, as a program written for DiSNI makes them, on a real device; skipped where there is none. */
@Tag("rdma")
final class DisniSystemTest {
    @Test
    void shouldRunStatefulCalls() throws Exception {
        try (Loopback here = Loopback.open()) {
            Pair pair = here.connect(true);
            SVCPostRecv receive = pair.far().queuePair.postRecv(List.of(receiveRequest(pair.far())), null);
            SVCPostSend send = pair.near().queuePair.postSend(List.of(sendRequest(pair.near())), null);
            SVCPollCq poll = here.queue.poll(completions(4), 4);
            for (int round = 1; round <= 3; round++) {
                pair.near().memory.set(ValueLayout.JAVA_LONG, 0, round);
                send.getWrMod(0).setWr_id(100 + round);
                receive.execute();
                send.execute();
                assertThat(collect(poll)).isEqualTo(2);
                assertThat(pair.far().memory.get(ValueLayout.JAVA_LONG, 512)).isEqualTo(round);
            }
            assertThat(send.getWrMod(0).getSgeMod(0).getLength()).isEqualTo(8);
            assertThat(receive.getWrMod(0).getWr_id()).isEqualTo(7);
            poll.free();
            send.free();
            receive.free();
            assertThat(send.isValid()).isFalse();
        }
    }

    @Test
    void shouldWriteTheAtomicsKeyWhereTheDeviceReadsIt() throws Exception {
        try (Loopback here = Loopback.open()) {
            Pair pair = here.connect(true);
            pair.far().memory.set(ValueLayout.JAVA_LONG, 0, 5);
            IbvSendWR add = sendRequest(pair.near());
            add.setOpcode(IbvSendWR.IBV_WR_ATOMIC_FETCH_AND_ADD);
            add.getAtomic().setRemote_addr(pair.far().at(0));
            add.getAtomic().setRkey(pair.far().region.getRkey());
            add.getAtomic().setCompare_add(6);
            pair.near().queuePair.postSend(List.of(add), null).execute().free();
            here.awaitCompletion(9, VerbsConstants.IBV_WC_SUCCESS);
            assertThat(pair.far().memory.get(ValueLayout.JAVA_LONG, 0)).isEqualTo(11);
        }
    }

    @Test
    void shouldRegisterABufferAndWaitForANotice() throws Exception {
        try (Loopback here = Loopback.open()) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(8192);
            IbvMr region = here.domain.regMr(buffer, IbvMr.IBV_ACCESS_LOCAL_WRITE).execute().free().getMr();
            assertThat(region.getLength()).isEqualTo(8192);
            region.deregMr().execute().free();
            assertThat(region.isOpen()).isFalse();
            here.queue.reqNotification(false).execute().free();
            assertThat(here.notices.getCqEvent(here.queue, 10)).isFalse();
            assertThat(here.queue.ackEvents(1)).isZero();
        }
    }

    private static int collect(SVCPollCq poll) throws Exception {
        long start = System.nanoTime();
        int count = 0;
        while (count < 2 && System.nanoTime() - start < Loopback.LIMIT_NS) {
            count += poll.execute().getPolls();
        }
        return count;
    }

    private static IbvWC[] completions(int count) {
        IbvWC[] all = new IbvWC[count];
        for (int i = 0; i < count; i++) {
            all[i] = new IbvWC();
        }
        return all;
    }

    private static IbvSendWR sendRequest(End from) {
        IbvSendWR request = new IbvSendWR();
        request.setWr_id(9);
        request.setOpcode(IbvSendWR.IBV_WR_SEND);
        request.setSend_flags(IbvSendWR.IBV_SEND_SIGNALED);
        request.setSg_list(elements(from.at(0), 8, from.region.getLkey()));
        return request;
    }

    private static IbvRecvWR receiveRequest(End to) {
        IbvRecvWR request = new IbvRecvWR();
        request.setWr_id(7);
        request.setSg_list(elements(to.at(512), 64, to.region.getLkey()));
        return request;
    }

    @SuppressWarnings({"JdkObsolete", "NonApiType"}) // the type that DiSNI takes
    private static LinkedList<IbvSge> elements(long address, int lengthBytes, int lkey) {
        IbvSge element = new IbvSge();
        element.setAddr(address);
        element.setLength(lengthBytes);
        element.setLkey(lkey);
        LinkedList<IbvSge> all = new LinkedList<>();
        all.add(element);
        return all;
    }
}
