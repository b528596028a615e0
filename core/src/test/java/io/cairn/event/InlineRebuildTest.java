package io.cairn.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cairn.event.InMemoryLogStorage.Step;
import io.cairn.row.Assigned;
import io.cairn.row.Row;
import io.cairn.row.RowChange;
import io.cairn.row.RowKey;
import io.cairn.row.Table;
import io.cairn.seal.MasterKey;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;

/// A rebuild that is struck down at each of its steps.
class InlineRebuildTest {
    private static final Context CONTEXT = new Context(new Tenant("acme"), "tester", "corr");
    private static final Table COUNT = new Table(
            "counted", Table.Kind.DERIVED, List.of(Table.Column.text("id")), List.of(Table.Column.number("version")));

    private final AtomicInteger stepsLeft = new AtomicInteger(Integer.MAX_VALUE);
    private final InMemoryLogStorage storage = InMemoryLogStorage.failing(
            Stream.concat(EventLog.tables().stream(), Stream.of(COUNT)).toList(), this::strike);
    private final SecureRandom random = new SecureRandom();
    private final EventLog log = EventLog.on(storage)
            .sealedWith(MasterKey.random(random))
            .inline(new Counted(COUNT))
            .random(random)
            .start();

    private record Counted(Table table) implements InlineProjection {
        @Override
        public String name() {
            return "counted";
        }

        @Override
        public List<Table> tables() {
            return List.of(table);
        }

        @Override
        public List<RowChange> changes(Tenant tenant, StreamId stream, NewEvent event) {
            return List.of(new RowChange.Put(COUNT.row(Map.of("id", stream.id(), "version", Assigned.VERSION))));
        }

        @Override
        public List<RowChange> changesOfForgotten(Tenant tenant, StreamId stream, EventType type) {
            return List.of();
        }
    }

    private void strike(Step step) {
        if (stepsLeft.getAndDecrement() <= 0) {
            throw new StorageException(StorageException.Kind.BROKEN, "struck at " + step, new IllegalStateException());
        }
    }

    @AfterEach
    void stop() {
        log.close();
    }

    @Test
    void whereverItIsStruckTheOldTableOrTheNewOneIsInUseAndTheNextRebuildSucceeds() {
        for (int i = 0; i < 5; i++) {
            append("s" + i);
        }
        int struck = 0;
        boolean finished = false;
        for (int steps = 0; !finished && steps < 100; steps++) {
            stray();
            stepsLeft.set(steps);
            try {
                log.inline().run("counted");
                finished = true;
            } catch (StorageException e) {
                struck++;
            }
            stepsLeft.set(Integer.MAX_VALUE);
            assertThat(rows())
                    .hasSize(rows().stream().anyMatch(row -> row.text("id").equals("stray")) ? 6 : 5);
            log.inline().run("counted");
            assertThat(rows()).map(row -> row.text("id")).containsExactly("s0", "s1", "s2", "s3", "s4");
        }
        assertThat(finished).isTrue();
        assertThat(struck).isGreaterThan(8);
        append("s0");
        assertThat(rows().getFirst().number("version")).isEqualTo(2);
    }

    @Test
    void ofSeveralThatRebuildAtOnceTheLastToBeginGoesOnAndTheOthersGiveUp() {
        append("s0");
        append("s1");
        var first = log.inline().prepare("counted");
        first.begin();
        first.step();
        var last = log.inline().prepare("counted");
        last.begin();
        append("s2");

        assertThatThrownBy(first::step)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Another rebuild of counted has begun");
        assertThatThrownBy(first::finish).isInstanceOf(IllegalStateException.class);
        last.step();
        last.finish();

        assertThat(rows()).map(row -> row.text("id")).containsExactly("s0", "s1", "s2");
        assertThat(storage.<List<Tenant>>read(snapshot -> snapshot.tenants(COUNT)))
                .containsExactly(CONTEXT.tenant());
    }

    @Test
    void onlyProjectionsAreRebuilt() {
        var wrong = new InlineRebuilds(
                storage,
                new Sealing(
                        new SubjectKeys(MasterKey.random(random), random, new Ids(Clock.systemUTC(), random)),
                        Upcasters.none(),
                        random),
                new Ids(Clock.systemUTC(), random),
                List.of(new Counted(SubjectKeys.TABLE)));

        assertThatThrownBy(() -> wrong.run("counted"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("subject_key is no projection");
    }

    private List<Row> rows() {
        return log.read(CONTEXT.tenant(), view -> view.rows(COUNT, new RowKey(List.of()), null, 100));
    }

    /// What no event ever said; a rebuild does not know it.
    private void stray() {
        log.append(Unit.rows(CONTEXT, List.of(new RowChange.Put(COUNT.row(Map.of("id", "stray"))))));
    }

    private void append(String stream) {
        var event = new NewEvent(
                UUID.randomUUID(),
                new EventType("thing.happened"),
                1,
                "subject",
                JsonNodeFactory.instance.objectNode(),
                Instant.EPOCH,
                null);
        assertThat(log.append(Unit.of(
                        CONTEXT, new StreamAppend(new StreamId("thing", stream), Expected.any(), List.of(event)))))
                .isInstanceOf(Appended.Written.class);
    }
}
