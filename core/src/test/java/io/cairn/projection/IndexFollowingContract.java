package io.cairn.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cairn.follow.FollowSettings;
import io.cairn.follow.TryAgainException;
import io.cairn.tenant.Tenant;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import org.junit.jupiter.api.Test;

/// An index follows the log on every storage: nothing twice, nothing left out, and it tells how far it is.
public abstract class IndexFollowingContract extends IndexFixture {
    @Test
    void readersSeeWhatWasAppendedOnceItIsPublished() {
        say("a", "one");
        host.step();

        assertThat(host.current().visibleWords()).containsExactly("one");
        assertThat(host.health().eventsBehind()).isZero();
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
}
