package dev.sluice.rdma.internal.ffm;

import com.ibm.disni.verbs.SVCPostSend;
import dev.sluice.rdma.internal.ffm.WorkLayouts.SendWr;
import dev.sluice.rdma.internal.ffm.WorkLayouts.Sge;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/** DiSNI's view of one request that is laid out already: every setter writes one field in native memory. */
final class SendRequestModifier implements SVCPostSend.SendWRMod, SVCPostSend.RdmaMod {
    private final WorkChain chain;

    private final MemorySegment requests;

    private final int slot;

    private final long at;

    SendRequestModifier(WorkChain chain, int slot) {
        this.chain = chain;
        this.slot = Objects.checkIndex(slot, chain.capacity());
        requests = chain.requests();
        at = chain.offset(slot);
    }

    @Override
    public void setWr_id(long id) {
        requests.set(Symbols.LONG, at + SendWr.ID, id);
    }

    @Override
    public long getWr_id() {
        return requests.get(Symbols.LONG, at + SendWr.ID);
    }

    @Override
    public void setSend_flags(int flags) {
        requests.set(Symbols.INT, at + SendWr.FLAGS, flags);
    }

    @Override
    public int getSend_flags() {
        return requests.get(Symbols.INT, at + SendWr.FLAGS);
    }

    @Override
    public int getNum_sge() {
        return requests.get(Symbols.INT, at + SendWr.NUM_SGE);
    }

    @Override
    public int getOpcode() {
        return requests.get(Symbols.INT, at + SendWr.OPCODE);
    }

    @Override
    public SVCPostSend.RdmaMod getRdmaMod() {
        return this;
    }

    @Override
    public SVCPostSend.SgeMod getSgeMod(int element) {
        return new ElementModifier(chain.sges(), chain.sgeOffset(slot, Objects.checkIndex(element, chain.elements())));
    }

    @Override
    public void setRemote_addr(long remoteAddress) {
        requests.set(Symbols.LONG, at + SendWr.REMOTE_ADDRESS, remoteAddress);
    }

    @Override
    public long getRemote_addr() {
        return requests.get(Symbols.LONG, at + SendWr.REMOTE_ADDRESS);
    }

    @Override
    public void setRkey(int rkey) {
        requests.set(Symbols.INT, at + SendWr.RKEY, rkey);
    }

    @Override
    public int getRkey() {
        return requests.get(Symbols.INT, at + SendWr.RKEY);
    }

    /** There is no such field in C. */
    @Override
    public void setReserved(int reserved) {}

    @Override
    public int getReserved() {
        return 0;
    }

    private record ElementModifier(MemorySegment sges, long at) implements SVCPostSend.SgeMod {
        @Override
        public void setAddr(long address) {
            sges.set(Symbols.LONG, at + Sge.ADDRESS, address);
        }

        @Override
        public long getAddr() {
            return sges.get(Symbols.LONG, at + Sge.ADDRESS);
        }

        @Override
        public void setLength(int length) {
            sges.set(Symbols.INT, at + Sge.LENGTH, length);
        }

        @Override
        public int getLength() {
            return sges.get(Symbols.INT, at + Sge.LENGTH);
        }

        @Override
        public void setLkey(int lkey) {
            sges.set(Symbols.INT, at + Sge.LKEY, lkey);
        }

        @Override
        public int getLkey() {
            return sges.get(Symbols.INT, at + Sge.LKEY);
        }
    }
}
