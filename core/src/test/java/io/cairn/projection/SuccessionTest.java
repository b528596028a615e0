package io.cairn.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cairn.projection.Succession.NoWayBack;
import io.cairn.projection.Succession.Place;
import io.cairn.projection.Succession.Takeover;
import java.util.HashSet;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SuccessionTest {
    private record Build(int number) implements Succession.Numbered {}

    private static final Succession<Build> FIRST = Succession.<Build>none().begunWith(new Build(1));
    private static final Succession<Build> SWITCHED = begun(FIRST).promoted();

    private static Succession<Build> begun(Succession<Build> succession) {
        return succession.building(new Build(succession.unused()));
    }

    @Test
    void theFirstAnswersAtOnce() {
        assertThat(FIRST.current()).contains(new Build(1));
        assertThat(FIRST.next()).isEmpty();
        assertThat(FIRST.noWayBack()).contains(NoWayBack.NONE_IS_KEPT);
        assertThatThrownBy(() -> FIRST.begunWith(new Build(2))).hasMessage("Generation 1 answers already");
    }

    @Test
    void theNextIsBuiltBesideTheCurrentOneWhichIsKeptWhenItTakesOver() {
        var building = begun(FIRST);
        assertThat(building.current()).contains(new Build(1));
        assertThat(building.next()).contains(new Build(2));

        assertThat(SWITCHED.current()).contains(new Build(2));
        assertThat(SWITCHED.next()).isEmpty();
        assertThat(SWITCHED.former()).contains(new Build(1));
    }

    @Test
    void aNewOneTakesThePlaceOfOneThatWasUnderWayAndTheFormerIsGivenUp() {
        var building = begun(SWITCHED);
        assertThat(SWITCHED.givenUpBy(building)).containsExactly(new Build(1));

        var again = begun(building);
        assertThat(again.next()).contains(new Build(4));
        assertThat(building.givenUpBy(again)).containsExactly(new Build(3));
    }

    @Test
    void oneThatIsBuiltForAnotherReasonLeavesTheFormerUntilTheSwitch() {
        var beside = SWITCHED.buildingBeside(new Build(3));
        assertThat(SWITCHED.givenUpBy(beside)).isEmpty();
        assertThat(beside.noWayBack()).contains(NoWayBack.NEXT_IS_UNDER_WAY);
        assertThat(beside.givenUpBy(beside.promoted())).containsExactly(new Build(1));
    }

    @Test
    void theFormerComesBackAsTheNextOne() {
        var back = SWITCHED.goingBack();
        assertThat(back.next()).contains(new Build(1));
        assertThat(back.current()).contains(new Build(2));
        assertThat(back.former()).isEmpty();
        assertThat(SWITCHED.givenUpBy(back)).isEmpty();

        assertThat(back.promoted().current()).contains(new Build(1));
        assertThat(back.promoted().goingBack().next()).contains(new Build(2));
    }

    @Test
    void thereIsNoWayBackWithoutAFormerOrWhileOneIsUnderWay() {
        assertThatThrownBy(FIRST::goingBack).hasMessageContaining("NONE_IS_KEPT");
        assertThatThrownBy(() -> SWITCHED.goingBack().goingBack()).hasMessageContaining("NEXT_IS_UNDER_WAY");
    }

    @Test
    void oneThatWasNotBuiltBesideReplacesTheCurrentOneAtOnce() {
        var other = begun(FIRST).replacedBy(new Build(3));
        assertThat(other.current()).contains(new Build(3));
        assertThat(other.former()).contains(new Build(1));
        assertThat(other.next()).isEmpty();

        assertThat(SWITCHED.replacedBy(new Build(1)).former()).contains(new Build(2));
    }

    @Test
    void whatBecameOfATakeoverIsToldByNumber() {
        var building = begun(SWITCHED);
        assertThat(building.takeover(3)).isEqualTo(Takeover.DUE);
        assertThat(building.promoted().takeover(3)).isEqualTo(Takeover.DONE);
        assertThat(begun(building).takeover(3)).isEqualTo(Takeover.OFF);
        assertThat(building.withoutNext().takeover(3)).isEqualTo(Takeover.OFF);
        assertThat(SWITCHED.takeover(1)).isEqualTo(Takeover.OFF);
    }

    @Test
    void noneTakesOverThatIsNotThere() {
        assertThatThrownBy(FIRST::promoted).hasMessage("No generation is to take over");
    }

    @Test
    void aNumberIsNotGivenTwiceThoughItsGenerationIsGone() {
        assertThat(begun(FIRST).withoutNext().unused()).isEqualTo(3);
        assertThatThrownBy(() -> new Succession<>(
                        Optional.of(new Build(3)), Optional.<Build>empty(), Optional.<Build>empty(), 2))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /// Whatever is done in whatever order, something answers, nobody stands in two places, and numbers only grow.
    @Test
    void anyHistoryKeepsTheRules() {
        for (int seed = 0; seed < 200; seed++) {
            var random = new Random(seed);
            var succession = FIRST;
            var gone = new HashSet<Integer>();
            for (int step = 0; step < 50; step++) {
                var before = succession;
                succession = changed(before, random.nextInt(6));
                assertThat(succession.current()).as("seed %d", seed).isPresent();
                assertThat(succession.all()).doesNotHaveDuplicates();
                assertThat(succession.last()).isGreaterThanOrEqualTo(before.last());
                before.givenUpBy(succession).forEach(one -> gone.add(one.number()));
                assertThat(gone)
                        .doesNotContainAnyElementsOf(
                                succession.all().stream().map(Build::number).toList());
                for (var place : Place.values()) {
                    succession
                            .at(place)
                            .ifPresent(build -> assertThat(
                                            before.place(build.number()).isPresent()
                                                    || build.number() == before.unused())
                                    .isTrue());
                }
            }
        }
    }

    private static Succession<Build> changed(Succession<Build> before, int what) {
        return switch (what) {
            case 0 -> begun(before);
            case 1 -> before.buildingBeside(new Build(before.unused()));
            case 2 -> before.next().isPresent() ? before.promoted() : before;
            case 3 -> before.noWayBack().isEmpty() ? before.goingBack() : before;
            case 4 -> before.withoutNext();
            default -> before.replacedBy(before.former().orElse(new Build(before.unused())));
        };
    }
}
