package io.cairn.follow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cairn.event.Event;
import io.cairn.event.EventLog;
import io.cairn.event.EventType;
import io.cairn.event.Expected;
import io.cairn.event.Ids;
import io.cairn.event.LogPlace;
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
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;

/// A reaction on every storage: what follows from an event commits once, together with the checkpoint.
public abstract class ReactionContract {
    protected static final Tenant ACME = new Tenant("acme");

    private static final Context CONTEXT = new Context(ACME, "tester", "corr");

    /// Tenants enough to be in every partition of a few.
    private static final List<Tenant> MANY =
            IntStream.range(0, 12).mapToObj(i -> new Tenant("t" + i)).toList();

    /// How often each word was said: state that only the reaction changes.
    private static final Table HEARD = new Table(
            "words_heard", Table.Kind.STATE, List.of(Table.Column.text("word")), List.of(Table.Column.number("times")));

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final MasterKey MASTER = MasterKey.random(RANDOM);

    private final LogPlace place;
    private final Set<String> poison = new HashSet<>();
    private final List<EventLog> logs = new ArrayList<>();
    private Reaction.Beginning beginning = Reaction.Beginning.FIRST_EVENT;
    private LogStorage storage;
    protected Node one;

    protected ReactionContract(LogPlace place) {
        this.place = place;
    }

    @BeforeEach
    void start() {
        storage = place.create(Stream.of(EventLog.tables(), RunningFollower.tables(), Leases.tables())
                .flatMap(List::stream)
                .toList());
        one = node("one", storage);
        one.log.feed().everywhere(transaction -> {
            transaction.make(HEARD);
            return HEARD;
        });
    }

    @AfterEach
    void stop() {
        logs.forEach(EventLog::close);
    }

    protected final Node node(String name) {
        return node(name, place.again(storage));
    }

    private Node node(String name, LogStorage opened) {
        var log = EventLog.on(opened).sealedWith(MASTER).random(RANDOM).open();
        logs.add(log);
        return new Node(name, log);
    }

    /// A process that acts when it is told to, with a clock of its own.
    protected final class Node {
        final EventLog log;
        final AtomicLong nanos = new AtomicLong();
        final Leases leases;
        final Hearing hearing = new Hearing();
        RunningReaction reaction;

        Node(String name, EventLog log) {
            this.log = log;
            this.leases = new Leases(log, name, LeaseSettings.defaults(), nanos::get);
            this.reaction = reaction();
            after(Duration.ZERO);
        }

        RunningReaction reaction() {
            return new RunningReaction(
                    hearing, log, leases, FollowSettings.defaults().batchesOf(4), Clock.systemUTC());
        }

        void after(Duration time) {
            nanos.addAndGet(time.toNanos());
            LeaseSteps.step(leases);
        }

        void follow() {
            while (reaction.step()) {
                // until there is nothing to do
            }
        }

