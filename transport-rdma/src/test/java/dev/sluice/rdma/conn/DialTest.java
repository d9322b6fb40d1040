package dev.sluice.rdma.conn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.rdma.internal.ffm.StubFabric;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Map;

final class DialTest {
    private static final int EINVAL = 22;

    /** Such as one whose peer broke it before this end had heard that it is established. */
    @Test
    void shouldSayWhyWhenTheDeviceRefusesAConnectionThatIsEstablished(@TempDir Path folder) throws Exception {
        String said = StubFabric.run(folder, Map.of("STUB_MODIFY_ERRNO", Integer.toString(EINVAL)), OneEndMain.class,
                "rdma:///", "CONTINUE");

        assertThat(said).contains("failed: ").contains("ibv_modify_qp");
    }
}
