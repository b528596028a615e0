package io.cairn.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cairn.archive.LogCopy.Outcome;
import io.cairn.event.DyingStorage;
import io.cairn.event.EventLog;
import io.cairn.event.EventType;
import io.cairn.event.Expected;
import io.cairn.event.Ids;
import io.cairn.event.InlineProjection;
import io.cairn.event.LastingStorage;
import io.cairn.event.LogStorage;
import io.cairn.event.NewEvent;
import io.cairn.event.Payload;
import io.cairn.event.StorageException;
import io.cairn.event.StoredEvent;
import io.cairn.event.StreamAppend;
import io.cairn.event.StreamId;
import io.cairn.event.SubjectKeys;
import io.cairn.event.Unit;
import io.cairn.follow.RunningFollower;
import io.cairn.knowledge.DocumentId;
import io.cairn.knowledge.DocumentRows;
import io.cairn.knowledge.Documents;
import io.cairn.knowledge.NewDocument;
import io.cairn.knowledge.TextExtractor;
import io.cairn.memory.ConversationId;
import io.cairn.memory.ConversationRows;
import io.cairn.memory.Conversations;
import io.cairn.memory.NewMessage;
import io.cairn.row.Row;
import io.cairn.row.RowChange;
import io.cairn.row.RowKey;
import io.cairn.row.Table;
import io.cairn.seal.MasterKey;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import io.cairn.text.LanguageDetector;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;

/// A log that is copied from one kind of storage into another.
public abstract class LogCopyContract {
    private static final List<Tenant> TENANTS =
            Stream.of("acme", "globex", "initech", "cairn").map(Tenant::new).toList();
    private static final Tenant ACME = TENANTS.getFirst();
    private static final List<InlineProjection> INLINE = List.of(new ConversationRows(), new DocumentRows());
    private static final int BATCH = 7;

    /// Every table that a whole Cairn has.
    protected static final List<Table> TABLES = Stream.of(
                    EventLog.tables().stream(),
                    INLINE.stream().flatMap(projection -> projection.tables().stream()),
                    RunningFollower.tables().stream())
            .flatMap(tables -> tables)
            .toList();

    private final SecureRandom random = new SecureRandom();
    private final MasterKey master = MasterKey.random(random);
    private final List<LogStorage> storages = new ArrayList<>();

    /// Every look at it finds the time a little later.
    private final AtomicLong now =
            new AtomicLong(Instant.parse("2026-01-02T03:04:05Z").toEpochMilli());

    private final Clock clock = ((InstantSource) () -> Instant.ofEpochMilli(now.addAndGet(3))).withZone(ZoneOffset.UTC);

    /// A new, empty storage from which is copied.
    protected abstract LogStorage source(String name);

    /// A new, empty storage into which is copied.
    protected abstract LogStorage target(String name);

    @AfterEach
    void close() {
        storages.forEach(LogStorage::close);
    }

    private LogStorage kept(LogStorage storage) {
        storages.add(storage);
        return storage;
    }

    private void requireWhole(LogStorage storage) {
        LogCopy.requireWhole(log(storage, master), storage, new Ids(clock, random));
    }

    private EventLog log(LogStorage storage, MasterKey key) {
        return EventLog.on(storage)
                .sealedWith(key)
                .inline(INLINE)
                .ids(new Ids(clock, random))
                .random(random)
                .open();
    }

    Outcome copy(LogStorage from, LogStorage to) {
        return copy(from, to, master);
    }

    private Outcome copy(LogStorage from, LogStorage to, MasterKey key) {
        return new LogCopy(from, to, log(to, key), TABLES, new Ids(clock, random), BATCH)
                .run(List.of(), (step, done, total) -> {});
    }

    /// A storage with all that a log can hold.
    LogStorage filled(String name) {
        var storage = kept(source(name));
        fill(storage, 60);
        return storage;
    }

    private void fill(LogStorage storage, int events) {
        writing(storage, log -> {
            for (int i = 0; i < events; i++) {
                append(log, TENANTS.get(i % 3), "s" + i % 8);
            }
            talk(log);
            write(log);
            // what was forgotten stays forgotten
            var gone = SubjectKeys.TABLE.key("subject-s0");
            log.append(Unit.rows(context(ACME), List.of(new RowChange.Remove(SubjectKeys.TABLE, gone))));
        });
    }

    private void talk(EventLog log) {
        var conversations = new Conversations(log, LanguageDetector.undecided(), new Ids(clock, random));
        conversations.add(
                context(ACME),
                new ConversationId("kept"),
                List.of(NewMessage.of("m1", "user", "one"), NewMessage.of("m2", "user", "two")));
        var deleted = new ConversationId("deleted");
        conversations.add(context(TENANTS.get(1)), deleted, List.of(NewMessage.of("m1", "user", "gone")));
        conversations.delete(context(TENANTS.get(1)), deleted);
    }

