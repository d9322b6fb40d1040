package dev.sluice.auto;

import dev.sluice.Candidate;
import dev.sluice.Candidate.Verdict;
import dev.sluice.Explanation;
import dev.sluice.SluiceException;

import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * One transport, at its own address.
 *
 * @param part the transport
 */
record SingleFront(Part part) implements Front {

    @Override
    public URI address() {
        return part.listener().address();
    }

    @Override
    public List<Part> parts() {
        return List.of(part);
    }

    @Override
    public Explanation explanation() {
        return Explanation.of(address(),
                List.of(Candidate.of(part.scheme(), Verdict.OFFERED, "the address names it")));
    }

    @Override
    public AutoRequest poll(Duration limit) throws SluiceException, InterruptedException {
        return part.listener().accept(limit)
                .map(request -> new AutoRequest(part.transport(), request, request.metadata())).orElse(null);
    }

    @Override
    public void close() {
        part.close();
    }
}
