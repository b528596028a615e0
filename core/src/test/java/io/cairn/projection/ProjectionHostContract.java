package io.cairn.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import io.cairn.follow.ParkedKeys;
import io.cairn.follow.RunningFollower;
import io.cairn.follow.Skipped;
import io.cairn.follow.TryAgainException;
import io.cairn.row.RowKey;
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
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;

/// A projection that follows a log, step by step, under a clock that is set; on every storage alike.
public abstract class ProjectionHostContract {
    private static final Tenant ACME = new Tenant("acme");
    private static final Context CONTEXT = new Context(ACME, "tester", "corr");

    /// A batch that is worth another one's being read meanwhile.
    private static final int LARGE = 500;

    private static final int STREAMS = 7;

    /// Tenants enough to be in every partition of a few.
    private static final List<Tenant> MANY =
            IntStream.range(0, 12).mapToObj(i -> new Tenant("t" + i)).toList();

    private final SettableClock clock = new SettableClock();
    private final SecureRandom random = new SecureRandom();
    private final Set<String> poison = new HashSet<>();
    private final Words generations = new Words();
    private EventLog log;
    private RunningIndex<WordList> host;

    /// A new, empty storage with these tables.
    protected abstract LogStorage create(List<Table> tables);

    @BeforeEach
    void start() {
        log = EventLog.on(create(tables()))
                .sealedWith(MasterKey.random(random))
                .upcasting(ProjectionHostContract::upcasters)
                .ids(new Ids(clock, random))
                .random(random)
                .start();
        host = host();
    }

    /// An upcaster that cannot transform one word.
    private static Upcasters.Known upcasters(TenantView view) {
        return (type, version, payload) -> {
            if (payload.path("word").asString("").equals("unreadable")) {
                throw new UpcastException(type, version, "there is a word at /word");
            }
            return new Upcasters.Upcast(version, payload);
        };
    }

    private static List<Table> tables() {
        return Stream.concat(EventLog.tables().stream(), RunningFollower.tables().stream())
                .toList();
    }

    private RunningIndex<WordList> host() {
        return host(FollowSettings.defaults());
    }

    private RunningIndex<WordList> host(FollowSettings settings) {
        return new RunningIndex<>("words", log, generations, settings, clock);
    }

    @AfterEach
    void stop() {
        log.close();
    }

    @Test
    void readersSeeWhatWasAppendedOnceItIsPublished() {
        say("a", "one");
        host.step();

        assertThat(host.current().visibleWords()).containsExactly("one");
        assertThat(host.health().eventsBehind()).isZero();
    }

    @Test
    void whatAnotherNodeBeginsAndSwitchesToIsTakenOver() {
        say("a", "one");
        host.step();
        var other = host();
        other.rebuild();

        // Takes part in the rebuild, and is the one that ends it.
        host.step();
        assertThat(host.health().generation()).isEqualTo(2);
        other.step();

        assertThat(other.isRebuilding()).isFalse();
        assertThat(other.health().generation()).isEqualTo(2);
        assertThat(other.current()).isSameAs(host.current());
        assertThat(other.health().eventsBehind()).isZero();
    }

    @Test
    void everyPartitionIsFollowed() {
        MANY.forEach(tenant -> say(tenant, "a", tenant.id()));
        host.step();

        assertThat(host.current().visibleWords())
                .containsExactlyInAnyOrderElementsOf(
                        MANY.stream().map(Tenant::id).toList());
        var health = host.health();
        assertThat(health.eventsBehind()).isZero();
        assertThat(health.events()).isEqualTo(MANY.size());
        log.heads()
                .forEach(head -> assertThat(health.position(head.partition())).isEqualTo(head.number()));
    }

    @Test
    void whatIsBehindInAllPartitionsIsSummedAndTheOldestTellsTheLag() {
        host.step();
        MANY.forEach(tenant -> say(tenant, "a", "early"));
        clock.advance(Duration.ofSeconds(20));
        say(ACME, "a", "late");
        clock.advance(Duration.ofSeconds(10));

        var health = host.health();

        assertThat(health.eventsBehind()).isEqualTo(MANY.size() + 1);
        assertThat(health.lagSeconds()).hasValue(30);
        assertThat(health.advancing()).isTrue();
    }

