package dev.sluice.rdma;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.sluice.Availability;
import dev.sluice.Options;
import dev.sluice.Sluice;
import dev.sluice.SluiceException;
import org.junit.jupiter.api.Test;

import java.net.URI;

final class RdmaTransportProviderTest {
    private final RdmaTransportProvider provider = new RdmaTransportProvider();

    @Test
    void shouldSayWhyAndWhatToDoWhereThereIsNoDevice() {
        Availability found = provider.availability();
        assumeFalse(found.isAvailable(), "this host has an RDMA device");
        assertThat(found.cause()).isNotEmpty();
        assertThat(found.remedy()).isNotEmpty();
    }

    @Test
    void shouldRefuseToOpenWithTheSameWords() {
        Availability found = provider.availability();
        assumeFalse(found.isAvailable(), "this host has an RDMA device");
        assertThatThrownBy(() -> provider.open(URI.create("rdma:///"), Options.none()))
                .isInstanceOfSatisfying(SluiceException.class, failed -> {
                    assertThat(failed).hasMessageContaining(found.cause());
                    assertThat(failed.remedy()).isEqualTo(found.remedy());
                });
    }

    @Test
    void shouldBeOfferedToApplications() {
        Availability found = provider.availability();
        assumeFalse(found.isAvailable(), "this host has an RDMA device");
        assertThat(Sluice.availability()).anySatisfy(each -> {
            assertThat(each.scheme()).isEqualTo("rdma");
            assertThat(each.remedy()).isEqualTo(found.remedy());
        });
        assertThatThrownBy(() -> Sluice.open(URI.create("rdma:///"), Options.none()))
                .isInstanceOf(SluiceException.class).hasMessageContaining(found.cause());
    }

    @Test
    void shouldKnowItsOwnOptions() {
        assertThat(provider.scheme()).isEqualTo("rdma");
        assertThat(provider.options().stream().map(Object::toString)).contains("dev", "gid", "detectionTime");
    }
}
