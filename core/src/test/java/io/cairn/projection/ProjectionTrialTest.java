package io.cairn.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cairn.event.Event;
import io.cairn.event.Payload;
import io.cairn.row.RowChange;
import io.cairn.row.Table;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProjectionTrialTest {
    private static final Table TOTAL = new Table(
            "total", Table.Kind.DERIVED, List.of(Table.Column.text("of")), List.of(Table.Column.number("sum")));

    /// Adds numbers up, by the type of the stream.
    private static final class Total implements RowProjection {
        @Override
        public String name() {
            return "total";
        }

        @Override
        public List<Table> tables() {
            return List.of(TOTAL);
        }

        @Override
        public List<RowChange> changes(Event event, Rows rows) {
            long more = ((Payload.Open) event.payload()).json().required("more").asLong();
            var of = event.stream().type();
            long sum =
                    rows.row(TOTAL, TOTAL.key(of)).map(row -> row.number("sum")).orElse(0L);
            return List.of(new RowChange.Put(TOTAL.row(Map.of("of", of, "sum", sum + more))));
        }
    }

    @Test
    void aProjectionIsTriedInALineForEachEvent() {
        try (var trial = ProjectionTrial.of(new Total())) {
            trial.event("a/1", "added", "{\"more\": 2}")
                    .event("a/2", "added", "{\"more\": 3}")
                    .event("b/1", "added", "{}");

            assertThat(trial.rows(TOTAL))
                    .singleElement()
                    .satisfies(row -> assertThat(row.number("sum")).isEqualTo(5));
            assertThat(trial.parked())
                    .singleElement()
                    .satisfies(parked -> assertThat(parked.key()).isEqualTo("b/1"));
            assertThat(trial.rebuild().rows(TOTAL)).hasSize(1);
        }
    }

    @Test
    void aStreamWithoutATypeIsRefused() {
        try (var trial = ProjectionTrial.of(new Total())) {
            assertThatThrownBy(() -> trial.event("a", "added", "{}"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("A stream is named as type/id, not 'a'");
        }
    }
}
