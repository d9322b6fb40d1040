package dev.sluice.spi.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.RemoteRegion;
import dev.sluice.Right;
import dev.sluice.SluiceException;
import dev.sluice.spi.EncodedGrant;
import dev.sluice.spi.NativeRegion;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

final class GrantTableTest implements OwnerGrant.Control {
    private final GrantTable table = new GrantTable();
    private NativeRegion region;

    @BeforeEach
    void allocate() throws SluiceException {
        region = NativeRegion.allocate(this, 4096, 8, closed -> {});
    }

    @AfterEach
    void free() {
        table.clear();
        region.close();
    }

    @Test
    void shouldFindByKeyOnlyWhatIsOpen() throws SluiceException {
        List<OwnerGrant> grants = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            grants.add(grant(i, 100));
        }
        Set<Long> keys = new HashSet<>();
        for (OwnerGrant each : grants) {
            assertThat(table.find(each.key())).isSameAs(each);
            assertThat(table.find(each.key() ^ 1L << 40)).isNull();
            keys.add(each.key());
        }
        assertThat(keys).hasSize(20);
        grants.get(7).close();
        assertThat(table.find(grants.get(7).key())).isNull();
        OwnerGrant next = grant(0, 1);
        assertThat(next.key()).isNotEqualTo(grants.get(7).key());
        assertThat(table.find(-1)).isNull();
    }

    @Test
    void shouldPermitWhatIsInsideAndGranted() throws SluiceException {
        OwnerGrant grant = grant(16, 100);
        assertThat(grant.permits(EncodedGrant.READ, 0, 100)).isTrue();
        assertThat(grant.permits(EncodedGrant.READ, 100, 0)).isTrue();
        assertThat(grant.permits(EncodedGrant.READ, 0, 101)).isFalse();
        assertThat(grant.permits(EncodedGrant.READ, 1, 100)).isFalse();
        assertThat(grant.permits(EncodedGrant.READ, -1, 1)).isFalse();
        assertThat(grant.permits(EncodedGrant.READ, 0, -1)).isFalse();
        assertThat(grant.permits(EncodedGrant.READ, Long.MAX_VALUE, Long.MAX_VALUE)).isFalse();
        assertThat(grant.permits(EncodedGrant.WRITE, 0, 1)).isFalse();
        assertThat(grant.segmentOffset(3)).isEqualTo(19);
    }

    @Test
    void shouldKeepTheRegionInUseUntilItsLastGrantIsClosed() throws SluiceException {
        OwnerGrant first = grant(0, 1);
        grant(0, 1);
        first.close();
        first.close();
        assertThatThrownBy(region::close).isInstanceOf(IllegalStateException.class);
        table.clear();
        region.close();
    }

    @Test
    void shouldTravelInTheEncodedForm() throws SluiceException {
        OwnerGrant grant = grant(16, 100);
        MemorySegment bytes = MemorySegment.ofArray(new byte[RemoteRegion.ENCODED_BYTES]);
        grant.encode(bytes, 0);
        EncodedGrant arrived = EncodedGrant.decode("test", bytes, 0);
        assertThat(arrived.key()).isEqualTo(grant.key());
        assertThat(arrived.connection()).isEqualTo(77);
        assertThat(arrived.length()).isEqualTo(100);
        assertThat(arrived.rights()).containsExactly(Right.READ);
    }

    @Test
    void shouldRefuseTheCallersMistakesWhenImported() {
        ImportedRegion imported = new ImportedRegion(this, new EncodedGrant(77, 5, 0, 100, 0, Set.of(Right.READ)));
        imported.check(this, EncodedGrant.READ, 100, 0);
        assertThatThrownBy(() -> imported.check("another connection", EncodedGrant.READ, 0, 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> imported.check(this, EncodedGrant.WRITE, 0, 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> imported.check(this, EncodedGrant.READ, 1, 100))
                .isInstanceOf(IndexOutOfBoundsException.class);
        imported.close();
        assertThatThrownBy(() -> imported.check(this, EncodedGrant.READ, 0, 1))
                .isInstanceOf(IllegalStateException.class);
    }

    private OwnerGrant grant(long offset, long length) throws SluiceException {
        region.acquire();
        return table.add(this, region, offset, length, Set.of(Right.READ));
    }

    @Override
    public String scheme() {
        return "test";
    }

    @Override
    public long localId() {
        return 77;
    }

    @Override
    public void revoke(OwnerGrant grant) {
        table.remove(grant);
    }
}