    @Test
    void aRebuildSwitchesOnlyWhenEveryPartitionHasCaughtUp() {
        for (int i = 0; i < 5; i++) {
            say(ACME, "a", "word " + i);
        }
        MANY.forEach(tenant -> say(tenant, "a", tenant.id()));
        host.step();
        host = host(FollowSettings.defaults().batchesOf(2));
        host.rebuild();

        host.step();
        assertThat(host.health().generation()).isEqualTo(1);
        assertThat(host.health().rebuilding().orElseThrow().total()).isEqualTo(MANY.size() + 5);

        while (host.step()) {
            assertThat(host.current().visibleWords()).hasSize(MANY.size() + 5);
        }
        assertThat(host.health().generation()).isEqualTo(2);
        assertThat(host.current().visibleWords()).hasSize(MANY.size() + 5);
    }

    @Test
    void aPartitionThatHasCaughtUpIsShownAtOnceWhileAnotherIsBehind() {
        host = host(FollowSettings.defaults().batchesOf(1));
        say(ACME, "a", "one");
        say(ACME, "a", "two");
        var other = MANY.stream()
                .filter(tenant -> log.partition(tenant) != log.partition(ACME))
                .findFirst();
        other.ifPresent(tenant -> say(tenant, "a", "quick"));
        host.step();

        assertThat(host.current().visibleWords())
                .isEqualTo(other.isPresent() ? host.current().appliedWords() : List.of());
    }

    @Test
    void aProjectionThatNeverRanSaysSo() {
        say("a", "one");

        var health = host.health();

        assertThat(health.eventsBehind()).isEqualTo(-1);
        assertThat(health.lagSeconds()).isEmpty();
        assertThat(health.stale()).isTrue();
    }

    @Test
    void aPayloadThatCannotBeUpcastParksTheStreamOfWhoeverNeedsIt() {
        say("a", "one");
        say("b", "unreadable");
        say("c", "two");
        host.step();

        assertThat(host.current().visibleWords()).containsExactly("one", "two");
        assertThat(host.health().eventsBehind()).isZero();
        assertThat(host.parked(ACME, null, 10)).singleElement().satisfies(parked -> {
            assertThat(parked.key()).isEqualTo("thing/b");
            assertThat(parked.error()).contains("thing.said of version 1 cannot be read: there is a word at /word");
        });
    }

    @Test
    void aPoisonEventParksItsStreamAndTheRestGoesOn() {
        poison.add("bad");
        say("a", "one");
        say("b", "bad");
        say("c", "two");
        say("b", "after bad");
        host.step();

        assertThat(host.current().visibleWords()).containsExactly("one", "two");
        assertThat(host.parked(ACME, null, 10)).singleElement().satisfies(parked -> {
            assertThat(parked.key()).isEqualTo("thing/b");
            assertThat(parked.version()).isEqualTo(1);
            assertThat(parked.eventType()).isEqualTo("thing.said");
            assertThat(parked.eventId()).isEqualTo(first("b").id());
            assertThat(parked.error()).contains("cannot take bad");
            assertThat(parked.attempts()).isEqualTo(1);
        });
        assertThat(host.health().eventsBehind()).isZero();
    }

    @Test
    void aParkedStreamIsAppliedInOrderOnceItCanBe() {
        poison.add("bad");
        say("b", "bad");
        say("b", "after bad");
        host.step();

        assertThat(host.retry(ACME, "thing/b")).isZero();
        assertThat(host.parked(ACME, null, 10).getFirst().attempts()).isEqualTo(2);

        poison.clear();
        assertThat(host.retry(ACME, null)).isEqualTo(1);
        assertThat(host.current().visibleWords()).containsExactly("bad", "after bad");
        assertThat(host.parked(ACME, null, 10)).isEmpty();

        say("b", "more");
        host.step();
        assertThat(host.current().visibleWords()).containsExactly("bad", "after bad", "more");
    }

    @Test
    void aSkippedStreamGoesOnWithoutWhatItHeldThen() {
        poison.add("bad");
        say("b", "bad");
        say("b", "after bad");
        host.step();
        say("b", "not reached yet");

        assertThat(host.skip(CONTEXT, "thing/b")).isEqualTo(new Skipped.Done(3));
        say("b", "new");
        host.step();

        assertThat(host.parked(ACME, null, 10)).isEmpty();
        assertThat(host.current().visibleWords()).containsExactly("new");
        assertThat(host.health().eventsBehind()).isZero();
    }

