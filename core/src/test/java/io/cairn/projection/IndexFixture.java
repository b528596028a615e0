package io.cairn.projection;

import io.cairn.event.Event;
import io.cairn.event.EventLog;
import io.cairn.event.EventType;
import io.cairn.event.Expected;
import io.cairn.event.Ids;
import io.cairn.event.LogStorage;
import io.cairn.event.NewEvent;
import io.cairn.event.StreamAppend;
import io.cairn.event.StreamId;
import io.cairn.event.TenantView;
import io.cairn.event.Unit;
import io.cairn.event.UpcastException;
import io.cairn.event.Upcasters;
import io.cairn.follow.FollowSettings;
import io.cairn.follow.RunningFollower;
import io.cairn.follow.TryAgainException;
import io.cairn.row.Table;
import io.cairn.seal.MasterKey;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import tools.jackson.databind.node.JsonNodeFactory;

/// An index in memory that follows a log, on a storage that a test names.
abstract class IndexFixture {
    static final Tenant ACME = new Tenant("acme");
    static final Context CONTEXT = new Context(ACME, "tester", "corr");

    /// A batch that is worth another one's being read meanwhile.
    static final int LARGE = 500;

    static final int STREAMS = 7;

    /// Tenants enough to be in every partition of a few.
    static final List<Tenant> MANY =
            IntStream.range(0, 12).mapToObj(i -> new Tenant("t" + i)).toList();

    final SettableClock clock = new SettableClock();
    final SecureRandom random = new SecureRandom();
    final Set<String> poison = new HashSet<>();
    final Words generations = new Words();
    EventLog log;
    RunningIndex<WordList> host;

    /// A new, empty storage with these tables.
    protected abstract LogStorage create(List<Table> tables);

    @BeforeEach
    void start() {
        log = EventLog.on(create(tables()))
                .sealedWith(MasterKey.random(random))
                .upcasting(IndexFixture::upcasters)
                .ids(new Ids(clock, random))
                .random(random)
                .start();
        host = host();
    }

    /// An upcaster that cannot transform one word.
    static Upcasters.Known upcasters(TenantView view) {
        return (type, version, payload) -> {
            if (payload.path("word").asString("").equals("unreadable")) {
                throw new UpcastException(type, version, "there is a word at /word");
            }
            return new Upcasters.Upcast(version, payload);
        };
    }

    static List<Table> tables() {
        return Stream.concat(EventLog.tables().stream(), RunningFollower.tables().stream())
                .toList();
    }

    RunningIndex<WordList> host() {
        return host(FollowSettings.defaults());
    }

    RunningIndex<WordList> host(FollowSettings settings) {
        return new RunningIndex<>("words", log, generations, settings, clock);
    }

    @AfterEach
    void stop() {
        log.close();
    }

    Event first(String stream) {
        return log.<List<Event>>read(ACME, view -> view.stream(new StreamId("thing", stream), 0, 1))
                .getFirst();
    }

    void stepUntilIdle() {
        boolean busy = true;
        while (busy) {
            busy = host.step();
        }
    }

    /// Words of a few streams in turn, in units of many.
    ///
    /// @return the words in their order
    List<String> sayMany(Tenant tenant, int count) {
        var words =
                IntStream.range(0, count).mapToObj(i -> tenant.id() + "-" + i).toList();
        for (int first = 0; first < count; first += LARGE) {
            var appends = IntStream.range(first, Math.min(count, first + LARGE))
                    .mapToObj(i -> new StreamAppend(
                            new StreamId("thing", "s" + i % STREAMS), Expected.any(), List.of(said(words.get(i)))))
                    .toList();
            log.append(new Unit(new Context(tenant, "tester", "corr"), appends, List.of(), List.of()));
        }
        return words;
    }

    void say(String stream, String word) {
        say(ACME, stream, word);
    }

    void say(Tenant tenant, String stream, String word) {
        log.append(Unit.of(
                new Context(tenant, "tester", "corr"),
                new StreamAppend(new StreamId("thing", stream), Expected.any(), List.of(said(word)))));
    }

    static NewEvent said(String word) {
        return new NewEvent(
                UUID.randomUUID(),
                new EventType("thing.said"),
                1,
                "subject",
                JsonNodeFactory.instance.objectNode().put("word", word),
                Instant.EPOCH,
                null);
    }

    /// The words that were said, by the positions at which they were.
    final class WordList implements Projection {
        final Map<Place, String> applied = new TreeMap<>();
        final List<String> visible = new ArrayList<>();
        final Map<Place, String> committed = new HashMap<>();
        final Map<Integer, Long> appliedTo = new HashMap<>();
        final Map<Integer, Long> visibleTo = new HashMap<>();
        final Map<Integer, Long> durableTo = new HashMap<>();
        boolean unwell;

        private record Place(int partition, long number) implements Comparable<Place> {
            @Override
            public int compareTo(Place other) {
                return Comparator.comparingInt(Place::partition)
                        .thenComparingLong(Place::number)
                        .compare(this, other);
            }
        }

        @Override
        public void apply(int partition, List<Event> events, long to) {
            if (unwell) {
                throw new TryAgainException("no disk", new IOException("disk"));
            }
            for (var event : events) {
                var word = event.payload().needed().orElseThrow().path("word").asString();
                if (poison.contains(word)) {
                    throw new IllegalStateException("cannot take " + word);
                }
                applied.put(new Place(partition, event.position().number()), word);
            }
            appliedTo.merge(partition, to, Math::max);
        }

        @Override
        public void publish() {
            visible.clear();
            visible.addAll(applied.values());
            visibleTo.clear();
            visibleTo.putAll(appliedTo);
        }

        @Override
        public void commit() {
            committed.putAll(applied);
            durableTo.putAll(appliedTo);
        }

        void crash() {
            applied.clear();
            applied.putAll(committed);
            appliedTo.clear();
            appliedTo.putAll(durableTo);
            publish();
        }

        List<String> visibleWords() {
            return List.copyOf(visible);
        }

        List<String> appliedWords() {
            return List.copyOf(applied.values());
        }

        @Override
        public long applied(int partition) {
            return appliedTo.getOrDefault(partition, 0L);
        }

        @Override
        public long visible(int partition) {
            return visibleTo.getOrDefault(partition, 0L);
        }

        @Override
        public long durable(int partition) {
            return durableTo.getOrDefault(partition, 0L);
        }

        @Override
        public void close() {}
    }

    final class Words implements Generations<WordList> {
        Generation<WordList> current = new Generation<>(1, new WordList());

        @Nullable
        Generation<WordList> next;

        @Nullable
        Generation<WordList> former;

        int last = 1;

        @Override
        public Generation<WordList> current() {
            return current;
        }

        @Override
        public Optional<Generation<WordList>> next() {
            return Optional.ofNullable(next);
        }

        @Override
        public Generation<WordList> begin() {
            former = null;
            next = new Generation<>(++last, new WordList());
            return next;
        }

        @Override
        public Optional<String> noWayBack() {
            return former == null ? Optional.of("none is kept") : Optional.empty();
        }

        @Override
        public Generation<WordList> revive() {
            var revived = Optional.ofNullable(former).orElseThrow();
            next = revived;
            return revived;
        }

        @Override
        public boolean promote() {
            if (next != null) {
                former = current;
                current = next;
                next = null;
            }
            return true;
        }

        @Override
        public void close() {}
    }

    /// A clock that stands still until it is told to go on.
    static final class SettableClock extends Clock {
        Instant now = Instant.parse("2026-01-01T00:00:00Z");

        void advance(Duration by) {
            now = now.plus(by);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
