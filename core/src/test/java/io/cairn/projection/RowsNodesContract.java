package io.cairn.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cairn.event.LogPlace;
import io.cairn.follow.Skipped;
import io.cairn.tenant.Context;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// A projection of rows that several nodes follow together.
public abstract class RowsNodesContract extends RowsFixture {
    protected RowsNodesContract(LogPlace place) {
        super(place);
    }

    /// Until both have their part of the partitions and there is nothing to do.
    private void followTogether(Node other) {
        for (int i = 0; i < 10; i++) {
            one.after(TIME.dividedBy(3));
            other.after(TIME.dividedBy(3));
            one.follow();
            other.follow();
        }
    }

    @Test
    void aZombieThatWakesInTheMidstOfABatchWritesNothing() {
        var other = node("other");
        one.say(ACME, "a", "x", "y");
        one.words.before = () -> {
            one.words.before = () -> {};
            other.after(TIME);
            other.follow();
            assertThat(other.held()).isEqualTo(other.log.partitions());
            assertThat(other.counted(ACME)).isEqualTo(Map.of("x", 1L, "y", 1L));
        };

        one.follow();

        assertThat(one.held()).isZero();
        assertThat(other.counted(ACME)).isEqualTo(Map.of("x", 1L, "y", 1L));
        other.say(ACME, "a", "x");
        other.follow();
        assertThat(other.counted(ACME)).isEqualTo(Map.of("x", 2L, "y", 1L));
    }

    @Test
    void aNodeThatDiesIsReplacedAndNothingIsLostOrCountedTwice() {
        one.say(ACME, "a", "x", "y", "x", "y", "x", "y");
        one.projection.step();
        var other = node("other");
        other.follow();
        assertThat(other.held()).isZero();

        other.after(TIME);
        other.follow();

        assertThat(other.counted(ACME)).isEqualTo(Map.of("x", 3L, "y", 3L));
    }

    @Test
    void whatWasReadAheadIsGivenUpWhenAnotherNodeHasTakenItIn() {
        one.projection = one.projection(LARGE);
        one.sayMany(ACME, 3 * LARGE);
        one.projection.step();
        var other = node("other");
        other.after(TIME);
        other.follow();
        assertThat(other.held()).isEqualTo(other.log.partitions());
        other.projection.close();
        other.leases.close();
        one.sayMany(ACME, LARGE);
        one.after(TIME);

        one.follow();

        assertThat(one.held()).isEqualTo(one.log.partitions());
        assertThat(one.counted(ACME)).hasSize(10).values().containsOnly(4 * LARGE / 10L);
    }

    @Test
    void nodesThatStartAtOnceShareThePartitionsAndCountEverythingOnce() {
        var other = node("other");
        MANY.forEach(tenant -> one.say(tenant, "a", "x", "y", "x"));
        followTogether(other);

        assertThat(one.held()).isBetween(1L, 2L);
        assertThat(one.held() + other.held()).isEqualTo(one.log.partitions());
        MANY.forEach(tenant -> assertThat(other.counted(tenant)).isEqualTo(Map.of("x", 2L, "y", 1L)));
    }

    @Test
    void everyNodeTellsHowFarThePartitionsOfTheOthersHaveCome() throws InterruptedException {
        var other = node("other");
        one.say(ACME, "a", "x");
        one.follow();
        other.follow();

        assertThat(other.held()).isZero();
        assertThat(other.projection.awaitVisible(other.log.partition(ACME), 1, Duration.ZERO))
                .isTrue();
        assertThat(other.projection.health().eventsBehind()).isZero();
    }

    @Test
    void operatorsActOnAnyNode() {
        var other = node("other");
        one.say(ACME, "b", "x");
        one.follow();
        poison("bad");
        one.say(ACME, "b", "bad");
        one.say(ACME, "c", "bad");
        one.follow();
        assertThat(other.projection.parkedCount(ACME)).isEqualTo(2);

        assertThat(other.projection.skip(new Context(ACME, "tester", "corr"), "thing/b"))
                .isEqualTo(new Skipped.Done(1));
        cure();
        assertThat(other.projection.retry(ACME, "thing/c")).isEqualTo(1);
        one.say(ACME, "b", "x");
        one.say(ACME, "c", "x");
        followTogether(other);

        assertThat(one.counted(ACME)).isEqualTo(Map.of("x", 3L, "bad", 1L));
    }

    @Test
    void theNodeThatAnOperatorAsksFollowsThePartitionFromThenOn() {
        var other = node("other");
        poison("bad");
        one.say(ACME, "b", "bad");
        one.follow();

        assertThat(other.projection.skip(new Context(ACME, "tester", "corr"), "thing/b"))
                .isEqualTo(new Skipped.Done(1));

        assertThat(other.projection.holds(other.log.partition(ACME))).isTrue();
        one.say(ACME, "b", "x");
        one.follow();
        assertThat(one.counted(ACME)).isEmpty();
        other.follow();
        assertThat(one.counted(ACME)).isEqualTo(Map.of("x", 1L));
    }

    @Test
    void nodesOfTheFormerVersionAnswerUntilTheNewOneHasCaughtUp() throws InterruptedException {
        one.say(ACME, "a", "x", "y");
        one.follow();
        var other = node("other");
        other.words.version = 2;
        other.words.weight = 10;
        other.projection = other.projection();
        int partition = other.log.partition(ACME);
        one.say(ACME, "a", "x");
        one.follow();

        assertThat(other.projection.awaitVisible(partition, 1, Duration.ZERO)).isFalse();
        assertThat(one.counted(ACME)).isEqualTo(Map.of("x", 2L, "y", 1L));

        other.follow();
        assertThat(other.projection.awaitVisible(partition, 3, Duration.ZERO)).isTrue();
        assertThat(other.counted(ACME)).isEqualTo(Map.of("x", 20L, "y", 10L));
        assertThatThrownBy(one::follow)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("Version 2 of projection words has taken over; this node has version 1");
    }

    @Test
    void nodesBuildANewGenerationTogether() {
        var other = node("other");
        MANY.forEach(tenant -> one.say(tenant, "a", "x", "y", "x"));
        followTogether(other);
        one.words.weight = 10;
        other.words.weight = 10;
        other.projection.rebuild();

        one.follow();
        other.follow();
        one.follow();

        assertThat(one.projection.health().generation()).isEqualTo(2);
        assertThat(other.projection.health().generation()).isEqualTo(2);
        MANY.forEach(tenant -> assertThat(other.counted(tenant)).isEqualTo(Map.of("x", 20L, "y", 10L)));
    }
}
