package io.cairn.projection;

import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.event.Event;
import io.cairn.event.EventLog;
import io.cairn.event.EventType;
import io.cairn.event.Expected;
import io.cairn.event.ForwardingSnapshot;
import io.cairn.event.ForwardingStorage;
import io.cairn.event.ForwardingTransaction;
import io.cairn.event.LogPlace;
import io.cairn.event.LogStorage;
import io.cairn.event.NewEvent;
import io.cairn.event.Payload;
import io.cairn.event.ReadSnapshot;
import io.cairn.event.StreamAppend;
import io.cairn.event.StreamId;
import io.cairn.event.Unit;
import io.cairn.event.WriteTransaction;
import io.cairn.follow.FollowSettings;
import io.cairn.follow.Rows;
import io.cairn.follow.RunningFollower;
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
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import tools.jackson.databind.node.JsonNodeFactory;

/// Nodes that project words into rows, on a storage that a test names.
abstract class RowsFixture {
    protected static final Tenant ACME = new Tenant("acme");
    protected static final Duration TIME = LeaseSettings.defaults().time();

    /// So many events are worth reading ahead.
    protected static final int LARGE = 500;

    static final Context CONTEXT = new Context(ACME, "tester", "corr");

    /// Tenants enough to be in every partition of a few.
    protected static final List<Tenant> MANY =
            IntStream.range(0, 12).mapToObj(i -> new Tenant("t" + i)).toList();

    /// How often each word was said.
    static final Table COUNTED = new Table(
            "words_counted",
            Table.Kind.DERIVED,
            List.of(Table.Column.text("word")),
            List.of(Table.Column.number("times")));

    /// The same of a later version.
    static final Table WEIGHED = new Table(
            "words_counted",
            Table.Kind.DERIVED,
            List.of(Table.Column.text("word")),
            List.of(Table.Column.number("weight"), Table.Column.number("times")));

    static final SecureRandom RANDOM = new SecureRandom();
    static final MasterKey MASTER = MasterKey.random(RANDOM);

    final LogPlace place;
    final Set<String> poison = new HashSet<>();
    final Map<Integer, Long> appended = new HashMap<>();
    final List<EventLog> logs = new ArrayList<>();
    LogStorage storage;
    protected Node one;

    RowsFixture(LogPlace place) {
        this.place = place;
    }

    @BeforeEach
    void start() {
        storage = place.create(
                Stream.of(EventLog.tables(), RunningFollower.tables(), Leases.tables(), RunningRows.tables())
                        .flatMap(List::stream)
                        .toList());
        one = node("one");
    }

    @AfterEach
    void stop() {
        logs.forEach(EventLog::close);
    }

    protected final Node node(String name) {
        return node(name, logs.isEmpty() ? storage : place.again(storage));
    }

    Node node(String name, LogStorage storage) {
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

        void awaitAppended(int partition, long position) {
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

        StreamAppend said(String stream, String word) {
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

        void append(Tenant tenant, List<StreamAppend> appends) {
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

    /// A storage on which others act whenever somebody has looked at the generations or has had every partition.
    record Meanwhile(LogStorage storage, Runnable others) implements ForwardingStorage {
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
                    looked.compareAndSet(false, table.equals(GenerationRows.TABLE));
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
}