    @Test
    void whatWasSkippedStaysSkippedAfterACrashAndInARebuild() {
        poison.add("bad");
        say("a", "one");
        say("b", "bad");
        host.step();
        host.skip(CONTEXT, "thing/b");
        say("b", "two");

        generations.current().projection().crash();
        host = host();
        host.step();
        assertThat(host.current().visibleWords()).containsExactly("one", "two");

        host.rebuild();
        host.step();
        assertThat(host.health().generation()).isEqualTo(2);
        assertThat(host.current().visibleWords()).containsExactly("one", "two");
        assertThat(host.parked(ACME, null, 10)).isEmpty();
    }

    @Test
    void onlyAParkedStreamCanBeSkipped() {
        say("a", "one");
        host.step();

        assertThat(host.skip(CONTEXT, "thing/a")).isEqualTo(new Skipped.NotParked());
        assertThat(host.skip(new Context(new Tenant("other"), "tester", "corr"), "thing/a"))
                .isEqualTo(new Skipped.NotParked());
    }

    @Test
    void aRebuildTakesInWhatTheGenerationBeforeCouldNot() {
        poison.add("bad");
        say("b", "bad");
        say("b", "after bad");
        host.step();
        poison.clear();

        host.rebuild();
        host.step();

        assertThat(host.current().visibleWords()).containsExactly("bad", "after bad");
        assertThat(host.parked(ACME, null, 10)).isEmpty();
    }

    @Test
    void aRollbackLetsTheFormerGenerationCatchUpAndThenSwitches() {
        say("a", "one");
        host.step();
        var former = host.current();
        host.rebuild();
        host.step();
        say("a", "two");
        host.step();

        assertThat(host.rollback()).isEqualTo(new RolledBack.Begun(1));
        assertThat(host.current()).isNotSameAs(former);
        assertThat(host.health().rebuilding().orElseThrow().generation()).isEqualTo(1);
        host.step();

        assertThat(host.current()).isSameAs(former);
        assertThat(host.current().visibleWords()).containsExactly("one", "two");
        assertThat(host.health().generation()).isEqualTo(1);
        assertThat(host.rollback()).isEqualTo(new RolledBack.Begun(2));
    }

    @Test
    void aRollbackBringsBackWhatTheFormerGenerationHadParked() {
        poison.add("bad");
        say("b", "bad");
        host.step();
        poison.clear();
        host.rebuild();
        host.step();
        assertThat(host.current().visibleWords()).containsExactly("bad");

        host.rollback();
        host.step();

        assertThat(host.parked(ACME, null, 10)).hasSize(1);
        assertThat(host.retry(ACME, null)).isEqualTo(1);
        assertThat(host.current().visibleWords()).containsExactly("bad");
    }

    @Test
    void aRollbackIsRefusedWithoutAFormerGenerationOrDuringARebuild() {
        say("a", "one");
        assertThat(host.rollback()).isEqualTo(new RolledBack.Refused("none is kept"));

        host.rebuild();

        assertThat(host.rollback())
                .isEqualTo(new RolledBack.Refused(
                        "Generation 2 of words is on its way; a rollback has to wait until it has switched"));
    }

    private Event first(String stream) {
        return log.<List<Event>>read(ACME, view -> view.stream(new StreamId("thing", stream), 0, 1))
                .getFirst();
    }

    @Test
    void aParkedStreamStaysParkedAfterARestart() {
        poison.add("bad");
        say("b", "bad");
        host.step();
        clock.advance(Duration.ofSeconds(10));
        host.step();

        host = host();
        say("b", "later");
        host.step();

        assertThat(host.current().visibleWords()).isEmpty();
        assertThat(host.parked(ACME, null, 10)).hasSize(1);
    }

    @Test
    void afterACrashEventsPastTheDurablePositionComeAgain() {
        say("a", "one");
        host.step();
        clock.advance(Duration.ofSeconds(10));
        host.step();
        say("a", "two");
        host.step();
        assertThat(host.current().durable(log.partition(ACME))).isEqualTo(1);

        generations.current().projection().crash();
        host = host();
        host.step();

        assertThat(host.current().visibleWords()).containsExactly("one", "two");
    }

    @Test
    void whatStoodBeforeAParkedEventComesAgainAfterACrash() {
        poison.add("bad");
        say("b", "one");
        say("b", "bad");
        host.step();
        assertThat(host.parked(ACME, null, 10)).hasSize(1);

        generations.current().projection().crash();
        host = host();
        host.step();

        assertThat(host.current().visibleWords()).containsExactly("one");
        poison.clear();
        assertThat(host.retry(ACME, null)).isEqualTo(1);
        assertThat(host.current().visibleWords()).containsExactly("one", "bad");
    }

