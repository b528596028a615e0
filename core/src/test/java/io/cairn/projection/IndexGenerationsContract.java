package io.cairn.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cairn.follow.FollowSettings;
import io.cairn.follow.TryAgainException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// An index is built anew beside the one that answers, on every storage, and the former one comes back.
public abstract class IndexGenerationsContract extends IndexFixture {
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
}
