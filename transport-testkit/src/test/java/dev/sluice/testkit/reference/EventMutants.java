package dev.sluice.testkit.reference;

import dev.sluice.Action;
import dev.sluice.Connection;
import dev.sluice.DisconnectReason;
import dev.sluice.Status;

import java.util.HashSet;
import java.util.Set;

/** What can go wrong with events on their way to the handler. */
final class EventMutants {

    private EventMutants() {}

    static final class CompletesTwice extends HandlerSteps {

        private int count;

        @Override
        public void onCompletion(Connection connection, long cookie, Status status, long result) {
            super.onCompletion(connection, cookie, status, result);
            if (++count % 5 == 0) {
                super.onCompletion(connection, cookie, status, result);
            }
        }
    }

    static final class TruncatesCookies extends HandlerSteps {

        @Override
        public void onCompletion(Connection connection, long cookie, Status status, long result) {
            super.onCompletion(connection, (cookie << 32) >> 32, status, result);
        }
    }

    static final class LosesFlushed extends HandlerSteps {

        @Override
        public void onCompletion(Connection connection, long cookie, Status status, long result) {
            if (status != Status.FLUSHED) {
                super.onCompletion(connection, cookie, status, result);
            }
        }
    }

    static final class DisconnectsTwice extends HandlerSteps {

        @Override
        public void onDisconnect(Connection connection, DisconnectReason reason) {
            super.onDisconnect(connection, reason);
            super.onDisconnect(connection, reason);
        }
    }

    static final class DisconnectsNotLast extends HandlerSteps {

        private final Set<Connection> told = new HashSet<>();

        @Override
        public void onCompletion(Connection connection, long cookie, Status status, long result) {
            if (status == Status.FLUSHED && told.add(connection)) {
                super.onDisconnect(connection, DisconnectReason.LOCAL_CLOSE);
            }
            super.onCompletion(connection, cookie, status, result);
        }

        @Override
        public void onDisconnect(Connection connection, DisconnectReason reason) {
            if (!told.remove(connection)) {
                super.onDisconnect(connection, reason);
            }
        }
    }

    static final class KeepsDead extends HandlerSteps {

        private final Set<Connection> dead = new HashSet<>();

        @Override
        public void onDisconnect(Connection connection, DisconnectReason reason) {
            dead.add(connection);
            super.onDisconnect(connection, reason);
        }
    }

    static final class NeverWritable extends HandlerSteps {

        @Override
        public void onWritable(Connection connection) {
            // That is the defect.
        }
    }

    static final class WritableTwice extends HandlerSteps {

        @Override
        public void onWritable(Connection connection) {
            super.onWritable(connection);
            super.onWritable(connection);
        }
    }

    static final class SwapsImmediate extends HandlerSteps {

        @Override
        public Action onImmediate(Connection connection, int immediate, long length) {
            return super.onImmediate(connection, Integer.reverseBytes(immediate), length);
        }
    }

    static final class LosesSign extends HandlerSteps {

        @Override
        public Action onImmediate(Connection connection, int immediate, long length) {
            return super.onImmediate(connection, immediate & Integer.MAX_VALUE, length);
        }
    }

    static final class LosesAbortedImmediate extends HandlerSteps {

        @Override
        public Action onImmediate(Connection connection, int immediate, long length) {
            super.onImmediate(connection, immediate, length);
            return Action.CONTINUE;
        }
    }

    static final class NeverEnds extends HandlerSteps {

        @Override
        public void onEnd(Connection connection) {
            // That is the defect.
        }
    }
}
