package io.cairn.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.row.Row;
import io.cairn.row.RowChange;
import io.cairn.row.RowExpectation;
import io.cairn.row.RowKey;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Rows commit with the events of their unit, and are found by their keys.
public abstract class RowContract extends EventLogFixture {
    protected RowContract(LogPlace place) {
        super(place);
    }

    @Test
    void rowsCommitWithTheirEventsAndKnowWhatTheWriterAssigned() {
        log.append(unit(STREAM, Expected.none(), event("{}"), event("{}"), event("{}")));
        log.append(unit(STREAM, Expected.any(), event("{}")));

        var row = row("a").orElseThrow();

        assertThat(row.number("version")).isEqualTo(4);
        assertThat(row.number("position")).isEqualTo(4);
        assertThat(row.number("created_at")).isEqualTo(Times.micros(CLOCK.instant()));
    }

    @Test
    void aColumnThatIsKeptKeepsItsFirstValue() {
        put(Map.of("id", "x", "detail", "first", "fingerprint", "one"), Set.of());
        put(Map.of("id", "x", "detail", "second", "fingerprint", "two"), Set.of("detail"));

        assertThat(row("x").orElseThrow().text("detail")).isEqualTo("first");
        assertThat(row("x").orElseThrow().text("fingerprint")).isEqualTo("two");

        put(Map.of("id", "x"), Set.of());
        assertThat(row("x").orElseThrow().textOrNull("detail")).isNull();
    }

    @Test
    void anExpectationAboutARowIsCheckedWhenTheUnitsTurnComes() {
        var key = THINGS.key("x");
        var absent = new RowExpectation.Absent(THINGS, key);
        var claim = new RowChange.Put(THINGS.row(Map.of("id", "x", "detail", "mine")));
        var unit = new Unit(CONTEXT, List.of(), List.of(absent), List.of(claim));

        var outcomes =
                Stream.of(log.submit(unit), log.submit(unit)).map(log::await).toList();

        assertThat(outcomes.get(0)).isInstanceOf(Appended.Written.class);
        assertThat(outcomes.get(1)).isInstanceOfSatisfying(Appended.Unmet.class, unmet -> {
            assertThat(unmet.expectation()).isEqualTo(absent);
            assertThat(unmet.found().orElseThrow().text("detail")).isEqualTo("mine");
        });
        var stillNull = new RowExpectation.Cell(THINGS, key, "deleted_at", null);
        assertThat(stillNull.holds(row("x"))).isTrue();
    }

    @Test
    void rowsThatLackAValueAreCountedAndAddedUp() {
        for (int i = 0; i < 1_500; i++) {
            put(ACME, Map.of("id", "row-" + i, "position", (long) i));
        }
        put(ACME, Map.of("id", "deleted", "position", 5_000L, "deleted_at", 1L));
        put(OTHER, Map.of("id", "another's", "position", 7_000L));

        assertThat(log.<Tally>read(ACME, view -> view.tally(THINGS, "deleted_at", "position")))
                .isEqualTo(new Tally(1_500, 1_500L * 1_499 / 2));
        assertThat(log.<Tally>read(new Tenant("nobody"), view -> view.tally(THINGS, "deleted_at", "position")))
                .isEqualTo(new Tally(0, 0));
    }

    @Test
    void rowsAreListedInTheOrderOfTheirKeys() {
        for (var id : List.of("b", "a", "ä", "😀", "\uFFFD", "aa", "B")) {
            put(Map.of("id", id), Set.of());
        }

        var all = log.<List<Row>>read(ACME, view -> view.rows(THINGS, new RowKey(List.of()), null, 100));
        var rest = log.<List<Row>>read(ACME, view -> view.rows(THINGS, new RowKey(List.of()), THINGS.key("aa"), 2));

        assertThat(all).map(row -> row.text("id")).containsExactly("B", "a", "aa", "b", "ä", "\uFFFD", "😀");
        assertThat(rest).map(row -> row.text("id")).containsExactly("b", "ä");
        assertThat(log.<Long>read(ACME, view -> view.count(THINGS))).isEqualTo(7);
    }

    @Test
    void removedRowsAreGone() {
        put(Map.of("id", "x"), Set.of());
        log.append(Unit.rows(CONTEXT, List.of(new RowChange.Remove(THINGS, THINGS.key("x")))));

        assertThat(row("x")).isEmpty();
    }

    private void put(Tenant tenant, Map<String, ?> cells) {
        var row = new RowChange.Put(THINGS.row(cells));
        log.append(new Unit(new Context(tenant, "tester", "corr-1"), List.of(), List.of(), List.of(row)));
    }
}