    private void write(EventLog log) {
        var documents = documents(log);
        documents.put(context(ACME), document("large", "x".repeat(700_000)), OptionalLong.empty());
        documents.put(context(TENANTS.getLast()), document("small", "small"), OptionalLong.empty());
    }

    private static NewDocument document(String id, String text) {
        return NewDocument.plain(new DocumentId(id), null, text);
    }

    private Documents documents(EventLog log) {
        return new Documents(log, TextExtractor.plainText(), LanguageDetector.undecided(), new Ids(clock, random));
    }

    private interface Work {
        void on(EventLog log);
    }

    /// Closes the log's threads and leaves its storage open.
    private void writing(LogStorage storage, Work work) {
        try (var log = log(new LastingStorage(storage), master).start()) {
            work.on(log);
        }
    }

    private static void append(EventLog log, Tenant tenant, String id) {
        var event = new NewEvent(
                UUID.randomUUID(),
                new EventType("thing.happened"),
                1,
                "subject-" + id,
                JsonNodeFactory.instance.objectNode().put("id", id),
                Instant.parse("2026-01-01T00:00:00Z"),
                null);
        log.append(
                Unit.of(context(tenant), new StreamAppend(new StreamId("thing", id), Expected.any(), List.of(event))));
    }

    private static Context context(Tenant tenant) {
        return new Context(tenant, "tester", "corr");
    }

    /// Events with all that is to stay, and rows without their positions, tenant by tenant in their order.
    private List<String> everything(LogStorage storage) {
        var log = log(storage, master);
        var found = new ArrayList<String>();
        storage.read(snapshot -> {
            for (var tenant : TENANTS) {
                snapshot.after(tenant, log.partition(tenant), 0, 10_000).stream()
                        .filter(event -> !event.stream().type().equals("cairn.log"))
                        .map(LogCopyContract::told)
                        .forEach(found::add);
                for (var projection : INLINE) {
                    for (var table : projection.tables()) {
                        snapshot.rows(tenant, table, new RowKey(List.of()), null, 1000).stream()
                                .map(LogCopyContract::told)
                                .forEach(found::add);
                    }
                }
            }
            return found;
        });
        return found;
    }

    private static String told(StoredEvent event) {
        return "%s %s v%d %s at %d, %d: %s"
                .formatted(
                        event.tenant(),
                        event.stream(),
                        event.version(),
                        event.eventId(),
                        event.recordedAt(),
                        event.occurredAt(),
                        HexFormat.of().formatHex(event.digest()));
    }

    private static String told(Row row) {
        var cells = new TreeMap<String, String>();
        row.table().columns().stream()
                .filter(column -> !column.name().equals("position"))
                .forEach(column -> cells.put(column.name(), String.valueOf(row.cell(column.name()))));
        return row.table().name() + cells;
    }

    private static void isSound(LogStorage storage) {
        assertThat(Verification.of(storage, Optional.empty(), events -> {}).problems())
                .isEmpty();
    }

    @Test
    void aCopyHoldsWhatItsSourceHolds() {
        var source = filled("source");
        var target = kept(target("target"));

        var outcome = copy(source, target);

        assertThat(outcome).isInstanceOfSatisfying(Outcome.Whole.class, whole -> {
            assertThat(whole.events()).isEqualTo(66);
            assertThat(whole.written()).isEqualTo(66);
            assertThat(whole.tenants()).isEqualTo(4);
            assertThat(whole.behind()).isZero();
        });
        assertThat(everything(target)).isEqualTo(everything(source)).hasSizeGreaterThan(66);
        isSound(target);
        var documents = documents(log(target, master));
        var large = documents.find(ACME, new DocumentId("large")).orElseThrow().document();
        assertThat(documents.text(ACME, large)).hasValue("x".repeat(700_000));
        assertThat(log(target, master)
                        .read(ACME, view -> view.after(0, 1))
                        .getFirst()
                        .payload())
                .isInstanceOf(Payload.Forgotten.class);
    }

    @Test
    void aCopyOfACopyHoldsWhatTheFirstHeld() {
        var source = filled("source");
        var middle = kept(target("middle"));
        var last = kept(source("last"));

        copy(source, middle);
        var back = copy(middle, last);

        assertThat(back)
                .isInstanceOfSatisfying(
                        Outcome.Whole.class, whole -> assertThat(whole.events()).isEqualTo(68));
        assertThat(everything(last)).isEqualTo(everything(source));
        isSound(last);
    }

    @Test
    void anEmptyLogIsCopiedToo() {
        var target = kept(target("target"));

        assertThat(copy(kept(source("source")), target)).isInstanceOf(Outcome.Whole.class);
        isSound(target);
    }

