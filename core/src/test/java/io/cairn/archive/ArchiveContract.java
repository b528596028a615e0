package io.cairn.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cairn.event.Event;
import io.cairn.event.EventLog;
import io.cairn.event.EventType;
import io.cairn.event.Expected;
import io.cairn.event.Head;
import io.cairn.event.Ids;
import io.cairn.event.LogStorage;
import io.cairn.event.NewEvent;
import io.cairn.event.StreamAppend;
import io.cairn.event.StreamId;
import io.cairn.event.Unit;
import io.cairn.seal.MasterKey;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/// An export and an import, from every storage into every other of its kind.
public abstract class ArchiveContract {
    private static final Tenant ACME = new Tenant("acme");
    private static final Tenant OTHER = new Tenant("other");
    private static final StreamId STREAM = new StreamId("thing", "a");

    private final SecureRandom random = new SecureRandom();
    private final MasterKey master = MasterKey.random(random);

    private final List<EventLog> logs = new ArrayList<>();

    @AfterEach
    void close() {
        logs.forEach(EventLog::close);
    }

    private record Store(LogStorage storage, EventLog log, Ids ids) {
        Archive archive() {
            return new Archive(log, storage, EventLog.tables(), ids);
        }
    }

    /// A new, empty storage beside the others of this test.
    protected abstract LogStorage create(String name);

    private Store store(String epoch, MasterKey key) {
        var storage = create(epoch);
        var clock = Clock.fixed(Instant.parse("2026-01-02T03:04:05Z"), ZoneOffset.UTC);
        var ids = new Ids(clock, random);
        var log = EventLog.on(storage).sealedWith(key).ids(ids).random(random).start();
        logs.add(log);
        return new Store(storage, log, ids);
    }

    private Store filled() {
        var source = store("source", master);
        for (int i = 0; i < 450; i++) {
            append(source, i % 3 == 0 ? OTHER : ACME, "s" + i % 40, "{\"n\":" + i + "}");
        }
        var blob = source.log().blobs().store(context(ACME), "doc/1", new byte[] {1, 2, 3});
        source.log().append(Unit.rows(context(ACME), blob.rows()));
        return source;
    }

    private static List<String> export(Store from, @Nullable String after) {
        var lines = new ArrayList<String>();
        from.archive().export(after, line -> lines.add(line.toString()));
        return lines;
    }

    @Test
    void anImportedLogHoldsWhatTheOtherHeld() {
        var source = filled();
        var target = store("target", master);

        var imported = target.archive().take(context(ACME), export(source, null));

        assertThat(imported.complete()).isTrue();
        assertThat(imported.imported()).isEqualTo(450 + 40 + 40 + 1 + 1);
        assertThat(everything(target, ACME)).isEqualTo(everything(source, ACME));
        assertThat(everything(target, OTHER)).isEqualTo(everything(source, OTHER));
        assertThat(Verification.of(target.storage(), Optional.empty(), events -> {})
                        .problems())
                .isEmpty();
    }

    @Test
    void takingInTheSameLinesAgainChangesNothing() {
        var lines = export(filled(), null);
        var target = store("target", master);
        target.archive().take(context(ACME), lines);
        long head = length(target);

        var again = target.archive().take(context(ACME), lines);

        assertThat(again.imported()).isZero();
        assertThat(length(target)).isEqualTo(head);
    }

    @Test
    void anExportGoesOnBehindAnyOfItsLines() {
        var source = filled();
        var whole = export(source, null);
        for (int at : new int[] {1, 5, 60, 120, 400}) {
            var rest = export(source, cursor(whole.get(at)));

            assertThat(rest.subList(1, rest.size() - 1)).isEqualTo(whole.subList(at + 1, whole.size() - 1));
        }
    }

    @Test
    void behindAFinishedExportComesWhatIsNew() {
        var source = filled();
        var whole = export(source, null);
        append(source, ACME, "new", "{}");

        var rest = export(source, cursor(whole.get(whole.size() - 2)));

        assertThat(rest)
                .filteredOn(line -> line.startsWith("{\"kind\":\"event\""))
                .hasSize(1);
        assertThat(rest).filteredOn(line -> line.contains("subject-new")).hasSize(2);
    }

    private static String cursor(String line) {
        return JsonMapper.shared().readTree(line).required("cursor").asString();
    }

    @Test
    void anImportCutInTheMiddleIsFinishedByTheRest() {
        var source = filled();
        var whole = export(source, null);
        var target = store("target", master);

        target.archive().take(context(ACME), whole.subList(0, 300));
        target.archive().take(context(ACME), whole);

        assertThat(everything(target, ACME)).isEqualTo(everything(source, ACME));
    }

    @Test
    void anotherMasterKeyIsRefused() {
        var lines = export(filled(), null);
        var target = store("target", MasterKey.random(random));

        assertThatThrownBy(() -> target.archive().take(context(ACME), lines))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("another master key");
        assertThat(length(target)).isZero();
    }

    @Test
    void anEventThatWasChangedOnTheWayIsRefused() {
        var lines = new ArrayList<>(export(filled(), null));
        int index = lines.size() - 3;
        lines.set(index, lines.get(index).replace("\"subject\":\"subject", "\"subject\":\"subjecx"));
        var target = store("target", master);

        assertThatThrownBy(() -> target.archive().take(context(ACME), lines))
                .hasMessageContaining("Line " + (index + 1));
    }

    private static long length(Store store) {
        return store.log().heads().stream().mapToLong(Head::number).sum();
    }

    private static List<String> everything(Store store, Tenant tenant) {
        return store.log().<List<Event>>read(tenant, view -> view.after(0, 10_000)).stream()
                .filter(event -> !event.type().equals(Archive.IMPORTED))
                .map(event -> event.stream() + " v" + event.version() + " " + event.payload() + event.recordedAt())
                .toList();
    }

    private static void append(Store store, Tenant tenant, String id, String json) {
        var event = new NewEvent(
                UUID.randomUUID(),
                new EventType("thing.happened"),
                1,
                "subject-" + id,
                JsonMapper.shared().readTree(json),
                Instant.parse("2026-01-01T00:00:00Z"),
                null);
        store.log()
                .append(Unit.of(
                        context(tenant),
                        new StreamAppend(new StreamId(STREAM.type(), id), Expected.any(), List.of(event))));
    }

    private static Context context(Tenant tenant) {
        return new Context(tenant, "tester", "corr");
    }
}
