package io.cairn.passage;

import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.tenant.Tenant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NetChangesTest {
    private static final Tenant ACME = new Tenant("acme");
    private static final Tenant OTHER = new Tenant("other");
    private static final PassageChange.Remove REMOVED =
            new PassageChange.Remove(ACME, new SourceId(Kind.DOCUMENT, "guide"));

    @Test
    void whatIsRemovedLaterIsNotAdded() {
        var net = NetChanges.of(List.of(
                put(passage(ACME, Kind.DOCUMENT, "guide", 1)),
                put(passage(ACME, Kind.MESSAGE, "guide", 1), passage(OTHER, Kind.DOCUMENT, "guide", 1)),
                REMOVED));

        assertThat(net.removals()).containsExactly(REMOVED);
        assertThat(net.passages())
                .map(passage -> passage.tenant() + " " + passage.ref().id())
                .containsExactly("acme m/guide/1/0", "other d/guide/1/0");
    }

    @Test
    void whatIsAddedAfterARemovalStays() {
        var second = passage(ACME, Kind.DOCUMENT, "guide", 2);

        var net = NetChanges.of(
                List.of(put(passage(ACME, Kind.DOCUMENT, "guide", 1)), REMOVED, put(second), REMOVED, put(second)));

        assertThat(net.removals()).containsExactly(REMOVED);
        assertThat(net.passages()).containsExactly(second);
    }

    @Test
    void theLastPassageOfAnIdCounts() {
        var first = passage(ACME, Kind.MESSAGE, "chat", 1);
        var again = passage(ACME, Kind.MESSAGE, "chat", 1);

        assertThat(NetChanges.of(List.of(put(first), put(again))).passages())
                .singleElement()
                .isSameAs(again);
    }

    private static PassageChange put(Passage... passages) {
        return new PassageChange.Put(List.of(passages));
    }

    private static Passage passage(Tenant tenant, Kind kind, String source, long number) {
        var ref = new PassageRef(kind, source, number, 0, 0, 1, null, 0, null, "en", List.of(), 0);
        return new Passage(tenant, ref, null, List.of("x"), List.of(List.of("x")), null, null, List.of(), Map.of());
    }
}
