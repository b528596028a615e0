package io.cairn.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.event.EventLog;
import io.cairn.event.ForwardingSnapshot;
import io.cairn.event.ForwardingStorage;
import io.cairn.event.Ids;
import io.cairn.event.LogStorage;
import io.cairn.event.ReadSnapshot;
import io.cairn.feature.Features;
import io.cairn.row.Row;
import io.cairn.row.RowKey;
import io.cairn.row.Table;
import io.cairn.seal.MasterKey;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;

/// What a list of very many tasks costs.
class TaskListTest {
    private static final Context ACME = new Context(new Tenant("acme"), "tester", "corr");
    private static final int MANY = 5_000;

    private final AtomicInteger rowsRead = new AtomicInteger();
    private final Ids ids = new Ids(new SettableClock(), new SecureRandom());
    private EventLog log;
    private Tasks tasks;

    /// Counts the rows that are read in lists.
    private record Counting(ReadSnapshot snapshot, AtomicInteger rowsRead) implements ForwardingSnapshot {
        @Override
        public List<Row> rows(Tenant tenant, Table table, RowKey prefix, @Nullable RowKey after, int limit) {
            var rows = snapshot.rows(tenant, table, prefix, after, limit);
            rowsRead.addAndGet(rows.size());
            return rows;
        }
    }

    @BeforeEach
    void enqueueMany() {
        var memory =
                LogStorage.inMemory(Features.of(List.of(TaskEngine.feature())).tables(), 1);
        var storage = new ForwardingStorage() {
            @Override
            public LogStorage storage() {
                return memory;
            }

            @Override
            public ReadSnapshot seen(ReadSnapshot snapshot) {
                return new Counting(snapshot, rowsRead);
            }
        };
        log = EventLog.on(storage)
                .sealedWith(MasterKey.random(new SecureRandom()))
                .ids(ids)
                .open();
        var types = new TaskTypes(
                List.of(Lane.parallel("things", 1)),
                List.of(
                        TaskType.of("common", "things", run -> Outcome.done()),
                        TaskType.of("rare", "things", run -> Outcome.done())));
        tasks = new Tasks(log, types, TaskSettings.defaults(), ids);
        for (int i = 0; i < MANY; i += 500) {
            tasks.submit(
                    ACME,
                    IntStream.range(0, 500).mapToObj(each -> task("common")).toList());
        }
        tasks.submit(ACME, task("rare"));
    }

    @AfterEach
    void stop() {
        log.close();
    }

    private NewTask task(String type) {
        return NewTask.of(ids.next(), type, JsonNodeFactory.instance.objectNode())
                .dueAt(Instant.parse("2099-01-01T00:00:00Z"));
    }

    @Test
    void aPageOfAListLooksAtSoManyTasksAndSaysWhereToGoOn() {
        var found = new ArrayList<Task>();
        int pages = 0;
        @Nullable String after = null;
        do {
            rowsRead.set(0);
            var page = tasks.list(ACME.tenant(), Tasks.Filter.all().of("rare"), after, 10);
            assertThat(rowsRead.get()).isLessThanOrEqualTo(Tasks.LOOKED_AT_MAX);
            found.addAll(page.tasks());
            after = page.next();
            pages++;
        } while (after != null);

        assertThat(found).hasSize(1);
        assertThat(pages).isEqualTo(3);
    }

    @Test
    void tasksThatRunAreFoundWithoutALookAtTheOthers() {
        rowsRead.set(0);

        var page = tasks.list(ACME.tenant(), Tasks.Filter.all().in(TaskState.RUNNING), null, 10);

        assertThat(page.tasks()).isEmpty();
        assertThat(page.next()).isNull();
        assertThat(rowsRead.get()).isZero();
    }

    @Test
    void whatFitsOnOnePageHasNoNextOne() {
        var all = tasks.list(ACME.tenant(), Tasks.Filter.all(), null, 7);
        var rest = tasks.list(ACME.tenant(), Tasks.Filter.all(), all.next(), 2);

        assertThat(all.tasks()).hasSize(7);
        assertThat(rest.tasks().getFirst().id().toString()).isGreaterThan(String.valueOf(all.next()));
        assertThat(tasks.list(ACME.tenant(), Tasks.Filter.all().in(TaskState.DEAD), "f", 10)
                        .next())
                .isNull();
    }
}
