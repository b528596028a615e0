package io.cairn.follow;

import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.archive.Archive;
import io.cairn.archive.LogCopy;
import io.cairn.event.Event;
import io.cairn.event.EventLog;
import io.cairn.event.EventType;
import io.cairn.event.Expected;
import io.cairn.event.Ids;
import io.cairn.event.LogStorage;
import io.cairn.event.NewEvent;
import io.cairn.event.StreamAppend;
import io.cairn.event.StreamId;
import io.cairn.event.Unit;
import io.cairn.lease.LeaseSettings;
import io.cairn.lease.LeaseSteps;
import io.cairn.lease.Leases;
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
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;

/// What an operator decided is neither decided anew nor forgotten when the log moves.
public abstract class CarriedSkipsContract {
    private static final Context CONTEXT = new Context(new Tenant("acme"), "tester", "corr");

    /// What there is in a storage of these tests.
    protected static final List<Table> TABLES = Stream.of(EventLog.tables(), RunningFollower.tables(), Leases.tables())
            .flatMap(List::stream)
            .toList();

    private final SecureRandom random = new SecureRandom();
    private final MasterKey master = MasterKey.random(random);
    private final Ids ids = new Ids(Clock.systemUTC(), random);
    private final Set<String> poison = new HashSet<>(Set.of("a"));
    private final List<EventLog> logs = new ArrayList<>();

    /// A new, empty storage that is exported or copied.
    protected abstract LogStorage source(String name);

    /// A new, empty storage into which is imported or copied.
    protected abstract LogStorage target(String name);

    /// Takes in nothing of some streams.
    private final class Picky implements Reaction {
        @Override
        public String name() {
            return "picky";
        }

        @Override
        public List<Table> tables() {
            return List.of();
        }

        @Override
        public Effects react(Event event, Rows rows) {
            if (poison.contains(event.stream().id())) {
                throw new IllegalStateException("cannot take " + event.stream());
            }
            return Effects.none();
        }
    }

    private record Store(LogStorage storage, EventLog log, Leases leases, RunningReaction reaction) {
        void follow() {
            LeaseSteps.step(leases);
            while (reaction.step()) {
                // until there is nothing to do
            }
        }
    }

    private Store store(LogStorage storage) {
        var log = EventLog.on(storage).sealedWith(master).random(random).open();
        logs.add(log);
        var leases = new Leases(log, "one", LeaseSettings.defaults(), System::nanoTime);
        return new Store(
                storage,
                log,
                leases,
                new RunningReaction(new Picky(), log, leases, FollowSettings.defaults(), Clock.systemUTC()));
    }

    /// A log in which one of two poisoned events was skipped.
    private Store skipped() {
        var store = store(source("source"));
        say(store, "a");
        say(store, "b");
        store.follow();
        assertThat(store.reaction().skip(CONTEXT, "thing/a")).isEqualTo(new Skipped.Done(1));
        say(store, "a");
        return store;
    }

    private static void say(Store store, String stream) {
        var event = new NewEvent(
                UUID.randomUUID(),
                new EventType("thing.said"),
                1,
                "subject",
                JsonNodeFactory.instance.objectNode(),
                Instant.EPOCH,
                null);
        store.log()
                .append(Unit.of(
                        CONTEXT, new StreamAppend(new StreamId("thing", stream), Expected.any(), List.of(event))));
    }

    private static void holdsTheSkipAndNoMore(Store store) {
        store.follow();

        assertThat(store.reaction().parked(CONTEXT.tenant(), null, 10))
                .singleElement()
                .satisfies(parked -> {
                    assertThat(parked.key()).isEqualTo("thing/a");
                    assertThat(parked.version()).isEqualTo(2);
                });
    }

    @AfterEach
    void close() {
        logs.forEach(EventLog::close);
    }

    @Test
    void anImportedLogHasTheSkipsOfTheOther() {
        var source = skipped();
        var lines = new ArrayList<String>();
        new Archive(source.log(), source.storage(), TABLES, ids).export(null, line -> lines.add(line.toString()));

        var target = store(target("target"));
        new Archive(target.log(), target.storage(), TABLES, ids).take(CONTEXT, lines);

        holdsTheSkipAndNoMore(target);
    }

    @Test
    void aCopiedLogHasTheSkipsOfTheOther() {
        var source = skipped();
        var target = store(target("target"));

        var copied = new LogCopy(source.storage(), target.storage(), target.log(), TABLES, ids)
                .run(List.of(), (step, done, total) -> {});

        assertThat(copied).isInstanceOf(LogCopy.Outcome.Whole.class);
        holdsTheSkipAndNoMore(target);
    }
}