    @Test
    void aCopyThatDiesAtEachOfItsCommitsGoesOnAndNothingIsThereTwice() {
        var source = filled("source");
        var target = kept(target("target"));
        int deaths = 0;
        Optional<Outcome> outcome = Optional.empty();
        while (outcome.isEmpty()) {
            boolean afterwards = deaths % 2 == 1;
            var dying = new DyingStorage(target, 0, afterwards);
            try {
                outcome = Optional.of(copy(source, dying));
            } catch (DyingStorage.Died e) {
                deaths++;
                assertThat(deaths).as("it goes on").isLessThan(500);
            }
        }

        assertThat(deaths).isGreaterThan(30);
        assertThat(outcome.get()).isInstanceOf(Outcome.Whole.class);
        assertThat(everything(target)).isEqualTo(everything(source));
        isSound(target);
    }

    @Test
    void aHalfCopyIsNotServed() {
        var source = filled("source");
        var target = kept(target("target"));
        assertThatThrownBy(() -> copy(source, new DyingStorage(target, 12, true)))
                .isInstanceOf(DyingStorage.Died.class);

        assertThatThrownBy(() -> requireWhole(target))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("unfinished copy of log " + source.epoch());
        copy(source, target);
        requireWhole(target);
        requireWhole(source);
    }

    @Test
    void twoCopiesAtOnceMakeOne() throws Exception {
        var source = filled("source");
        var target = kept(target("target"));
        Callable<Outcome> copying = () -> copy(source, target);

        try (var threads = Executors.newFixedThreadPool(2)) {
            for (var outcome : threads.invokeAll(List.of(copying, copying))) {
                assertThat(outcome.get()).isInstanceOf(Outcome.Whole.class);
            }
        }

        assertThat(everything(target)).isEqualTo(everything(source));
        isSound(target);
    }

    @Test
    void oneOfTwoSourcesWins() throws Exception {
        var target = kept(target("target"));
        var one = filled("one");
        var other = filled("other");

        List<Outcome> outcomes = new ArrayList<>();
        try (var threads = Executors.newFixedThreadPool(2)) {
            for (var outcome :
                    threads.invokeAll(List.<Callable<Outcome>>of(() -> copy(one, target), () -> copy(other, target)))) {
                outcomes.add(outcome.get());
            }
        }

        assertThat(outcomes).hasAtLeastOneElementOfType(Outcome.Whole.class);
        assertThat(outcomes).hasAtLeastOneElementOfType(Outcome.OfAnotherLog.class);
        isSound(target);
    }

    @Test
    void anotherMasterKeyIsRefusedBeforeAnythingIsWritten() {
        var target = kept(target("target"));
        var source = filled("source");

        assertThat(copy(source, target, MasterKey.random(random))).isEqualTo(new Outcome.OtherMasterKey(false));
        assertThat(copy(source, target)).isInstanceOf(Outcome.Whole.class);
        assertThat(copy(kept(source("empty")), target, MasterKey.random(random)))
                .isEqualTo(new Outcome.OtherMasterKey(true));
    }

    @Test
    void aTargetThatHoldsAnythingIsRefused() {
        var source = filled("source");
        var written = kept(target("written"));
        writing(written, log -> append(log, ACME, "own"));

        assertThat(copy(source, written)).isEqualTo(new Outcome.NotEmpty(1));
        assertThat(copy(source, source)).isEqualTo(new Outcome.SameLog());
        assertThat(everything(written)).hasSize(1);
    }

    @Test
    void aTargetThatOnlyKnowsItsMasterKeyIsEmpty() {
        var target = kept(target("target"));
        writing(target, EventLog::requireOwnMasterKey);

        assertThat(copy(filled("source"), target)).isInstanceOf(Outcome.Whole.class);
    }

    @Test
    void whatTheSourceGetsAfterTheBeginningIsNotCopiedAndTold() {
        var source = filled("source");
        var target = kept(target("target"));
        assertThatThrownBy(() -> copy(source, new DyingStorage(target, 10, false)))
                .isInstanceOf(DyingStorage.Died.class);
        var before = everything(source);
        writing(source, log -> append(log, ACME, "late"));

        var outcome = copy(source, target);

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Outcome.Whole.class, whole -> assertThat(whole.behind()).isEqualTo(1));
        assertThat(everything(target)).isEqualTo(before);
    }

    @Test
    void aFinishedCopyIsLookedAtAgainUntilItGoesOnByItself() {
        var source = filled("source");
        var target = kept(target("target"));
        copy(source, target);

        assertThat(copy(source, target)).isInstanceOfSatisfying(Outcome.Whole.class, whole -> {
            assertThat(whole.written()).isZero();
            assertThat(whole.events()).isEqualTo(66);
        });
        writing(target, log -> append(log, ACME, "own"));
        assertThat(copy(source, target)).isEqualTo(new Outcome.GoneOn(69));
    }

    @Test
    void aCopyOfAnotherLogIsRefused() {
        var first = filled("first");
        var target = kept(target("target"));
        assertThatThrownBy(() -> copy(first, new DyingStorage(target, 10, false)))
                .isInstanceOf(DyingStorage.Died.class);

        assertThat(copy(filled("second"), target)).isEqualTo(new Outcome.OfAnotherLog(first.epoch()));
    }
}
