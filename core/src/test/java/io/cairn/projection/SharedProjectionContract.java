package io.cairn.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cairn.event.Event;
import io.cairn.event.EventLog;
import io.cairn.event.EventType;
import io.cairn.event.Expected;
import io.cairn.event.ForwardingSnapshot;
import io.cairn.event.ForwardingStorage;
import io.cairn.event.ForwardingTransaction;
import io.cairn.event.LogStorage;
import io.cairn.event.NewEvent;
import io.cairn.event.Payload;
import io.cairn.event.ReadSnapshot;
import io.cairn.event.StorageException;
import io.cairn.event.StreamAppend;
import io.cairn.event.StreamId;
import io.cairn.event.Unit;
import io.cairn.event.WriteTransaction;
import io.cairn.follow.FollowSettings;
import io.cairn.follow.FollowerHealth;
import io.cairn.follow.Rows;
import io.cairn.follow.RunningFollower;
import io.cairn.follow.Skipped;
import io.cairn.lease.LeaseSettings;
import io.cairn.lease.LeaseSteps;
import io.cairn.lease.Leases;
import io.cairn.row.Row;
import io.cairn.row.RowChange;
import io.cairn.row.RowKey;
import io.cairn.row.Table;
import io.cairn.seal.MasterKey;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;

/// A projection of rows on every storage: its effects and its checkpoint commit together, once for each event.
public abstract class SharedProjectionContract {
    protected static final Tenant ACME = new Tenant("acme");
    protected static final Duration TIME = LeaseSettings.defaults().time();

    /// So many events are worth reading ahead.
    protected static final int LARGE = 500;

    private static final Context CONTEXT = new Context(ACME, "tester", "corr");

    /// Tenants enough to be in every partition of a few.
    protected static final List<Tenant> MANY =
            IntStream.range(0, 12).mapToObj(i -> new Tenant("t" + i)).toList();

    /// How often each word was said.
    private static final Table COUNTED = new Table(
            "words_counted",
            Table.Kind.DERIVED,
            List.of(Table.Column.text("word")),
            List.of(Table.Column.number("times")));

    /// The same of a later version.
    private static final Table WEIGHED = new Table(
            "words_counted",
            Table.Kind.DERIVED,
            List.of(Table.Column.text("word")),
            List.of(Table.Column.number("weight"), Table.Column.number("times")));

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final MasterKey MASTER = MasterKey.random(RANDOM);

    private final Set<String> poison = new HashSet<>();
    private final Map<Integer, Long> appended = new HashMap<>();
    private final List<EventLog> logs = new ArrayList<>();
    private LogStorage storage;
    protected Node one;

    /// A new, empty storage with these tables.
    protected abstract LogStorage create(List<Table> tables);

    /// What another node opens on the same database.
    protected abstract LogStorage again(LogStorage storage);

    @BeforeEach
    void start() {
        storage = create(Stream.of(EventLog.tables(), RunningFollower.tables(), Leases.tables(), RunningRows.tables())
                .flatMap(List::stream)
                .toList());
        one = node("one");
    }

    @AfterEach
    void stop() {
        logs.forEach(EventLog::close);
    }

    protected final Node node(String name) {
        return node(name, logs.isEmpty() ? storage : again(storage));
    }

    private Node node(String name, LogStorage storage) {
        var log = EventLog.on(storage).sealedWith(MASTER).random(RANDOM).open();
        logs.add(log);
        return new Node(name, log);
    }

    protected final void poison(String word) {
        poison.add(word);
    }

    protected final void cure() {
        poison.clear();
    }

    /// A process that acts when it is told to, with a clock of its own.
    protected final class Node {
        final EventLog log;
        final AtomicLong nanos = new AtomicLong();
        final Leases leases;
        final Words words = new Words();
        RunningRows projection;

        Node(String name, EventLog log) {
            this.log = log;
            this.leases = new Leases(log, name, LeaseSettings.defaults(), nanos::get);
            this.projection = projection();
            after(Duration.ZERO);
        }

        RunningRows projection() {
            return projection(4);
        }

        RunningRows projection(int batch) {
            return new RunningRows(words, log, leases, FollowSettings.defaults().batchesOf(batch), Clock.systemUTC());
        }

        void after(Duration time) {
            nanos.addAndGet(time.toNanos());
            LeaseSteps.step(leases);
        }

