package io.cairn.event;

import static io.cairn.row.Table.Column.number;
import static io.cairn.row.Table.Column.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cairn.archive.Verification;
import io.cairn.row.Assigned;
import io.cairn.row.Row;
import io.cairn.row.RowChange;
import io.cairn.row.RowExpectation;
import io.cairn.row.RowKey;
import io.cairn.row.Table;
import io.cairn.seal.MasterKey;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What every storage of a log must hold to, seen through the log.
public abstract class EventLogContract {
    /// A table that stands for any read model; its columns are those of `document`, which every storage has.
    protected static final Table THINGS = new Table(
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

    protected static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-02T03:04:05.123456Z"), ZoneOffset.UTC);

    private static final Tenant ACME = new Tenant("acme");
    private static final Tenant OTHER = new Tenant("other");
    private static final Context CONTEXT = new Context(ACME, "tester", "corr-1");
    private static final StreamId STREAM = new StreamId("thing", "a");

    private final SecureRandom random = new SecureRandom();
    private final Ids ids = new Ids(CLOCK, random);
    private final MasterKey master = MasterKey.random(random);
    private LogStorage storage;
    private EventLog log;

    /// A new, empty storage with those of [EventLog#tables()] and [#THINGS].
    protected abstract LogStorage create();

    /// Closes the storage and opens it again, as after a restart.
    protected abstract LogStorage reopen(LogStorage storage);

    @BeforeEach
    void start() {
        storage = create();
        log = start(storage, EventLogSettings.defaults());
    }

    @AfterEach
    void stop() {
        log.close();
    }

    private EventLog start(LogStorage on, EventLogSettings settings) {
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

    @Test
    void anAppendedEventIsReadBackAsItWas() {
        var event = event("{\"text\":\"Bună ziua 👋\"}");

        var outcome = log.append(unit(STREAM, Expected.none(), event));

        assertThat(outcome).isEqualTo(new Appended.Written(log.position(partition(ACME), 1), Map.of(STREAM, 1L)));
        var read = only(read(STREAM));
        assertThat(read.id()).isEqualTo(event.id());
        assertThat(read.payload()).isEqualTo(new Payload.Open(event.payload()));
        assertThat(read.occurredAt()).isEqualTo(event.occurredAt());
        assertThat(read.recordedAt()).isEqualTo(CLOCK.instant());
        assertThat(read.correlation()).isEqualTo("corr-1");
        assertThat(read.actor()).isEqualTo("tester");
    }

    @Test
    void payloadsAreSealedInTheStore() {
        log.append(unit(STREAM, Expected.any(), event("{\"secret\":\"swordfish\"}")));

        var stored = storage.read(snapshot -> snapshot.after(partition(ACME), 0, 10, Long.MAX_VALUE));

        assertThat(new String(only(stored).payload(), java.nio.charset.StandardCharsets.ISO_8859_1))
                .doesNotContain("swordfish");
    }

    @Test
    void anUnexpectedVersionIsAConflictThatNamesTheActualOne() {
        log.append(unit(STREAM, Expected.none(), event("{}"), event("{}")));

        assertThat(log.append(unit(STREAM, Expected.none(), event("{}")))).isEqualTo(new Appended.Conflict(STREAM, 2));
        assertThat(log.append(unit(STREAM, Expected.version(1), event("{}"))))
                .isEqualTo(new Appended.Conflict(STREAM, 2));
        assertThat(log.append(unit(STREAM, Expected.version(2), event("{}")))).isInstanceOf(Appended.Written.class);
        assertThat(read(STREAM)).hasSize(3);
    }

    @Test
    void anEventIdIsWrittenOnce() {
        var first = event("{}");
        log.append(unit(STREAM, Expected.any(), first));

        var again = log.append(unit(STREAM, Expected.any(), first));
        var partly = log.append(unit(STREAM, Expected.any(), event("{}"), first));

        var recorded = Map.of(first.id(), new Recorded(first.id(), STREAM, 1, 1));
        assertThat(again).isEqualTo(new Appended.Duplicate(recorded, log.position(partition(ACME), 1)));
        assertThat(partly).isEqualTo(new Appended.Duplicate(recorded, log.position(partition(ACME), 1)));
        assertThat(read(STREAM)).hasSize(1);
    }

    /// A writer that finds its partition as it left it asks less.
    @Test
    void whoeverIsRefusedAfterQuietTimesIsToldWhatIsThere() {
        var first = event("{}");
        log.append(unit(STREAM, Expected.any(), first));
        for (int version = 1; version < 10; version++) {
            log.append(unit(STREAM, Expected.version(version), event("{}")));
        }

        assertThat(log.append(unit(STREAM, Expected.version(3), event("{}"))))
                .isEqualTo(new Appended.Conflict(STREAM, 10));
        assertThat(log.append(unit(STREAM, Expected.any(), first))).isInstanceOf(Appended.Duplicate.class);
        assertThat(log.append(unit(STREAM, Expected.version(10), event("{}")))).isInstanceOf(Appended.Written.class);
        assertThat(verify().problems()).isEmpty();
    }

    @Test
    void anIdThatComesAgainAfterQuietTimesIsFoundOutWhateverElseIsInItsUnit() {
        var first = event("{}");
        log.append(unit(STREAM, Expected.any(), first));
        for (int i = 0; i < 10; i++) {
            log.append(unit(STREAM, Expected.any(), event("{}")));
        }
        var many = IntStream.range(0, 700)
                .mapToObj(i -> i == 0 ? first : event("{}"))
                .toArray(NewEvent[]::new);

        assertThat(log.append(unit(STREAM, Expected.any(), many))).isInstanceOf(Appended.Duplicate.class);
        assertThat(read(STREAM)).hasSize(11);
    }

    @Test
    void twoLogsOnOneStorageThatTakeTurnsNeverRefuseWhatHolds() {
        try (var other = start(new LastingStorage(storage), EventLogSettings.defaults())) {
            int version = 0;
            for (int turn = 0; turn < 6; turn++) {
                for (int i = 0; i < 6; i++) {
                    var writing = turn % 2 == 0 ? log : other;
                    assertThat(writing.append(unit(STREAM, Expected.version(version), event("{}"))))
                            .isInstanceOf(Appended.Written.class);
                    version++;
                }
            }
        }
        assertThat(verify().problems()).isEmpty();
    }

    @Test
    void anotherTenantsIdsAndStreamsAreItsOwn() {
        var event = event("{}");
        log.append(unit(STREAM, Expected.none(), event));

        var outcome = log.append(Unit.of(
                new Context(OTHER, "tester", "corr-2"), new StreamAppend(STREAM, Expected.none(), List.of(event))));

        assertThat(outcome).isInstanceOf(Appended.Written.class);
        assertThat(read(STREAM)).hasSize(1);
        assertThat(log.<List<Event>>read(OTHER, view -> view.after(0, 10))).hasSize(1);
        assertThat(log.<Optional<Row>>read(OTHER, view -> view.row(THINGS, THINGS.key("a"))))
                .hasValueSatisfying(row -> assertThat(row.number("position"))
                        .isEqualTo(log.head(partition(OTHER)).number()));
    }

    @Test
    void aUnitOverTwoStreamsIsWrittenAsAWholeOrNotAtAll() {
        var other = new StreamId("thing", "b");
        log.append(unit(other, Expected.none(), event("{}")));

        var outcome = log.append(new Unit(
                CONTEXT,
                List.of(
                        new StreamAppend(STREAM, Expected.none(), List.of(event("{}"))),
                        new StreamAppend(other, Expected.none(), List.of(event("{}")))),
                List.of(),
                List.of()));

        assertThat(outcome).isEqualTo(new Appended.Conflict(other, 1));
        assertThat(read(STREAM)).isEmpty();
        assertThat(log.head(partition(ACME)).number()).isEqualTo(1);
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

    private void put(Tenant tenant, Map<String, ?> cells) {
        var row = new RowChange.Put(THINGS.row(cells));
        log.append(new Unit(new Context(tenant, "tester", "corr-1"), List.of(), List.of(), List.of(row)));
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

    @Test
    void concurrentWritersGetGaplessPositionsAndLoseNothing() throws Exception {
        int writers = 16;
        int each = 25;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = new ArrayList<Future<?>>();
            for (int writer = 0; writer < writers; writer++) {
                var stream = new StreamId("thing", "w" + writer);
                running.add(threads.submit(() -> {
                    for (int i = 0; i < each; i++) {
                        assertThat(log.append(unit(stream, Expected.version(i), event("{\"n\":" + i + "}"))))
                                .isInstanceOf(Appended.Written.class);
                    }
                }));
            }
            for (var writer : running) {
                writer.get();
            }
        }
        var events = log.feed().after(partition(ACME), 0, 10_000, Long.MAX_VALUE);
        assertThat(events)
                .map(event -> event.position().number())
                .containsExactlyElementsOf(IntStream.rangeClosed(1, writers * each)
                        .mapToObj(Long::valueOf)
                        .toList());
        assertThat(verify().problems()).isEmpty();
    }

    @Test
    void everyPartitionIsGaplessWhileAllAreWritten() throws Exception {
        var tenants = IntStream.range(0, 12).mapToObj(i -> new Tenant("t" + i)).toList();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = new ArrayList<Future<?>>();
            for (var tenant : tenants) {
                running.add(threads.submit(() -> IntStream.range(0, 20).forEach(i -> append(tenant, i))));
            }
            for (var writer : running) {
                writer.get();
            }
        }
        long written = 0;
        for (var head : log.heads()) {
            var events = log.feed().after(head.partition(), 0, 10_000, Long.MAX_VALUE);
            assertThat(events)
                    .map(event -> event.position().number())
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, head.number()).boxed().toList());
            assertThat(events).allMatch(event -> log.partition(event.tenant()) == head.partition());
            written += events.size();
        }
        assertThat(written).isEqualTo(tenants.size() * 20L);
        assertThat(tenants)
                .allSatisfy(tenant -> assertThat(
                                log.<Long>read(tenant, view -> row(view).number("version")))
                        .isEqualTo(20));
        assertThat(verify().problems()).isEmpty();
    }

