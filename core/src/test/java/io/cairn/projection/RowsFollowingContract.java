package io.cairn.projection;

import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.event.LogPlace;
import io.cairn.follow.Skipped;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Rows follow the log on every storage: effects and checkpoint commit together, once for each event.
public abstract class RowsFollowingContract extends RowsFixture {
    protected RowsFollowingContract(LogPlace place) {
        super(place);
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
}