        /// Goes on until there is nothing to do, with everything in sight that was appended.
        void follow() {
            appended.forEach(this::awaitAppended);
            while (projection.step()) {
                // until there is nothing to do
            }
        }

        private void awaitAppended(int partition, long position) {
            try {
                assertThat(log.awaitPast(partition, position - 1, Duration.ofSeconds(10)))
                        .isTrue();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        long held() {
            return IntStream.range(0, log.partitions())
                    .filter(projection::holds)
                    .count();
        }

        void say(Tenant tenant, String stream, String... said) {
            for (var word : said) {
                append(tenant, List.of(said(stream, word)));
            }
        }

        /// Each word several times, in streams that take turns.
        void sayMany(Tenant tenant, int count) {
            for (int first = 0; first < count; first += LARGE) {
                append(
                        tenant,
                        IntStream.range(first, Math.min(count, first + LARGE))
                                .mapToObj(i -> said("s" + i % 7, "word" + i % 10))
                                .toList());
            }
        }

        private StreamAppend said(String stream, String word) {
            var event = new NewEvent(
                    UUID.randomUUID(),
                    new EventType("thing.said"),
                    1,
                    "subject",
                    JsonNodeFactory.instance.objectNode().put("word", word),
                    Instant.EPOCH,
                    null);
            return new StreamAppend(new StreamId("thing", stream), Expected.any(), List.of(event));
        }

        private void append(Tenant tenant, List<StreamAppend> appends) {
            log.append(new Unit(new Context(tenant, "tester", "corr"), appends, List.of(), List.of()));
            appended.merge(log.partition(tenant), (long) appends.size(), Long::sum);
        }

        Map<String, Long> counted(Tenant tenant) {
            return log.<List<Row>>read(tenant, view -> view.rows(COUNTED, new RowKey(List.of()), null, 100)).stream()
                    .collect(Collectors.toMap(row -> row.text("word"), row -> row.number("times")));
        }
    }

    /// Reads a row before it changes it, so that an event that is applied twice or not at all shows.
    protected final class Words implements RowProjection {
        Runnable before = () -> {};
        int version = 1;
        long weight = 1;
        Table counted = COUNTED;

        @Override
        public String name() {
            return "words";
        }

        @Override
        public int version() {
            return version;
        }

        @Override
        public List<Table> tables() {
            return List.of(counted);
        }

        @Override
        public List<RowChange> changes(Event event, Rows rows) {
            before.run();
            var word = ((Payload.Open) event.payload()).json().path("word").asString();
            if (poison.contains(word)) {
                throw new IllegalStateException("cannot take " + word);
            }
            long times = rows.row(counted, counted.key(word))
                    .map(row -> row.number("times"))
                    .orElse(0L);
            return List.of(new RowChange.Put(counted.row(Map.of("word", word, "times", times + weight))));
        }
    }

    @Test
    void everyEventOfEveryPartitionCountsOnce() {
        MANY.forEach(tenant -> one.say(tenant, "a", "hello", "hello", "you", "hello", "you", "all"));

        one.follow();

        MANY.forEach(tenant -> assertThat(one.counted(tenant)).isEqualTo(Map.of("hello", 3L, "you", 2L, "all", 1L)));
        assertThat(one.projection.health().eventsBehind()).isZero();
    }

    @Test
    void aPoisonEventParksItsStreamTogetherWithTheEffectsOfTheOthers() {
        poison.add("bad");
        one.say(ACME, "a", "good");
        one.say(ACME, "b", "bad", "after bad");
        one.say(ACME, "c", "good");

        one.follow();

        assertThat(one.counted(ACME)).isEqualTo(Map.of("good", 2L));
        assertThat(one.projection.parked(ACME, null, 10)).singleElement().satisfies(parked -> {
            assertThat(parked.key()).isEqualTo("thing/b");
            assertThat(parked.version()).isEqualTo(1);
            assertThat(parked.error()).contains("cannot take bad");
        });
    }

    @Test
    void aBacklogOfSeveralPartitionsIsReadAheadAndCountsOnce() {
        one.projection = one.projection(LARGE);
        var tenants = MANY.subList(0, 3);
        tenants.forEach(tenant -> one.sayMany(tenant, 10 * LARGE / 4));

        one.follow();

        tenants.forEach(
                tenant -> assertThat(one.counted(tenant)).hasSize(10).values().containsOnly((long) LARGE / 4));
    }

    @Test
    void aPoisonEventInABatchThatWasReadAheadParksItsStreamAndTheRestGoesOn() {
        one.projection = one.projection(LARGE);
        one.sayMany(ACME, LARGE);
        one.say(ACME, "a", "good", "bad", "after bad");
        one.sayMany(ACME, LARGE);
        poison.add("bad");

        one.follow();

        assertThat(one.projection.parked(ACME, null, 10))
                .singleElement()
                .satisfies(parked -> assertThat(parked.key()).isEqualTo("thing/a"));
        assertThat(one.counted(ACME)).hasSize(11).containsEntry("good", 1L).containsEntry("word0", LARGE / 5L);
    }

    @Test
    void aParkedStreamThatIsRetriedGoesAsFarAsItCan() {
        poison.addAll(List.of("bad", "worse"));
        one.say(ACME, "b", "bad", "fine", "worse", "last");
        one.follow();
        poison.remove("bad");

        assertThat(one.projection.retry(ACME, null)).isZero();
        assertThat(one.counted(ACME)).isEqualTo(Map.of("bad", 1L, "fine", 1L));
        assertThat(one.projection.parked(ACME, null, 10).getFirst().version()).isEqualTo(3);

        poison.clear();
        assertThat(one.projection.retry(ACME, "thing/b")).isEqualTo(1);
        one.say(ACME, "b", "more");
        one.follow();
        assertThat(one.counted(ACME)).isEqualTo(Map.of("bad", 1L, "fine", 1L, "worse", 1L, "last", 1L, "more", 1L));
        assertThat(one.projection.parkedCount(ACME)).isZero();
    }

    @Test
    void aSkippedStreamGoesOnWithoutWhatItHeldThen() {
        poison.add("bad");
        one.say(ACME, "b", "bad", "after bad");
        one.follow();

        assertThat(one.projection.skip(CONTEXT, "thing/b")).isEqualTo(new Skipped.Done(2));
        assertThat(one.projection.skip(CONTEXT, "thing/b")).isEqualTo(new Skipped.NotParked());
        one.say(ACME, "b", "new");
        one.follow();

        assertThat(one.counted(ACME)).isEqualTo(Map.of("new", 1L));
    }

    @Test
    void anotherProcessGoesOnWhereTheFormerStopped() {
        one.say(ACME, "a", "x", "y");
        one.follow();
        one.projection.close();
        one.leases.close();
        var other = node("other");
        other.say(ACME, "a", "x");

        other.follow();

        assertThat(other.counted(ACME)).isEqualTo(Map.of("x", 2L, "y", 1L));
        assertThat(other.projection.parkedCount(ACME)).isZero();
    }

    @Test
    void whatAnOperatorDoesWhileTheOwnerComputesIsNotOverwritten() {
        poison.add("bad");
        one.say(ACME, "b", "bad", "word");
        one.follow();
        poison.clear();
        one.say(ACME, "a", "word");
        var operator = one.projection();
        one.words.before = () -> {
            one.words.before = () -> {};
            assertThat(operator.retry(ACME, "thing/b")).isEqualTo(1);
        };

        one.follow();

        assertThat(one.counted(ACME)).isEqualTo(Map.of("bad", 1L, "word", 2L));
    }

    @Test
    void aRebuildAnswersFromTheOldRowsUntilTheNewOnesHaveCaughtUp() {
        one.say(ACME, "a", "x", "y", "x", "y", "x", "y");
        one.follow();
        one.words.weight = 10;

        assertThat(one.projection.rebuild()).isEqualTo(2);

        assertThat(one.counted(ACME)).isEqualTo(Map.of("x", 3L, "y", 3L));
        assertThat(one.projection.health().generation()).isEqualTo(1);
        assertThat(one.projection.health().rebuilding()).contains(new FollowerHealth.Rebuild(2, 0, 6));
        one.follow();
        assertThat(one.counted(ACME)).isEqualTo(Map.of("x", 30L, "y", 30L));
        assertThat(one.projection.health().generation()).isEqualTo(2);
        assertThat(one.projection.health().rebuilding()).isEmpty();
        one.say(ACME, "a", "x");
        one.follow();
        assertThat(one.counted(ACME)).isEqualTo(Map.of("x", 40L, "y", 30L));
    }

    @Test
    void theFormerGenerationComesBackWithWhatHappenedSince() {
        one.say(ACME, "a", "x");
        one.follow();
        assertThat(one.projection.rollback()).isInstanceOf(RolledBack.Refused.class);
        one.words.weight = 10;
        one.projection.rebuild();
        assertThat(one.projection.rollback()).isInstanceOf(RolledBack.Refused.class);
        one.follow();
        one.say(ACME, "a", "y");
        one.follow();
        one.words.weight = 1;

        assertThat(one.projection.rollback()).isEqualTo(new RolledBack.Begun(1));
        assertThat(one.counted(ACME)).isEqualTo(Map.of("x", 10L, "y", 10L));
        one.follow();

        assertThat(one.counted(ACME)).isEqualTo(Map.of("x", 1L, "y", 1L));
        assertThat(one.projection.health().generation()).isEqualTo(1);
        assertThat(one.projection.rollback()).isEqualTo(new RolledBack.Begun(2));
    }

    @Test
    void aRebuildThatIsBegunAgainStartsFromNothing() {
        one.say(ACME, "a", "x", "y", "x", "y", "x", "y");
        one.follow();
        one.projection.rebuild();
        one.words.before = () -> {
            one.words.before = () -> {};
            assertThat(one.projection().rebuild()).isEqualTo(3);
        };

        one.follow();

        assertThat(one.projection.health().generation()).isEqualTo(3);
        assertThat(one.counted(ACME)).isEqualTo(Map.of("x", 3L, "y", 3L));
    }

    @Test
    void whatANewGenerationCannotTakeInIsParkedThereAndSkippedEventsStayOut() {
        poison.add("bad");
        one.say(ACME, "a", "bad");
        one.say(ACME, "b", "worse", "fine");
        one.say(ACME, "c", "good");
        one.follow();
        assertThat(one.projection.skip(CONTEXT, "thing/a")).isEqualTo(new Skipped.Done(1));
        poison.clear();
        poison.add("worse");
        one.projection.rebuild();

        one.follow();

        assertThat(one.counted(ACME)).isEqualTo(Map.of("good", 1L));
        assertThat(one.projection.parked(ACME, null, 10))
                .singleElement()
                .satisfies(parked -> assertThat(parked.key()).isEqualTo("thing/b"));
        poison.clear();
        assertThat(one.projection.retry(ACME, null)).isEqualTo(1);
        assertThat(one.counted(ACME)).isEqualTo(Map.of("good", 1L, "worse", 1L, "fine", 1L));
    }

    @Test
    void whatIsSkippedWhileTheNextGenerationIsBuiltStaysOutOfIt() {
        poison.add("bad");
        one.say(ACME, "a", "x");
        one.say(ACME, "b", "bad", "after bad");
        one.follow();
        var operator = one.projection();
        one.projection.rebuild();
        one.words.before = () -> {
            one.words.before = () -> {};
            poison.clear();
            assertThat(operator.skip(CONTEXT, "thing/b")).isEqualTo(new Skipped.Done(2));
        };

        one.follow();

        assertThat(one.projection.health().generation()).isEqualTo(2);
        assertThat(one.counted(ACME)).isEqualTo(Map.of("x", 1L));
    }

    @Test
    void whatTheFormerGenerationHasParkedStaysWhenTheNextTakesOverWhileItIsBegun() {
        poison.add("bad");
        one.say(ACME, "b", "bad");
        one.follow();
        poison.clear();
        var other = node("other", new Meanwhile(again(storage), one::follow));

        other.projection.rebuild();
        one.projection.rollback();
        one.follow();

        assertThat(one.projection.health().generation()).isEqualTo(1);
        assertThat(one.projection.retry(ACME, null)).isEqualTo(1);
        assertThat(one.counted(ACME)).isEqualTo(Map.of("bad", 1L));
    }

    @Test
    void thePositionThatReadersSeeStaysWhenAnotherGenerationIsBegunWhileANodeLooks() {
        one.say(ACME, "a", "x", "y");
        one.follow();
        Runnable nothing = () -> {};
        var others = new AtomicReference<>(nothing);
        var meanwhile =
                new Meanwhile(again(storage), () -> others.getAndSet(nothing).run());
        var other = node("other", meanwhile);
        other.projection.step();
        others.set(() -> {
            one.projection.rebuild();
            one.follow();
            one.projection.rebuild();
        });

        other.projection.step();

        assertThat(other.projection.visible(other.log.partition(ACME))).isEqualTo(2);
    }

    /// A storage on which others act whenever somebody has looked at the generations or has had every partition.
    private record Meanwhile(LogStorage storage, Runnable others) implements ForwardingStorage {
        @Override
        public <T> T read(Function<ReadSnapshot, T> work) {
            var looked = new AtomicBoolean();
            var result = storage.read(snapshot -> work.apply(new ForwardingSnapshot() {
                @Override
                public ReadSnapshot snapshot() {
                    return snapshot;
                }

                @Override
                public List<Row> rows(Tenant tenant, Table table, RowKey prefix, @Nullable RowKey after, int limit) {
                    looked.compareAndSet(false, table.equals(RowGenerations.TABLE));
                    return snapshot.rows(tenant, table, prefix, after, limit);
                }
            }));
            if (looked.get()) {
                others.run();
            }
            return result;
        }

        @Override
        public WriteTransaction writeAll() {
            var transaction = storage.writeAll();
            return new ForwardingTransaction() {
                @Override
                public WriteTransaction transaction() {
                    return transaction;
                }

                @Override
                public void close() {
                    transaction.close();
                    others.run();
                }
            };
        }
    }

    @Test
    void anotherProcessGoesOnWithTheRebuild() {
        one.say(ACME, "a", "x", "y");
        one.follow();
        one.projection.rebuild();
        one.projection.close();
        one.leases.close();
        var other = node("other");
        other.say(ACME, "a", "x");

        other.follow();

        assertThat(other.projection.health().generation()).isEqualTo(2);
        assertThat(other.counted(ACME)).isEqualTo(Map.of("x", 2L, "y", 1L));
    }

    @Test
    void aNewVersionBuildsItsRowsAndThenTakesOver() {
        one.say(ACME, "a", "x", "y");
        one.follow();
        one.projection.close();
        one.words.version = 2;
        one.words.counted = WEIGHED;
        one.projection = one.projection();

        one.follow();

        assertThat(one.counted(ACME)).isEqualTo(Map.of("x", 1L, "y", 1L));
        assertThat(one.projection.health().generation()).isEqualTo(2);
        assertThat(one.projection.rollback())
                .isEqualTo(new RolledBack.Refused(
                        "Generation 1 of words was made by version 1 of it; this node has version 2"));
    }

    @Test
    void aNodeOfAFormerVersionBeginsNothingOnceANewOneHasTakenOver() {
        one.say(ACME, "a", "x", "y");
        one.follow();
        var former = one.projection();
        former.rollback();
        one.projection.close();
        one.words.version = 2;
        one.projection = one.projection();
        one.follow();
        one.words.version = 1;

        assertThatThrownBy(former::rebuild)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("taken over");
        assertThatThrownBy(former::rollback)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("taken over");

        one.words.version = 2;
        one.follow();
        assertThat(one.projection.health().rebuilding()).isEmpty();
        assertThat(one.projection.health().generation()).isEqualTo(2);
    }

    @Test
    void otherTablesUnderTheSameVersionAreRefused() {
        one.say(ACME, "a", "x");
        one.follow();
        one.projection.close();
        one.words.counted = WEIGHED;
        one.projection = one.projection();

        assertThatThrownBy(one.projection::step)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("raise its version");
        assertThat(one.projection.health().failure()).isPresent();
        assertThat(one.counted(ACME)).isEqualTo(Map.of("x", 1L));
    }

    @Test
    void aTableThatIsThereAlreadyIsNotTakenOver() {
        one.words.counted = new Table("blob", Table.Kind.DERIVED, COUNTED.key(), COUNTED.values());
        var wrong = one.projection();

        assertThatThrownBy(wrong::step).isInstanceOf(StorageException.class);
        assertThatThrownBy(wrong::step).isInstanceOf(StorageException.class);
    }

    @Test
    void onlyDerivedTablesAreProjectedInto() {
        var wrong = new RowProjection() {
            @Override
            public String name() {
                return "wrong";
            }

            @Override
            public List<Table> tables() {
                return EventLog.tables();
            }

            @Override
            public List<RowChange> changes(Event event, Rows rows) {
                return List.of();
            }
        };

        assertThatThrownBy(
                        () -> new RunningRows(wrong, one.log, one.leases, FollowSettings.defaults(), Clock.systemUTC()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not derived from the log");
    }
}