    private static Row row(TenantView view) {
        return view.row(THINGS, THINGS.key(STREAM.id())).orElseThrow();
    }

    private void append(Tenant tenant, int version) {
        var append = new StreamAppend(STREAM, Expected.version(version), List.of(event("{\"n\":" + version + "}")));
        assertThat(log.append(Unit.of(new Context(tenant, "tester", "corr"), append)))
                .isInstanceOf(Appended.Written.class);
    }

    @Test
    void aWaitEndsWhenAnyPartitionMovesPastWhatWasReached() throws Exception {
        var reached = log.heads().stream().map(Head::number).toList();

        assertThat(log.feed().awaitPast(reached::get, Duration.ofMillis(10))).isFalse();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var waiting = threads.submit(() -> log.feed().awaitPast(reached::get, Duration.ofSeconds(20)));
            append(OTHER, 0);
            assertThat(waiting.get()).isTrue();
        }
    }

    @Test
    void everythingAcknowledgedIsThereAfterARestart() {
        log.append(unit(STREAM, Expected.none(), event("{\"n\":1}"), event("{\"n\":2}")));
        var epoch = log.epoch();

        storage = reopen(storage);
        log = start(storage, EventLogSettings.defaults());

        assertThat(log.epoch()).isEqualTo(epoch);
        assertThat(read(STREAM)).map(Event::version).containsExactly(1L, 2L);
        assertThat(read(STREAM)).allSatisfy(event -> assertThat(event.payload()).isInstanceOf(Payload.Open.class));
        assertThat(log.append(unit(STREAM, Expected.version(2), event("{}"))))
                .isEqualTo(new Appended.Written(log.position(partition(ACME), 3), Map.of(STREAM, 3L)));
        assertThat(verify().problems()).isEmpty();
    }

    @Test
    void aFollowerIsGivenAtLeastOneEventAndStopsAtTheByteLimit() {
        for (int i = 0; i < 5; i++) {
            log.append(unit(STREAM, Expected.any(), event("{\"text\":\"" + "x".repeat(1000) + "\"}")));
        }

        assertThat(log.feed().after(partition(ACME), 0, 10, 1)).hasSize(1);
        assertThat(log.feed().after(partition(ACME), 1, 10, 1500)).hasSize(2);
        assertThat(log.feed().after(partition(ACME), 1, 3, Long.MAX_VALUE)).hasSize(3);
        assertThat(log.feed().after(partition(ACME), 5, 10, Long.MAX_VALUE)).isEmpty();
    }

    @Test
    void aUnitOverTheLimitIsRefusedByItsCaller() {
        var events = IntStream.range(0, 1001).mapToObj(i -> event("{}")).toArray(NewEvent[]::new);

        assertThatThrownBy(() -> log.append(unit(STREAM, Expected.any(), events)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at most 1000 events; found 1001");
    }

    @Test
    void aForgottenSubjectsPayloadsCannotBeReadAndTheLogStillVerifies() {
        log.append(unit(STREAM, Expected.none(), event("{\"text\":\"gone\"}")));
        log.append(Unit.rows(
                CONTEXT, List.of(new RowChange.Remove(SubjectKeys.TABLE, SubjectKeys.TABLE.key("subject-1")))));

        storage = reopen(storage);
        log = start(storage, EventLogSettings.defaults());

        assertThat(only(read(STREAM)).payload()).isInstanceOf(Payload.Forgotten.class);
        assertThat(verify().problems()).isEmpty();
    }

    @Test
    void blobsOfEverySizeComeBackAsTheyWere() {
        for (int size : new int[] {0, 1, Blobs.PART_BYTES, Blobs.PART_BYTES + 1, 3 * Blobs.PART_BYTES}) {
            var content = new byte[size];
            new java.util.Random(size).nextBytes(content);

            var stored = log.blobs().store(CONTEXT, "subject-1", content);
            log.append(Unit.rows(CONTEXT, stored.rows()));

            assertThat(log.blobs().read(ACME, stored.address())).hasValue(content);
            assertThat(log.blobs().read(OTHER, stored.address())).isEmpty();
            assertThat(log.blobs().store(CONTEXT, "subject-1", content).rows()).isEmpty();
        }
    }

    @Test
    void partsOfABlobWhoseEventNeverCameAreSwept() {
        var content = new byte[2 * Blobs.PART_BYTES];
        var finished = content.clone();
        finished[0] = 1;
        log.append(Unit.rows(
                CONTEXT, log.blobs().store(CONTEXT, "subject-1", finished).rows()));
        var stored = log.blobs().store(CONTEXT, "subject-1", content);

        assertThat(log.blobs().sweep(Duration.ofDays(1))).isZero();
        assertThat(log.blobs().sweep(Duration.ofNanos(-1000))).isEqualTo(1);

        assertThat(parts(stored.address())).isZero();
        assertThat(log.feed().tenants(Blobs.UNFINISHED)).isEmpty();
        var late = log.append(new Unit(CONTEXT, List.of(), stored.expectations(), stored.rows()));
        assertThat(late).isInstanceOf(Appended.Unmet.class);
        assertThat(parts(stored.address())).isZero();
    }

    @Test
    void aBlobThatIsFinishedIsNeverSwept() {
        var content = new byte[3 * Blobs.PART_BYTES];
        var stored = log.blobs().store(CONTEXT, "subject-1", content);
        log.append(new Unit(CONTEXT, List.of(), stored.expectations(), stored.rows()));

        assertThat(log.blobs().sweep(Duration.ofNanos(-1000))).isZero();
        assertThat(log.blobs().read(ACME, stored.address())).hasValue(content);
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

    /// The row of the tenant's one stream follows from the stream's last event, and from its first.
    private void assertFolded(Tenant tenant) {
        List<Event> events = log.read(tenant, view -> view.stream(STREAM, 0, 100_000));
        var row = log.<Row>read(tenant, EventLogContract::row);
        assertThat(row.number("version")).isEqualTo(events.size());
        assertThat(row.number("position")).isEqualTo(events.getLast().position().number());
        assertThat(row.number("created_at"))
                .isEqualTo(Times.micros(events.getFirst().recordedAt()));
        assertThat(log.<Long>read(tenant, view -> view.count(THINGS))).isEqualTo(1);
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

        storage = reopen(storage);
        log = start(storage, EventLogSettings.defaults());

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
        storage = reopen(storage);
        log = start(storage, EventLogSettings.defaults());

        log.inline().run("things");

        assertFolded(ACME);
    }

    private long parts(String address) {
        return log.<Long>read(ACME, view -> view.count(Blobs.TABLE, Blobs.TABLE.key(address)));
    }

    private int partition(Tenant tenant) {
        return log.partition(tenant);
    }

    private Verification verify() {
        return Verification.of(storage, Optional.empty(), progress -> {});
    }

    private List<Event> read(StreamId stream) {
        return log.read(ACME, view -> view.stream(stream, 0, 1000));
    }

    private Optional<Row> row(String id) {
        return log.read(ACME, view -> view.row(THINGS, THINGS.key(id)));
    }

    private void put(Map<String, Object> cells, Set<String> keep) {
        log.append(Unit.rows(CONTEXT, List.of(new RowChange.Put(THINGS.row(cells), keep))));
    }

    private static <T> T only(List<T> list) {
        assertThat(list).hasSize(1);
        return list.getFirst();
    }

    private static Unit unit(StreamId stream, Expected expected, NewEvent... events) {
        return Unit.of(CONTEXT, new StreamAppend(stream, expected, List.of(events)));
    }

    private static NewEvent event(String json) {
        return new NewEvent(
                UUID.randomUUID(),
                new EventType("thing.happened"),
                1,
                "subject-1",
                json(json),
                Instant.parse("2026-01-01T00:00:00Z"),
                null);
    }

    private static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text);
    }
}
