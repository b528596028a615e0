package io.cairn.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.event.Appended;
import io.cairn.event.LogPlace;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What leases promise where several nodes stand on one database, each with a clock of its own.
public abstract class NodesContract extends LeaseContract {
    private static final int PARTITIONS = 3;
    private static final Duration TIME = LeaseSettings.defaults().time();
    private static final Duration BEAT = LeaseSettings.defaults().beatEvery();

    protected NodesContract(LogPlace place) {
        super(place);
    }

    @Test
    void aNodeThatDiesIsReplacedWellBeforeAQuarterOfAMinute() {
        node("dead").taken(0);
        var other = node("other");

        Duration waited = Duration.ZERO;
        while (other.leases.take(THING, 0).isEmpty()) {
            other.after(BEAT);
            waited = waited.plus(BEAT);
        }

        assertThat(waited).isBetween(TIME, TIME.plus(BEAT.multipliedBy(2)));
    }

    @Test
    void aZombieThatWakesAfterItWasReplacedCannotWrite() {
        var zombie = node("zombie");
        var theirs = zombie.taken(0);
        var other = node("other");
        other.after(TIME);
        var mine = other.taken(0);

        assertThat(zombie.act(theirs, "late")).isInstanceOf(Appended.Unmet.class);
        zombie.after(Duration.ofMinutes(10));
        assertThat(zombie.leases.take(THING, 0)).isEmpty();
        zombie.leases.release(theirs);
        zombie.leases.close();

        assertThat(other.act(mine, "in time")).isInstanceOf(Appended.Written.class);
        assertThat(done()).containsExactly("in time");
    }

    @Test
    void aNodeThatGivesSignsKeepsItsLeaseHoweverTheClocksDiffer() {
        var slow = node("slow");
        var lease = slow.taken(0);
        var fast = node("fast");
        for (int i = 0; i < 10; i++) {
            slow.after(Duration.ofMillis(1));
            fast.after(TIME.multipliedBy(3));
            assertThat(fast.leases.take(THING, 0)).isEmpty();
        }

        assertThat(slow.act(lease, "still mine")).isInstanceOf(Appended.Written.class);
    }

    @Test
    void whoWasAsleepItselfTakesNobodyForSilent() {
        var holder = node("holder");
        holder.taken(0);
        var sleeper = node("sleeper");
        holder.after(BEAT);

        sleeper.pause(TIME.multipliedBy(10));
        assertThat(sleeper.leases.take(THING, 0)).isEmpty();
        sleeper.leases.step();

        assertThat(sleeper.leases.take(THING, 0)).isEmpty();
    }

    @Test
    void aHolderThatNeverGaveASignIsReplacedOnlyAfterTheTime() {
        var holder = node("holder");
        holder.taken(0);
        holder.leases.close();
        var ghost = holder.taken(0);
        var other = node("other");

        assertThat(other.leases.take(THING, 0)).isEmpty();
        other.after(TIME);
        assertThat(other.leases.take(THING, 0)).map(Lease::token).hasValue(ghost.token() + 1);
    }

    @Test
    void aNodeWhoseSignsNobodyCanSeeTakesNothing() {
        var mute = node("mute");
        mute.pause(TIME);

        assertThat(mute.leases.take(THING, 0)).isEmpty();
        mute.leases.step();
        assertThat(mute.leases.take(THING, 0)).isPresent();
    }

    @Test
    void partitionsAreSharedFairlyAndMoveWhenNodesComeAndGo() {
        var first = new Sharing(node("first"));
        settle(first);
        assertThat(first.held()).hasSize(PARTITIONS);

        var second = new Sharing(node("second"));
        var third = new Sharing(node("third"));
        settle(first, second, third);
        assertThat(List.of(first.held(), second.held(), third.held())).allMatch(held -> held.size() == 1);
        assertThat(all(first, second, third)).hasSize(PARTITIONS);

        // The second dies, the third leaves.
        third.share.close();
        third.node.leases.close();
        settle(first);
        assertThat(first.held()).hasSize(PARTITIONS);
    }

    @Test
    void slotsOfEveryPartitionAreSharedByAllNodes() {
        var nodes = Stream.of("first", "second", "third")
                .map(this::node)
                .map(Slotted::new)
                .toList();

        for (int i = 0; i < 10; i++) {
            nodes.forEach(Slotted::step);
        }

        for (int partition = 0; partition < PARTITIONS; partition++) {
            int each = partition;
            assertThat(nodes.stream().map(node -> node.held(each))).containsExactlyInAnyOrder(1L, 1L, 2L);
        }
        assertThat(nodes.stream().map(node -> node.share.held().size())).containsOnly(4);
    }

    /// A node with its part of a thing of four slots.
    private static final class Slotted {
        private final Node node;
        private final SlotShare share;

        Slotted(Node node) {
            this.node = node;
            this.share = node.leases.slotShare(THING, 4, PARTITIONS);
        }

        void step() {
            node.after(BEAT);
            share.step(slot -> true);
        }

        long held(int partition) {
            return share.held().stream()
                    .filter(slot -> slot.partition() == partition)
                    .count();
        }
    }

    @Test
    void aNodeThatDoesNotCompeteForAThingLeavesNoneOfItUnattended() {
        node("busy with something else").leases.share("another", PARTITIONS);
        var one = new Sharing(node("one"));
        settle(one);

        assertThat(one.held()).hasSize(PARTITIONS);
    }

    @Test
    void whatAWokenZombieBelievesToHoldItDropsWhenItLooks() {
        var zombie = new Sharing(node("zombie"));
        settle(zombie);
        var other = new Sharing(node("other"));
        settle(other);
        assertThat(other.held()).hasSize(PARTITIONS);
        assertThat(zombie.held()).hasSize(PARTITIONS);

        zombie.share.doubt();
        zombie.share.step();

        assertThat(zombie.held()).isEmpty();
    }

    @Test
    void theSignsOfTheDeadAreRemoved() {
        node("dead").leases.share(THING, PARTITIONS);
        var one = new Sharing(node("one"));
        for (int i = 0; i < 60; i++) {
            one.step();
        }

        var newcomer = node("newcomer");
        assertThat(newcomer.leases.competingFor(THING)).isEqualTo(2);
    }

    private static void settle(Sharing... nodes) {
        for (int i = 0; i < 10; i++) {
            Stream.of(nodes).forEach(Sharing::step);
        }
    }

    private static List<Integer> all(Sharing... nodes) {
        return Stream.of(nodes).flatMap(node -> node.held().stream()).distinct().toList();
    }

    /// A node with its part of the thing.
    private static final class Sharing {
        private final Node node;
        private final Share share;

        Sharing(Node node) {
            this.node = node;
            this.share = node.leases.share(THING, PARTITIONS);
        }

        void step() {
            node.after(BEAT);
            share.step();
        }

        List<Integer> held() {
            return IntStream.range(0, PARTITIONS)
                    .filter(partition -> share.lease(partition).isPresent())
                    .boxed()
                    .toList();
        }
    }
}
