package io.cairn.refresh;

import static io.cairn.row.Table.Column.number;
import static io.cairn.row.Table.Column.text;

import io.cairn.event.Appended;
import io.cairn.event.EventLog;
import io.cairn.event.ExactJson;
import io.cairn.event.PartitionUnit;
import io.cairn.event.Times;
import io.cairn.lease.Lease;
import io.cairn.row.Row;
import io.cairn.row.RowChange;
import io.cairn.row.RowExpectation;
import io.cairn.row.Table;
import io.cairn.tenant.Tenant;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Where the last refresh is kept, so that it goes on after a crash, on whichever node.
///
/// Every change expects that nobody changed it meanwhile. It belongs to the indexes of this log, so that no export
/// carries it.
final class RefreshTable {
    static final Table TABLE = new Table(
            "model_refresh",
            Table.Kind.DERIVED,
            List.of(text("name")),
            List.of(
                    number("revision"),
                    text("phase"),
                    text("made_before"),
                    text("made_after"),
                    number("paused"),
                    number("accepted"),
                    number("done"),
                    number("total"),
                    text("reason"),
                    text("comparison"),
                    text("started_by"),
                    number("started_at"),
                    number("changed_at"),
                    number("tokens"),
                    text("estimate"),
                    number("estimate_only")));

    /// There is one dense index.
    private static final String NAME = "dense";

    private static final int PARTITION = 0;
    private static final int ATTEMPTS_MAX = 20;

    private final EventLog log;
    private final Clock clock;

    RefreshTable(EventLog log, Clock clock) {
        this.log = log;
        this.clock = clock;
    }

    /// The last refresh, if there ever was one.
    Optional<Refresh> last() {
        return row().map(RefreshTable::refresh);
    }

    /// Changes it, or leaves it as it is.
    ///
    /// @param change is given what is there; it answers the same to leave it
    /// @param lease under which it is changed, if it has to be held
    /// @return what is there afterwards
    Optional<Refresh> change(UnaryOperator<Optional<Refresh>> change, Optional<Lease> lease) {
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            var found = row();
            var before = found.map(RefreshTable::refresh);
            var after = change.apply(before);
            if (after.equals(before) || after.isEmpty()) {
                return before;
            }
            var changed = after.get().at(clock.instant());
            if (put(found.map(row -> row.number("revision")).orElse(null), changed, lease)) {
                return Optional.of(changed);
            }
            lease.ifPresent(this::requireHeld);
        }
        throw new IllegalStateException(
                "The refresh was changed by others at each of %d attempts to change it".formatted(ATTEMPTS_MAX));
    }

    private void requireHeld(Lease lease) {
        var unit = new PartitionUnit(PARTITION, List.of(lease.fence()), List.of());
        if (!(log.feed().append(unit) instanceof Appended.Written)) {
            throw lease.lost();
        }
    }

    private Optional<Row> row() {
        return log.read(Tenant.CAIRN, view -> view.row(TABLE, TABLE.key(NAME)));
    }

    private boolean put(@Nullable Long revision, Refresh refresh, Optional<Lease> lease) {
        var expected = new ArrayList<PartitionUnit.Expectation>();
        lease.map(Lease::fence).ifPresent(expected::add);
        expected.add(new PartitionUnit.Expectation(
                Tenant.CAIRN, new RowExpectation.Cell(TABLE, TABLE.key(NAME), "revision", revision)));
        var change = new PartitionUnit.Change(
                Tenant.CAIRN, new RowChange.Put(row(revision == null ? 1 : revision + 1, refresh)));
        return log.feed().append(new PartitionUnit(PARTITION, expected, List.of(change))) instanceof Appended.Written;
    }

    private static Row row(long revision, Refresh refresh) {
        var cells = new HashMap<String, @Nullable Object>();
        cells.put("name", NAME);
        cells.put("revision", revision);
        cells.put("phase", refresh.phase().text());
        cells.put("made_before", refresh.from());
        cells.put("made_after", refresh.to());
        cells.put("paused", refresh.paused() ? 1L : 0L);
        cells.put("accepted", refresh.accepted() ? 1L : 0L);
        cells.put("done", refresh.done());
        cells.put("total", refresh.total());
        cells.put("reason", refresh.reason().orElse(null));
        cells.put("comparison", refresh.comparison().map(RefreshTable::json).orElse(null));
        cells.put("started_by", refresh.startedBy());
        cells.put("started_at", Times.micros(refresh.startedAt()));
        cells.put("changed_at", Times.micros(refresh.changedAt()));
        cells.put("tokens", refresh.tokens());
        cells.put("estimate", refresh.estimate().map(RefreshTable::json).orElse(null));
        cells.put("estimate_only", refresh.estimateOnly() ? 1L : 0L);
        return TABLE.row(cells);
    }

    private static Refresh refresh(Row row) {
        return new Refresh(
                Phase.of(row.text("phase")),
                row.text("made_before"),
                row.text("made_after"),
                row.number("paused") == 1,
                row.number("accepted") == 1,
                row.number("done"),
                row.number("total"),
                Optional.ofNullable(row.textOrNull("reason")),
                Optional.ofNullable(row.textOrNull("comparison"))
                        .map(text -> comparison(ExactJson.mapper().readTree(text))),
                row.text("started_by"),
                Times.instant(row.number("started_at")),
                Times.instant(row.number("changed_at")),
                numberOr0(row, "tokens"),
                Optional.ofNullable(row.textOrNull("estimate"))
                        .map(text -> estimate(ExactJson.mapper().readTree(text))),
                numberOr0(row, "estimate_only") == 1);
    }

    /// A change of a former release has none.
    private static long numberOr0(Row row, String column) {
        var number = row.numberOrNull(column);
        return number == null ? 0 : number;
    }

    private static String json(Estimate estimate) {
        return ExactJson.mapper()
                .createObjectNode()
                .put("texts", estimate.texts())
                .put("tokens", estimate.tokens())
                .put("cost", estimate.cost().toPlainString())
                .put("currency", estimate.currency())
                .put("time_us", estimate.time().toNanos() / 1_000)
                .toString();
    }

    private static Estimate estimate(JsonNode json) {
        return new Estimate(
                json.path("texts").asLong(),
                json.path("tokens").asLong(),
                new BigDecimal(json.path("cost").asString()),
                json.path("currency").asString(),
                Duration.of(json.path("time_us").asLong(), ChronoUnit.MICROS));
    }

    private static String json(Comparison comparison) {
        return ExactJson.mapper()
                .createObjectNode()
                .put("queries", comparison.queries())
                .put("overlap", comparison.overlap())
                .put("judged", comparison.judged())
                .put("recall_before", comparison.recallBefore())
                .put("recall_after", comparison.recallAfter())
                .put("p95_before_us", comparison.p95Before().toNanos() / 1_000)
                .put("p95_after_us", comparison.p95After().toNanos() / 1_000)
                .toString();
    }

    private static Comparison comparison(JsonNode json) {
        return new Comparison(
                json.path("queries").asInt(),
                json.path("overlap").asDouble(),
                json.path("judged").asInt(),
                json.path("recall_before").asDouble(),
                json.path("recall_after").asDouble(),
                Duration.ofNanos(json.path("p95_before_us").asLong() * 1_000),
                Duration.ofNanos(json.path("p95_after_us").asLong() * 1_000));
    }
}
