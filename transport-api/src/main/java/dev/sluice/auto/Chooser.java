package dev.sluice.auto;

import dev.sluice.Candidate.Verdict;
import dev.sluice.SluiceException;
import dev.sluice.Transport;
import dev.sluice.spi.TransportProvider;

import java.net.URI;
import java.time.Duration;
import java.util.List;

/** One look for the best transport that both ends have: the first that reaches the peer. For one thread, once. */
final class Chooser {

    private static final Duration LEAST = Duration.ofMillis(1);

    private final AutoAddress address;
    private final Candidates candidates;
    private final long deadlineNs;

    /**
     * Its time begins.
     *
     * @param address the peer
     * @param candidates gets the verdicts
     */
    Chooser(AutoAddress address, Candidates candidates) {
        this.address = address;
        this.candidates = candidates;
        deadlineNs = System.nanoTime() + address.connectTimeout().toNanos();
    }

    /**
     * Asks the peer, and dials.
     *
     * @return the transport, or null when none reaches the peer
     * @throws SluiceException when the peer cannot be asked
     */
    Transport choose() throws SluiceException {
        List<TransportProvider> left = candidates.possible();
        Answer answer = left.isEmpty() ? null : ask();
        while (!left.isEmpty()) {
            TransportProvider provider = left.getFirst();
            int share = left.size();
            left = left.subList(1, share);
            URI peer = answer.offers().get(provider.scheme());
            if (peer == null) {
                candidates.note(provider.scheme(), Verdict.NOT_OFFERED, "the peer does not offer it");
                continue;
            }
            Transport reached = dial(provider, peer, answer.token(), share);
            if (reached != null) {
                return reached;
            }
            // A token is for one dial.
            answer = left.isEmpty() ? null : ask();
        }
        return null;
    }

    private Answer ask() throws SluiceException {
        return Inquiry.ask(address, Hello.TRIAL, deadlineNs);
    }

    /** Each has its share of the time that is left; null when it does not reach the peer. */
    private Transport dial(TransportProvider provider, URI peer, Token token, int share) {
        Transport transport = null;
        boolean reached = false;
        try {
            transport = provider.open(URI.create(provider.scheme() + ":///"),
                    address.optionsFor(provider.options()));
            long shareNs = Math.max(LEAST.toNanos(), (deadlineNs - System.nanoTime()) / share);
            Trial.dial(transport, peer, token, Duration.ofNanos(shareNs));
            reached = true;
            candidates.note(provider.scheme(), Verdict.CHOSEN, "chosen: it reaches " + peer);
        } catch (SluiceException e) {
            candidates.note(provider.scheme(), Verdict.DIAL_FAILED, "does not reach the peer: " + e.getMessage());
        } finally {
            if (!reached && transport != null) {
                transport.close();
            }
        }
        return reached ? transport : null;
    }
}
