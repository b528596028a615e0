package io.cairn.follow;

import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.archive.Archive;
import io.cairn.archive.LogCopy;
import io.cairn.event.Event;
import io.cairn.event.EventLog;
import io.cairn.event.EventType;
import io.cairn.event.Expected;
import io.cairn.event.Ids;
import io.cairn.event.InMemoryLogStorage;
import io.cairn.event.LogStorage;
import io.cairn.event.NewEvent;
import io.cairn.event.Payload;
import io.cairn.event.StreamAppend;
import io.cairn.event.StreamId;
import io.cairn.event.Unit;
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
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.node.JsonNodeFactory;

/// Logs with a reaction that counts the words that were said, so that an event that is taken in twice or not at all
/// shows; one log can be made of another.
final class HearingLogs implements AutoCloseable {
    static final Table HEARD = new Table(
            "words_heard", Table.Kind.STATE, List.of(Table.Column.text("word")), List.of(Table.Column.number("times")));

    static final List<Table> TABLES = Stream.of(
                    EventLog.tables(), RunningFollower.tables(), Leases.tables(), List.of(HEARD))
            .flatMap(List::stream)
            .toList();

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final MasterKey MASTER = MasterKey.random(RANDOM);

    private final Ids ids = new Ids(Clock.systemUTC(), RANDOM);
    private final List<Store> opened = new ArrayList<>();
    private Reaction.Beginning beginning = Reaction.Beginning.FIRST_EVENT;

    /// Makes a log of another one.
    interface Move {
        Store to(HearingLogs logs, Store source, Store target);
    }

    /// Counts words. A poisoned word makes it fail, in the log in which it is poisoned.
    record Hearing(Set<String> poison, Reaction.Beginning beginning) implements Reaction {
        @Override
        public String name() {
            return "hearing";
        }

        @Override
        public List<Table> tables() {
            return List.of(HEARD);
        }

        @Override
        public Effects react(Event event, Rows rows) {
            if (!event.type().name().equals("thing.said")) {
                return Effects.none();
            }
            var word = ((Payload.Open) event.payload()).json().path("word").asString();
            if (poison.contains(word)) {
                throw new IllegalStateException("cannot take " + word);
            }
            long before = rows.row(HEARD, HEARD.key(word))
                    .map(row -> row.number("times"))
                    .orElse(0L);
            return Effects.rows(new RowChange.Put(HEARD.row(Map.of("word", word, "times", before + 1))));
        }
    }

    record Store(LogStorage storage, EventLog log, Leases leases, Hearing hearing, RunningReaction reaction) {
        void beat() {
            LeaseSteps.step(leases);
        }

        void follow() {
            LeaseSteps.step(leases);
            while (ReactionSteps.step(reaction)) {
                // until there is nothing to do
            }
        }

        void poison(String word) {
            hearing.poison().add(word);
        }

        void say(Tenant tenant, String stream, String... words) {
            for (var word : words) {
                log.append(Unit.of(new Context(tenant, "tester", "corr"), said(UUID.randomUUID(), stream, word)));
            }
        }

        Map<String, Long> heard(Tenant tenant) {
            return HearingLogs.heard(log, tenant);
        }
    }

    static StreamAppend said(UUID id, String stream, String word) {
        var event = new NewEvent(
                id,
                new EventType("thing.said"),
                1,
                "subject",
                JsonNodeFactory.instance.objectNode().put("word", word),
                Instant.EPOCH,
                null);
        return new StreamAppend(new StreamId("thing", stream), Expected.any(), List.of(event));
    }

    static Map<String, Long> heard(EventLog log, Tenant tenant) {
        return log.<List<Row>>read(tenant, view -> view.rows(HEARD, new RowKey(List.of()), null, 100)).stream()
                .collect(Collectors.toMap(row -> row.text("word"), row -> row.number("times")));
    }

    void beginAtTheEnd() {
        beginning = Reaction.Beginning.END;
    }

    Store open(String epoch, int partitions) {
        var storage = new InMemoryLogStorage(epoch, TABLES, partitions, step -> {});
        var log = EventLog.on(storage).sealedWith(MASTER).random(RANDOM).open();
        var leases = new Leases(log, "one", LeaseSettings.defaults(), System::nanoTime);
        var hearing = new Hearing(new HashSet<>(), beginning);
        var settings = FollowSettings.defaults().batchesOf(4);
        var store = new Store(
                storage, log, leases, hearing, new RunningReaction(hearing, log, leases, settings, Clock.systemUTC()));
        opened.add(store);
        return store;
    }

    static Store exported(HearingLogs logs, Store source, Store target) {
        var lines = new ArrayList<String>();
        new Archive(source.log(), source.storage(), TABLES, logs.ids).export(null, line -> lines.add(line.toString()));
        new Archive(target.log(), target.storage(), TABLES, logs.ids)
                .take(new Context(Tenant.CAIRN, "tester", "import"), lines);
        return target;
    }

    static Store copied(HearingLogs logs, Store source, Store target) {
        var copied = new LogCopy(source.storage(), target.storage(), target.log(), TABLES, logs.ids)
                .run(List.of(), (step, done, total) -> {});
        assertThat(copied).isInstanceOf(LogCopy.Outcome.Whole.class);
        return target;
    }

    @Override
    public void close() {
        opened.forEach(store -> store.log().close());
    }
}