        void say(Tenant tenant, String stream, String... words) {
            for (var word : words) {
                log.append(Unit.of(new Context(tenant, "tester", "corr"), said(stream, word)));
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

        Map<String, Long> heard(Tenant tenant) {
            return log.<List<Row>>read(tenant, view -> view.rows(HEARD, new RowKey(List.of()), null, 100)).stream()
                    .collect(Collectors.toMap(row -> row.text("word"), row -> row.number("times")));
        }
    }

    /// Reads a row before it changes it, so that an event that is taken in twice or not at all shows.
    protected final class Hearing implements Reaction {
        Runnable before = () -> {};

        @Override
        public String name() {
            return "hearing";
        }

        @Override
        public List<Table> tables() {
            return List.of(HEARD);
        }

        @Override
        public Beginning beginning() {
            return beginning;
        }

        @Override
        public Effects react(Event event, Rows rows) {
            before.run();
            if (!event.type().name().equals("thing.said")) {
                return Effects.none();
            }
            var word = ((Payload.Open) event.payload()).json().path("word").asString();
            if (poison.contains(word)) {
                throw new IllegalStateException("cannot take " + word);
            }
            long times = rows.row(HEARD, HEARD.key(word))
                            .map(row -> row.number("times"))
                            .orElse(0L)
                    + 1;
            var heard = Effects.rows(new RowChange.Put(HEARD.row(Map.of("word", word, "times", times))));
            return switch (word) {
                case "echo" -> heard.and(Effects.events(echo(event, Expected.any())));
                case "late" -> heard.and(Effects.events(echo(event, Expected.version(7))));
                case "checked" ->
                    heard.and(new Effects(
                            List.of(),
                            List.of(new RowExpectation.Cell(
                                    HEARD, HEARD.key(word), "times", times == 1 ? null : times - 1)),
                            List.of()));
                default -> heard;
            };
        }

        private StreamAppend echo(Event event, Expected expected) {
            return new StreamAppend(new StreamId("echo", event.stream().id()), expected, List.of(echoed(event.id())));
        }
    }

    private static NewEvent echoed(UUID said) {
        return new NewEvent(
                Ids.named("echo", said.toString()),
                new EventType("thing.echoed"),
                1,
                "subject",
                JsonNodeFactory.instance.objectNode(),
                Instant.EPOCH,
                said);
    }

    private List<Event> echoes(Tenant tenant, String stream) {
        return one.log.read(tenant, view -> view.stream(new StreamId("echo", stream), 0, 10));
    }

    @Test
    void aReactionWithoutAProperNameIsRefused() {
        var nameless = new Reaction() {
            @Override
            public String name() {
                return "Hearing!";
            }

            @Override
            public List<Table> tables() {
                return List.of();
            }

            @Override
            public Effects react(Event event, Rows rows) {
                return Effects.none();
            }
        };

        assertThatThrownBy(() -> new RunningReaction(
                        nameless, one.log, one.leases, FollowSettings.defaults(), Clock.systemUTC()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("A reaction is named with up to 40 lower-case letters, digits and hyphens, not 'Hearing!'");
    }

    @Test
    void anEventThatCannotBeAppendedParksTheStreamThatLedToIt() {
        one.say(ACME, "a", "x", "late", "x");
        one.say(ACME, "b", "x");

        one.follow();

        assertThat(one.heard(ACME)).isEqualTo(Map.of("x", 2L));
        assertThat(echoes(ACME, "a")).isEmpty();
        assertThat(one.reaction.parked(ACME, null, 10)).singleElement().satisfies(parked -> {
            assertThat(parked.version()).isEqualTo(2);
            assertThat(parked.error())
                    .contains("it appends to stream echo/a, which is at version 0 and not as expected");
        });

        assertThat(one.reaction.retry(ACME, null)).isZero();
        assertThat(one.reaction.parked(ACME, null, 10).getFirst().attempts()).isEqualTo(2);
        IntStream.range(0, 7)
                .forEach(i -> one.log.append(Unit.of(
                        CONTEXT,
                        new StreamAppend(
                                new StreamId("echo", "a"), Expected.any(), List.of(echoed(UUID.randomUUID()))))));
        assertThat(one.reaction.retry(ACME, null)).isEqualTo(1);
        assertThat(one.heard(ACME)).isEqualTo(Map.of("x", 3L, "late", 1L));
        assertThat(echoes(ACME, "a")).hasSize(8);
    }

    @Test
    void whatWasAppendedBeforeIsNotAppendedAgain() {
        one.say(ACME, "a", "echo");
        var said = one.log.<Event>read(
                ACME, view -> view.stream(new StreamId("thing", "a"), 0, 1).getFirst());
        one.log.append(Unit.of(
                CONTEXT, new StreamAppend(new StreamId("echo", "a"), Expected.any(), List.of(echoed(said.id())))));

        one.follow();

        assertThat(echoes(ACME, "a")).hasSize(1);
        assertThat(one.reaction.parkedCount(ACME)).isZero();
        assertThat(one.reaction.health().eventsBehind()).isZero();
    }

    @Test
    void eventsOfSeveralTenantsAreAppendedOnceAndTellWhatLedToThem() {
        for (var tenant : MANY) {
            one.say(tenant, "a", "echo", "x", "echo");
        }

        one.follow();

        for (var tenant : MANY) {
            assertThat(one.heard(tenant)).isEqualTo(Map.of("echo", 2L, "x", 1L));
            assertThat(echoes(tenant, "a")).hasSize(2).allSatisfy(echo -> {
                assertThat(echo.actor()).isEqualTo("reaction:hearing");
                assertThat(echo.correlation()).isEqualTo("corr");
                assertThat(echo.causation()).isNotNull();
            });
        }
    }

    @Test
    void anEventThatExpectsWhatFollowsFromTheOneBeforeGetsAUnitOfItsOwn() {
        one.say(ACME, "a", "checked", "x", "checked", "checked");

        one.follow();

        assertThat(one.heard(ACME)).isEqualTo(Map.of("checked", 3L, "x", 1L));
        assertThat(one.reaction.parkedCount(ACME)).isZero();
    }

    @Test
    void aPoisonEventParksItsStreamTogetherWithTheEffectsOfTheOthers() {
        poison.add("bad");
        one.say(ACME, "a", "x");
        one.say(ACME, "b", "bad", "x");
        one.say(ACME, "c", "x");

        one.follow();

        assertThat(one.heard(ACME)).isEqualTo(Map.of("x", 2L));
        assertThat(one.reaction.parked(ACME, null, 10)).singleElement().satisfies(parked -> {
            assertThat(parked.key()).isEqualTo("thing/b");
            assertThat(parked.version()).isEqualTo(1);
            assertThat(parked.error()).contains("cannot take bad");
        });
        assertThat(one.reaction.health().eventsBehind()).isZero();
    }

    @Test
    void aParkedStreamThatIsRetriedGoesAsFarAsItCan() {
        poison.add("bad");
        one.say(ACME, "b", "bad", "x");
        one.follow();

        assertThat(one.reaction.retry(ACME, null)).isZero();
        poison.clear();
        assertThat(one.reaction.retry(ACME, "thing/b")).isEqualTo(1);

        assertThat(one.heard(ACME)).isEqualTo(Map.of("bad", 1L, "x", 1L));
        assertThat(one.reaction.parkedCount(ACME)).isZero();
    }

    @Test
    void aSkippedStreamGoesOnWithoutWhatItHeldThen() {
        poison.add("bad");
        one.say(ACME, "b", "bad", "x");
        one.follow();

        assertThat(one.reaction.skip(CONTEXT, "thing/b")).isEqualTo(new Skipped.Done(2));
        assertThat(one.reaction.skip(CONTEXT, "thing/b")).isEqualTo(new Skipped.NotParked());
        one.say(ACME, "b", "y");
        one.follow();

        assertThat(one.heard(ACME)).isEqualTo(Map.of("y", 1L));
    }

    @Test
    void everyEventOfEveryPartitionCountsOnce() {
        for (var tenant : MANY) {
            one.say(tenant, "a", "x", "y", "x");
        }

        one.follow();
        one.reaction.close();
        one.reaction = one.reaction();
        one.say(MANY.getFirst(), "a", "y");
        one.follow();

        assertThat(one.heard(MANY.getFirst())).isEqualTo(Map.of("x", 2L, "y", 2L));
        MANY.stream().skip(1).forEach(tenant -> assertThat(one.heard(tenant)).isEqualTo(Map.of("x", 2L, "y", 1L)));
    }

    @Test
    void aNodeThatWasReplacedWhileItSleptHasNoEffects() {
        if (!one.log.shared()) {
            return;
        }
        var other = node("other");
        one.say(ACME, "a", "x");
        one.hearing.before = () -> {
            one.hearing.before = () -> {};
            // It sleeps for longer than its lease lasts.
            for (int i = 0; i < 4; i++) {
                other.after(LeaseSettings.defaults().time());
            }
            other.follow();
        };

        one.follow();

        assertThat(one.heard(ACME)).isEqualTo(Map.of("x", 1L));
    }

    @Test
    void aReactionThatBeginsAtTheEndLeavesOutWhatWasThereBefore() {
        beginning = Reaction.Beginning.END;
        one.say(ACME, "a", "old");

        one.follow();
        one.say(ACME, "a", "new");
        one.follow();

        assertThat(one.heard(ACME)).isEqualTo(Map.of("new", 1L));
    }

    @Test
    void whatAReactionIsWaitedForIsThereWhenTheWaitIsOver() throws InterruptedException {
        one.say(ACME, "a", "x");
        int partition = one.log.partition(ACME);
        assertThat(one.reaction.awaitVisible(partition, 1, Duration.ZERO)).isFalse();

        one.follow();

        assertThat(one.reaction.awaitVisible(partition, 1, Duration.ZERO)).isTrue();
    }
}
