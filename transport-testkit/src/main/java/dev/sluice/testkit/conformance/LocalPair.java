package dev.sluice.testkit.conformance;

import dev.sluice.CompletionQueue;
import dev.sluice.Connection;
import dev.sluice.ConnectionRequest;
import dev.sluice.Listener;
import dev.sluice.SluiceException;
import dev.sluice.testkit.Subject;
import dev.sluice.testkit.peer.Settings;

import java.util.Optional;

/** Both ends of one connection on the near transport, for the test's thread alone. */
record LocalPair(Connection dialled, Connection accepted) {

    /** Both ends on the near queue, not polled yet. */
    static LocalPair of(Rig rig, Subject subject) throws SluiceException {
        return of(rig, subject, rig.queue(), Settings.none());
    }

    /** The accepted end on a queue of its own, not polled yet. */
    static LocalPair of(Rig rig, Subject subject, CompletionQueue accepting, Settings both) throws SluiceException {
        try (Listener listener = rig.transport().listen(subject.listen(), both.options(rig.scheme()))) {
            Attempt attempt = Attempt.to(rig, listener.address(), both);
            Connection accepted = next(listener).accept(accepting, both.options(rig.scheme()));
            return new LocalPair(attempt.connection(), accepted);
        }
    }

    /** The next request, which must come. */
    static ConnectionRequest next(Listener listener) throws SluiceException {
        try {
            Optional<ConnectionRequest> request = listener.accept(Rig.LIMIT);
            return request.orElseThrow(() -> new AssertionError("no request within " + Rig.LIMIT));
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }
}
