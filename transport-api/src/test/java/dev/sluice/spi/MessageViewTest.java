package dev.sluice.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.sluice.Action;
import dev.sluice.CompletionHandler;
import dev.sluice.Connection;
import dev.sluice.DisconnectReason;
import dev.sluice.Status;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Method;

class MessageViewTest {

    private final MemorySegment base = MemorySegment.ofArray(new long[]{0, 42, 0}).asReadOnly();
    private final Keeper keeper = new Keeper();

    @Test
    void shouldShowTheMemoryItselfWhenNotChecked() throws Exception {
        assertThat(deliver(false, 8)).isEqualTo(Action.ABORT);
        assertThat(keeper.base).isSameAs(base);
        assertThat(keeper.offset).isEqualTo(8);
        assertThat(keeper.base.get(ValueLayout.JAVA_LONG, keeper.offset)).isEqualTo(42);
    }

    @Test
    void shouldShowACopyThatDiesWithTheCallWhenChecked() throws Exception {
        assertThat(deliver(true, 8)).isEqualTo(Action.ABORT);
        assertThat(keeper.seen).isEqualTo(42);
        assertThat(keeper.length).isEqualTo(8);
        assertThat(keeper.offset % 8).isZero();
        assertThat(keeper.base.isReadOnly()).isTrue();
        assertThatIllegalStateException().isThrownBy(() -> keeper.base.get(ValueLayout.JAVA_BYTE, keeper.offset));
    }

    @Test
    void shouldDeliverAnEmptyMessageWhenChecked() throws Exception {
        assertThat(deliver(true, 0)).isEqualTo(Action.ABORT);
        assertThat(keeper.length).isZero();
    }

    private Action deliver(boolean checked, int length) throws Exception {
        Method deliver = freshlyLoaded(checked).getMethod("deliver", CompletionHandler.class, Connection.class,
                MemorySegment.class, long.class, int.class);
        return (Action) deliver.invoke(null, keeper, null, base, 8L, length);
    }

    /** The class reads its property once, when it is loaded: so it is loaded anew. */
    private static Class<?> freshlyLoaded(boolean checked) throws Exception {
        String before = System.getProperty("sluice.checked");
        System.setProperty("sluice.checked", String.valueOf(checked));
        try {
            return Class.forName(MessageView.class.getName(), true, new Reloader());
        } finally {
            if (before == null) {
                System.clearProperty("sluice.checked");
            } else {
                System.setProperty("sluice.checked", before);
            }
        }
    }

    /** Loads the one class again, and leaves all others to its parent. */
    private static final class Reloader extends ClassLoader {

        Reloader() {
            super(MessageView.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.equals(MessageView.class.getName())) {
                return super.loadClass(name, resolve);
            }
            try (InputStream code = MessageView.class.getResourceAsStream("MessageView.class")) {
                byte[] bytes = code.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }

    /** Keeps the view longer than it may. */
    private static final class Keeper implements CompletionHandler {

        private MemorySegment base;
        private long offset;
        private int length;
        private long seen;

        @Override
        public Action onMessage(Connection connection, MemorySegment message, long at, int bytes) {
            base = message;
            offset = at;
            length = bytes;
            seen = bytes == 0 ? 0 : message.get(ValueLayout.JAVA_LONG, at);
            return Action.ABORT;
        }

        @Override
        public void onCompletion(Connection connection, long cookie, Status status, long result) {
            throw new AssertionError("no operation was posted");
        }

        @Override
        public void onDisconnect(Connection connection, DisconnectReason reason) {
            throw new AssertionError("no connection was made");
        }
    }
}