    @Test
    void whatARetryTookInBeforeItFailedAgainSurvivesACrash() {
        poison.addAll(Set.of("bad", "worse"));
        say("b", "bad");
        say("b", "worse");
        host.step();
        clock.advance(Duration.ofSeconds(10));
        host.step();
        poison.remove("bad");
        assertThat(host.retry(ACME, null)).isZero();
        assertThat(host.parked(ACME, null, 10).getFirst().version()).isEqualTo(2);

        generations.current().projection().crash();
        host = host();
        poison.clear();
        host.step();

        assertThat(host.retry(ACME, null)).isEqualTo(1);
        assertThat(host.current().visibleWords()).containsExactly("bad", "worse");
    }

    @Test
    void whyAStreamIsParkedIsKeptSealedSinceItMayQuoteTheEvent() {
        poison.add("bad");
        say("a", "bad");
        host.step();

        assertThat(host.parked(ACME, null, 10).getFirst().error()).contains("cannot take bad");
        var row = log.read(ACME, view -> view.rows(ParkedKeys.TABLE, new RowKey(List.of()), null, 10))
                .getFirst();
        assertThat(row.text("error")).startsWith("sealed:").doesNotContain("bad");
    }

    @Test
    void whatIsNoFaultOfTheEventIsTriedAgainAndParksNothing() {
        generations.current().projection().unwell = true;
        say("a", "one");

        assertThatThrownBy(host::step).isInstanceOf(TryAgainException.class);
        assertThat(host.health().failure())
                .hasValueSatisfying(failure -> assertThat(failure).contains("disk"));

        generations.current().projection().unwell = false;
        host.step();
        assertThat(host.current().visibleWords()).containsExactly("one");
        assertThat(host.parked(ACME, null, 10)).isEmpty();
    }

    @Test
    void aGenerationThatCannotGoOnDoesNotHoldUpTheOneThatTakesItsPlace() {
        say("a", "one");
        host.step();
        generations.current().projection().unwell = true;
        say("a", "two");
        host.rebuild();
        assertThatThrownBy(host::step).isInstanceOf(TryAgainException.class);
        host.step();

        assertThat(host.isRebuilding()).isFalse();
        assertThat(host.health().generation()).isEqualTo(2);
        assertThat(host.health().failure()).isEmpty();
        assertThat(host.current().visibleWords()).containsExactly("one", "two");
    }

    @Test
    void aRebuildRunsBesideTheCurrentGenerationAndThenSwitches() {
        say("a", "one");
        host.step();
        generations.current().projection().visible.add("leftover");

        assertThat(host.rebuild()).isEqualTo(2);
        assertThat(host.current().visibleWords()).contains("leftover");
        host.step();

        assertThat(host.health().generation()).isEqualTo(2);
        assertThat(host.current().visibleWords()).containsExactly("one");
    }

    @Test
    void aPoisonEventInABatchThatWasReadAheadParksItsStreamAndTheRestGoesOn() {
        host = host(FollowSettings.defaults().batchesOf(LARGE));
        var said = sayMany(ACME, 3 * LARGE);
        // In the midst of the second batch.
        int bad = LARGE + LARGE / 2;
        poison.add(said.get(bad));
        var parked = IntStream.range(0, said.size())
                .filter(i -> i % STREAMS == bad % STREAMS && i >= bad)
                .mapToObj(said::get)
                .toList();
        stepUntilIdle();

        var expected = new ArrayList<>(said);
        expected.removeAll(parked);
        assertThat(host.current().visibleWords()).containsExactlyElementsOf(expected);
        assertThat(host.parked(ACME, null, 10))
                .singleElement()
                .satisfies(stream -> assertThat(stream.key()).isEqualTo("thing/s" + bad % STREAMS));
    }

    @Test
    void whatWasReadAheadIsGivenUpWhenTheProjectionFallsBack() {
        host = host(FollowSettings.defaults().batchesOf(LARGE));
        var said = sayMany(ACME, 3 * LARGE);
        host.step();
        generations.current().projection().crash();
        stepUntilIdle();

        assertThat(host.current().visibleWords()).containsExactlyElementsOf(said);
    }

