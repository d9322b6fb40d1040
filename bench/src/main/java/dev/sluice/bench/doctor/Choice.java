package dev.sluice.bench.doctor;

import dev.sluice.Candidate;
import dev.sluice.Explanation;
import dev.sluice.Options;
import dev.sluice.Sluice;
import dev.sluice.SluiceException;
import dev.sluice.bench.BenchException;
import dev.sluice.bench.ExitCodes;

import java.net.URI;
import java.util.List;
import java.util.stream.Collectors;

/** What {@code auto://} chooses, and why. */
public final class Choice {

    private static final URI NOBODY = URI.create("auto:///");

    private Choice() {}

    /** Of what is here, where nobody is asked. */
    static List<Finding> here() {
        String possible = explain(NOBODY).candidates().stream()
                .filter(each -> each.verdict() == Candidate.Verdict.POSSIBLE).map(Candidate::scheme)
                .collect(Collectors.joining(", "));
        return List.of(possible.isEmpty()
                ? Finding.bad("auto://", "nothing to choose from", "see the transports above")
                : Finding.ok("auto://", "would dial, the first that the peer has and that reaches it: " + possible));
    }

    /**
     * Towards a peer.
     *
     * @param peer {@code auto://host:port}
     * @return a line for each candidate
     * @throws BenchException when the peer cannot be asked
     */
    public static List<Finding> towards(URI peer) {
        return explain(peer).candidates().stream().map(Choice::finding).toList();
    }

    private static Finding finding(Candidate candidate) {
        String what = "auto: " + candidate.scheme();
        return switch (candidate.verdict()) {
            case CHOSEN, POSSIBLE -> Finding.ok(what, candidate.reason());
            default -> Finding.note(what, candidate.reason(), "");
        };
    }

    private static Explanation explain(URI uri) {
        try {
            return Sluice.explain(uri, Options.none());
        } catch (SluiceException e) {
            throw new BenchException(ExitCodes.PEER_UNREACHABLE, e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new BenchException(ExitCodes.USAGE, e.getMessage(), e);
        }
    }
}
