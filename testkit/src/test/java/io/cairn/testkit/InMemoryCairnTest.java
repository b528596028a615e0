package io.cairn.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cairn.event.Event;
import io.cairn.event.Payload;
import io.cairn.follow.Rows;
import io.cairn.memory.ConversationId;
import io.cairn.memory.NewMessage;
import io.cairn.projection.RowProjection;
import io.cairn.row.RowChange;
import io.cairn.row.Table;
import io.cairn.tenant.Tenant;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;

class InMemoryCairnTest {
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
            if (!(event.payload() instanceof Payload.Open(var json))
                    || !event.type().name().equals("added")) {
                return List.of();
            }
            var of = event.stream().type();
            long sum =
                    rows.row(TOTAL, TOTAL.key(of)).map(row -> row.number("sum")).orElse(0L);
            return List.of(new RowChange.Put(TOTAL.row(
                    Map.of("of", of, "sum", sum + json.required("more").asLong()))));
        }
    }

    @Test
    void aStreamWithoutATypeIsRefused() {
        try (var cairn = InMemoryCairn.with()) {
            assertThatThrownBy(() -> cairn.event("a", "added", "{}"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("A stream is named as type/id, not 'a'");
        }
    }

    @Test
    void whatAProjectionCannotTakeInIsParkedAndTheRestCounts() {
        try (var cairn = InMemoryCairn.with(new Total())) {
            cairn.event("a/1", "added", "{\"more\": 2}")
                    .event("a/2", "added", "{\"more\": 3}")
                    .event("b/1", "added", "{}");

            assertThat(cairn.rows(TOTAL))
                    .singleElement()
                    .satisfies(row -> assertThat(row.number("sum")).isEqualTo(5));
            assertThat(cairn.parked())
                    .singleElement()
                    .satisfies(parked -> assertThat(parked.key()).isEqualTo("b/1"));
        }
    }

    @Test
    void aRebuildMakesTheSameRows() {
        try (var cairn = InMemoryCairn.with(new Total())) {
            cairn.event("a/1", "added", "{\"more\": 2}").runUntilIdle().rebuild();

            assertThat(cairn.rows(TOTAL))
                    .singleElement()
                    .satisfies(row -> assertThat(row.number("sum")).isEqualTo(2));
        }
    }

    @Test
    void eventsHappenWhenTheClockSays() {
        try (var cairn = InMemoryCairn.with()) {
            cairn.clock().set(Instant.parse("2030-05-01T12:00:00Z"));
            cairn.clock().pass(Duration.ofSeconds(1));
            cairn.event("a/1", "added", "{}");

            List<Event> events = cairn.log().read(Tenant.DEFAULT, view -> view.after(0, 10));

            assertThat(events)
                    .singleElement()
                    .satisfies(event -> assertThat(event.recordedAt()).isEqualTo("2030-05-01T12:00:01Z"));
        }
    }

    @Test
    void aMessageIsRememberedAndFollowed() {
        try (var cairn = InMemoryCairn.with(new Total())) {
            var id = new ConversationId("c1");
            var message = new NewMessage(
                    "m1", "user", null, "Remember the milk.", null, JsonNodeFactory.instance.objectNode());
            cairn.conversations().add(InMemoryCairn.CONTEXT, id, List.of(message));

            assertThat(cairn.conversations().messages(Tenant.DEFAULT, id, 0, 10))
                    .singleElement()
                    .satisfies(found -> assertThat(found.content()).isEqualTo("Remember the milk."));
            assertThat(cairn.parked()).isEmpty();
        }
    }
}
