package dev.sluice.rdma.internal.ffm;

import com.ibm.disni.verbs.IbvRecvWR;
import com.ibm.disni.verbs.IbvSendWR;
import com.ibm.disni.verbs.RdmaCm;
import com.ibm.disni.verbs.RdmaVerbs;

/** Installs the provider and uses what needs no device, in a process of its own. */
final class ProviderMain {
    static final String DONE = "the provider is in use";

    private ProviderMain() {}

    public static void main(String[] args) throws Exception {
        FfmProvider.install();
        System.out.println(RdmaVerbs.open() + " " + RdmaCm.open() + " " + RdmaVerbs.getVersion());
        System.out.println(new IbvSendWR() + " " + new IbvRecvWR());
        System.out.println(RdmaProbe.availability().isAvailable());
        System.out.println(DONE);
    }
}