    @Test
    void whatWasReadAheadIsAppliedOnceTheProjectionIsWellAgain() {
        host = host(FollowSettings.defaults().batchesOf(LARGE));
        var said = sayMany(ACME, 2 * LARGE);
        host.step();
        generations.current().projection().unwell = true;
        assertThatThrownBy(host::step).isInstanceOf(TryAgainException.class);
        generations.current().projection().unwell = false;
        stepUntilIdle();

        assertThat(host.current().visibleWords()).containsExactlyElementsOf(said);
        assertThat(host.parked(ACME, null, 10)).isEmpty();
    }

    @Test
    void partitionsThatAreFarBehindAreReadAheadInTurn() {
        host = host(FollowSettings.defaults().batchesOf(LARGE));
        var tenants = MANY.subList(0, 4);
        var said = new HashMap<Tenant, List<String>>();
        tenants.forEach(tenant -> said.put(tenant, sayMany(tenant, 2 * LARGE + 1)));
        stepUntilIdle();

        var visible = host.current().visibleWords();
        said.forEach((tenant, words) -> assertThat(visible).containsSubsequence(words));
        assertThat(visible).hasSize(4 * (2 * LARGE + 1));
    }

    @Test
    void aGenerationThatNobodyReadsYetIsNotPublishedOnTheWay() {
        host = host(FollowSettings.defaults().batchesOf(1));
        say("a", "one");
        say("a", "two");
        say("a", "three");
        stepUntilIdle();
        host.rebuild();
        var building = generations.next().orElseThrow().projection();
        clock.advance(Duration.ofSeconds(1));
        host.step();
        clock.advance(Duration.ofSeconds(1));
        host.step();

        assertThat(building.appliedWords()).containsExactly("one", "two");
        assertThat(building.visibleWords()).isEmpty();
        host.step();

        assertThat(host.current()).isSameAs(building);
        assertThat(building.visibleWords()).containsExactly("one", "two", "three");
    }

    @Test
    void aGenerationThatTookOverIsPublishedOnTheWay() {
        host = host(FollowSettings.defaults().batchesOf(1));
        say("a", "one");
        stepUntilIdle();
        host.rebuild();
        stepUntilIdle();
        say("a", "two");
        say("a", "three");
        clock.advance(Duration.ofSeconds(1));
        host.step();

        assertThat(host.current().visibleWords()).containsExactly("one", "two");
    }

    @Test
    void aHostThatClosesWaitsForWhatIsReadAhead() {
        host = host(FollowSettings.defaults().batchesOf(LARGE));
        sayMany(ACME, 2 * LARGE);
        host.step();
        host.close();

        assertThat(host.current().durable(log.partition(ACME))).isEqualTo(LARGE);
    }

    @Test
    void aProjectionThatIsBehindAndDoesNotMoveIsAlarming() {
        say("a", "one");
        host.step();
        generations.current().projection().unwell = true;
        say("a", "two");
        clock.advance(Duration.ofSeconds(400));
        assertThatThrownBy(host::step).isInstanceOf(TryAgainException.class);

        var health = host.health();

        assertThat(health.advancing()).isFalse();
        assertThat(health.stale()).isTrue();
        assertThat(health.eventsBehind()).isEqualTo(1);
        assertThat(health.lagSeconds().orElseThrow()).isEqualTo(400);
    }

    private void stepUntilIdle() {
        boolean busy = true;
        while (busy) {
            busy = host.step();
        }
    }

    /// Words of a few streams in turn, in units of many.
    ///
    /// @return the words in their order
    private List<String> sayMany(Tenant tenant, int count) {
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

    private void say(String stream, String word) {
        say(ACME, stream, word);
    }

    private void say(Tenant tenant, String stream, String word) {
        log.append(Unit.of(
                new Context(tenant, "tester", "corr"),
                new StreamAppend(new StreamId("thing", stream), Expected.any(), List.of(said(word)))));
    }

    private static NewEvent said(String word) {
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
    private final class WordList implements Projection {
        private final Map<Place, String> applied = new TreeMap<>();
        private final List<String> visible = new ArrayList<>();
        private final Map<Place, String> committed = new HashMap<>();
        private final Map<Integer, Long> appliedTo = new HashMap<>();
        private final Map<Integer, Long> visibleTo = new HashMap<>();
        private final Map<Integer, Long> durableTo = new HashMap<>();
        private boolean unwell;

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

    private final class Words implements Generations<WordList> {
        private Generation<WordList> current = new Generation<>(1, new WordList());
        private @Nullable Generation<WordList> next;
        private @Nullable Generation<WordList> former;
        private int last = 1;

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
    private static final class SettableClock extends Clock {
        private Instant now = Instant.parse("2026-01-01T00:00:00Z");

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
