package io.cairn.archive;

import io.cairn.event.Head;
import io.cairn.event.LogStorage;
import io.cairn.event.StoredEvent;
import io.cairn.event.SubjectKeys;
import io.cairn.row.Row;
import io.cairn.row.RowKey;
import io.cairn.row.Table;
import io.cairn.tenant.Tenant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// Holds a copy against its source: both logs are verified, the events of every tenant are the same in the same
/// order, and so are the rows beside them.
final class CopyCheck {
    private static final int PROBLEMS_MAX = 20;

    private final LogStorage source;
    private final LogStorage target;
    private final Origin origin;
    private final List<Table> tables;
    private final Trails here = new Trails();
    private final Trails there = new Trails();
    private final List<String> problems = new ArrayList<>();
    private long rows;

    CopyCheck(LogStorage source, LogStorage target, Origin origin, List<Table> tables) {
        this.source = source;
        this.target = target;
        this.origin = origin;
        this.tables = tables;
    }

    Trails copied() {
        return there;
    }

    /// Rows of the source's that are at the target.
    long rows() {
        return rows;
    }

    /// @param anchors of the source
    /// @param progress is told the number of events that were looked at, on both sides
    /// @return what is not as it should be
    List<String> run(Collection<Head> anchors, LongConsumer progress) {
        verify("source", source, anchors, progress, event -> {
            if (event.position() <= origin.numbers().get(event.partition())) {
                here.add(event);
            }
        });
        long before = here.events();
        verify("target", target, List.of(), count -> progress.accept(before + count), event -> {
            if (!event.stream().equals(origin.stream())) {
                there.add(event);
            }
        });
        problems.addAll(here.differences(there));
        tables.forEach(this::compare);
        return problems.subList(0, Math.min(problems.size(), PROBLEMS_MAX));
    }

    private void verify(
            String side,
            LogStorage storage,
            Collection<Head> anchors,
            LongConsumer progress,
            Consumer<StoredEvent> also) {
        Verification.of(storage, anchors, progress, also)
                .problems()
                .forEach(problem -> problems.add("%s, partition %d, position %d: %s"
                        .formatted(side, problem.partition(), problem.position(), problem.what())));
    }

    private void compare(Table table) {
        for (var tenant : target.read(snapshot -> snapshot.tenants(table))) {
            @Nullable RowKey after = null;
            List<Row> page;
            do {
                page = StateCopy.page(target, tenant, table, after);
                compare(tenant, table, page);
                after = page.isEmpty() ? after : page.getLast().key();
            } while (page.size() == StateCopy.PAGE);
        }
    }

    private void compare(Tenant tenant, Table table, List<Row> page) {
        var originals = source.<List<Optional<Row>>>read(snapshot ->
                page.stream().map(row -> snapshot.row(tenant, table, row.key())).toList());
        for (int i = 0; i < page.size(); i++) {
            var row = page.get(i);
            if (originals.get(i).filter(original -> same(original, row)).isPresent()) {
                rows++;
            } else if (!isOwn(tenant, row)) {
                problems.add(
                        "a row of %s of tenant %s at the target is not the source's".formatted(table.name(), tenant));
            }
        }
    }

    private static boolean same(Row one, Row other) {
        return one.table().columns().stream()
                .allMatch(column -> Objects.deepEquals(one.cell(column.name()), other.cell(column.name())));
    }

    /// A key that the target made for itself.
    private boolean isOwn(Tenant tenant, Row row) {
        return row.table().equals(SubjectKeys.TABLE)
                && tenant.equals(Tenant.CAIRN)
                && (row.text("subject").equals(SubjectKeys.MASTER_SUBJECT)
                        || row.text("subject").equals(Origin.SUBJECT));
    }
}
