package io.cairn.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cairn.row.Row;
import io.cairn.row.RowChange;
import io.cairn.tenant.Tenant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// The rows of an inline projection are made anew from the log while it is written.
public abstract class InlineRebuildContract extends EventLogFixture {
    protected InlineRebuildContract(LogPlace place) {
        super(place);
    }

    @Test
    void rebuiltRowsEqualAFoldOfTheLogThoughWritersRan() throws Exception {
        var tenants = IntStream.range(0, 6).mapToObj(i -> new Tenant("t" + i)).toList();
        var writing = new AtomicBoolean(true);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = new ArrayList<Future<?>>();
            for (var tenant : tenants) {
                running.add(threads.submit(() -> {
                    for (int i = 0; writing.get() || i < 200; i++) {
                        append(tenant, i);
                    }
                }));
            }
            for (int i = 0; i < 3; i++) {
                log.inline().run("things");
            }
            writing.set(false);
            for (var writer : running) {
                writer.get();
            }
        }
        tenants.forEach(this::assertFolded);
        assertThat(log.inline().state("things").generation()).isEqualTo(4);
        assertThat(verify().problems()).isEmpty();
    }

    @Test
    void aRebuildMendsWhatWasDamaged() {
        log.append(unit(STREAM, Expected.none(), event("{}"), event("{}")));
        put(Map.of("id", "stray"), Set.of());
        put(Map.of("id", STREAM.id(), "version", 77L), Set.of());

        log.inline().run("things");

        assertThat(row("stray")).isEmpty();
        assertFolded(ACME);
        log.append(unit(STREAM, Expected.any(), event("{}")));
        assertFolded(ACME);
    }

    @Test
    void aRebuildThatACrashCutShortLeavesTheOldTablesInUse() {
        log.append(unit(STREAM, Expected.none(), event("{}")));
        put(Map.of("id", "stray"), Set.of());
        var rebuild = log.inline().prepare("things");
        rebuild.begin();
        rebuild.step();

        reopen();

        assertThat(row("stray")).isPresent();
        log.append(unit(STREAM, Expected.any(), event("{}")));
        assertThat(row(STREAM.id()).orElseThrow().number("version")).isEqualTo(2);
        log.inline().run("things");
        assertThat(row("stray")).isEmpty();
        assertFolded(ACME);
    }

    @Test
    void aRebuildSaysHowFarItIsAndThatItIsTheOnlyOne() {
        log.append(unit(STREAM, Expected.none(), event("{}")));

        assertThat(log.inline().begin("things")).isEqualTo(new InlineRebuilds.Begun.Started(2));
        await().untilAsserted(() -> {
            var state = log.inline().state("things");
            assertThat(state.generation()).isEqualTo(2);
            assertThat(state.rebuilding()).isEmpty();
            assertThat(state.failure()).isEmpty();
        });
        assertThatThrownBy(() -> log.inline().begin("others")).hasMessageContaining("things");
    }

    @Test
    void aForgottenEventStillCountsInARebuild() {
        log.append(unit(STREAM, Expected.none(), event("{}"), event("{}")));
        log.append(Unit.rows(
                CONTEXT, List.of(new RowChange.Remove(SubjectKeys.TABLE, SubjectKeys.TABLE.key("subject-1")))));
        reopen();

        log.inline().run("things");

        assertFolded(ACME);
    }

    /// The row of the tenant's one stream follows from the stream's last event, and from its first.
    private void assertFolded(Tenant tenant) {
        List<Event> events = log.read(tenant, view -> view.stream(STREAM, 0, 100_000));
        var row = log.<Row>read(tenant, EventLogFixture::row);
        assertThat(row.number("version")).isEqualTo(events.size());
        assertThat(row.number("position")).isEqualTo(events.getLast().position().number());
        assertThat(row.number("created_at"))
                .isEqualTo(Times.micros(events.getFirst().recordedAt()));
        assertThat(log.<Long>read(tenant, view -> view.count(THINGS))).isEqualTo(1);
    }
}
