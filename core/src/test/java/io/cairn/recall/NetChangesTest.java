package io.cairn.recall;

import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.tenant.Tenant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NetChangesTest {
    private static final Tenant ACME = new Tenant("acme");
    private static final Tenant OTHER = new Tenant("other");
    private static final IndexChange.Remove REMOVED = new IndexChange.Remove(ACME, Kind.DOCUMENT, "guide");

    @Test
    void whatIsRemovedLaterIsNotAdded() {
        var net = NetChanges.of(List.of(
                put(unit(ACME, Kind.DOCUMENT, "guide", 1)),
                put(unit(ACME, Kind.MESSAGE, "guide", 1), unit(OTHER, Kind.DOCUMENT, "guide", 1)),
                REMOVED));

        assertThat(net.removals()).containsExactly(REMOVED);
        assertThat(net.units())
                .map(unit -> unit.tenant() + " " + unit.ref().id())
                .containsExactly("acme m/guide/1/0", "other d/guide/1/0");
    }

    @Test
    void whatIsAddedAfterARemovalStays() {
        var second = unit(ACME, Kind.DOCUMENT, "guide", 2);

        var net = NetChanges.of(
                List.of(put(unit(ACME, Kind.DOCUMENT, "guide", 1)), REMOVED, put(second), REMOVED, put(second)));

        assertThat(net.removals()).containsExactly(REMOVED);
        assertThat(net.units()).containsExactly(second);
    }

    @Test
    void theLastUnitOfAnIdCounts() {
        var first = unit(ACME, Kind.MESSAGE, "chat", 1);
        var again = unit(ACME, Kind.MESSAGE, "chat", 1);

        assertThat(NetChanges.of(List.of(put(first), put(again))).units())
                .singleElement()
                .isSameAs(again);
    }

    private static IndexChange put(IndexUnit... units) {
        return new IndexChange.Put(List.of(units));
    }

    private static IndexUnit unit(Tenant tenant, Kind kind, String source, long number) {
        var ref = new UnitRef(kind, source, number, 0, 0, 1, null, 0, null, "en", List.of());
        return new IndexUnit(tenant, ref, null, List.of("x"), List.of(List.of("x")), null, List.of(), Map.of());
    }
}
