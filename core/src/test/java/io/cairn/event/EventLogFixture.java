package io.cairn.event;

import static io.cairn.row.Table.Column.number;
import static io.cairn.row.Table.Column.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.archive.Verification;
import io.cairn.row.Assigned;
import io.cairn.row.Row;
import io.cairn.row.RowChange;
import io.cairn.row.Table;
import io.cairn.seal.MasterKey;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A log with a read model, on a storage that a test names.
abstract class EventLogFixture {
    /// A table that stands for any read model; its columns are those of `document`, which every storage has.
    static final Table THINGS = new Table(
            "document",
            Table.Kind.DERIVED,
            List.of(text("id")),
            List.of(
                    number("version"),
                    text("fingerprint"),
                    text("detail"),
                    number("created_at"),
                    number("updated_at"),
                    number("position"),
                    number("deleted_at")));

    static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-02T03:04:05.123456Z"), ZoneOffset.UTC);

    static final Tenant ACME = new Tenant("acme");
    static final Tenant OTHER = new Tenant("other");
    static final Context CONTEXT = new Context(ACME, "tester", "corr-1");
    static final StreamId STREAM = new StreamId("thing", "a");

    private final SecureRandom random = new SecureRandom();
    private final Ids ids = new Ids(CLOCK, random);
    private final MasterKey master = MasterKey.random(random);
    private final LogPlace place;
    LogStorage storage;
    EventLog log;

    EventLogFixture(LogPlace place) {
        this.place = place;
    }

    @BeforeEach
    void start() {
        storage = place.create(
                Stream.concat(EventLog.tables().stream(), Stream.of(THINGS)).toList());
        log = start(storage, EventLogSettings.defaults());
    }

    @AfterEach
    void stop() {
        log.close();
    }

    /// As after a restart.
    void reopen() {
        storage.close();
        storage = place.again(storage);
        log = start(storage, EventLogSettings.defaults());
    }

    EventLog start(LogStorage on, EventLogSettings settings) {
        return EventLog.on(on)
                .sealedWith(master)
                .inline(new Things())
                .ids(ids)
                .random(random)
                .settings(settings)
                .start();
    }

    /// Counts the things that happened, by stream.
    private static final class Things implements InlineProjection {
        @Override
        public String name() {
            return "things";
        }

        @Override
        public List<Table> tables() {
            return List.of(THINGS);
        }

        @Override
        public List<RowChange> changesOfForgotten(Tenant tenant, StreamId stream, EventType type) {
            return changes(stream);
        }

        @Override
        public List<RowChange> changes(Tenant tenant, StreamId stream, NewEvent event) {
            return changes(stream);
        }

        private static List<RowChange> changes(StreamId stream) {
            return List.of(new RowChange.Put(
                    THINGS.row(Map.of(
                            "id", stream.id(),
                            "version", Assigned.VERSION,
                            "position", Assigned.POSITION,
                            "created_at", Assigned.RECORDED_AT,
                            "updated_at", Assigned.RECORDED_AT)),
                    Set.of("created_at")));
        }
    }

    static Row row(TenantView view) {
        return view.row(THINGS, THINGS.key(STREAM.id())).orElseThrow();
    }

    void append(Tenant tenant, int version) {
        var append = new StreamAppend(STREAM, Expected.version(version), List.of(event("{\"n\":" + version + "}")));
        assertThat(log.append(Unit.of(new Context(tenant, "tester", "corr"), append)))
                .isInstanceOf(Appended.Written.class);
    }

    int partition(Tenant tenant) {
        return log.partition(tenant);
    }

    Verification verify() {
        return Verification.of(storage, Optional.empty(), progress -> {});
    }

    List<Event> read(StreamId stream) {
        return log.read(ACME, view -> view.stream(stream, 0, 1000));
    }

    Optional<Row> row(String id) {
        return log.read(ACME, view -> view.row(THINGS, THINGS.key(id)));
    }

    void put(Map<String, Object> cells, Set<String> keep) {
        log.append(Unit.rows(CONTEXT, List.of(new RowChange.Put(THINGS.row(cells), keep))));
    }

    static <T> T only(List<T> list) {
        assertThat(list).hasSize(1);
        return list.getFirst();
    }

    static Unit unit(StreamId stream, Expected expected, NewEvent... events) {
        return Unit.of(CONTEXT, new StreamAppend(stream, expected, List.of(events)));
    }

    static NewEvent event(String json) {
        return new NewEvent(
                UUID.randomUUID(),
                new EventType("thing.happened"),
                1,
                "subject-1",
                json(json),
                Instant.parse("2026-01-01T00:00:00Z"),
                null);
    }

    static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text);
    }
}
