package io.cairn.recall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/// A generation is built beside the current one, takes over, and comes back.
public abstract class DenseGenerationsContract extends DenseIndexFixture {
    protected DenseGenerationsContract(DensePlace place) {
        super(place);
    }

    @Test
    void aGenerationIsBuiltBesideTheCurrentOneAndTakesOver() {
        say(ACME, "chat", "Ana", "The red bicycle is in the cellar.");
        follow();
        var begun = generations.begin();

        assertThat(begun.number()).isEqualTo(2);
        assertThat(begun.projection().passages()).isZero();
        assertThat(begun.projection().applied(0)).isZero();
        assertThat(ids(search(ACME, "bicycle", Filters.NONE))).containsExactly("m/chat/1/0");

        follow(begun.projection());
        begun.projection().commit();
        generations.promote();

        assertThat(generations.current().number()).isEqualTo(2);
        assertThat(generations.next()).isEmpty();
        assertThat(ids(search(ACME, "bicycle", Filters.NONE))).containsExactly("m/chat/1/0");
    }

    @Test
    void aRebuildThatWasUnderWayGoesOnAfterARestart() {
        say(ACME, "chat", "Ana", "The red bicycle is in the cellar.");
        follow();
        current().commit();
        var begun = generations.begin();
        follow(begun.projection());
        begun.projection().commit();
        reopen();

        assertThat(generations.current().number()).isEqualTo(1);
        assertThat(generations.next()).hasValueSatisfying(next -> {
            assertThat(next.number()).isEqualTo(2);
            assertThat(next.projection().applied(0)).isEqualTo(1);
        });
    }

    @Test
    void theFormerGenerationComesBackEvenAfterARestart() {
        switched();
        reopen();

        assertThat(generations.noWayBack()).isEmpty();
        var revived = generations.revive();
        assertThat(revived.number()).isEqualTo(1);
        assertThat(generations.next()).contains(revived);
        assertThat(generations.current().number()).isEqualTo(2);
        follow(revived.projection());
        generations.promote();

        assertThat(generations.current().number()).isEqualTo(1);
        assertThat(generations.next()).isEmpty();
        assertThat(ids(search(ACME, "bicycle", Filters.NONE))).containsExactly("m/chat/1/0");
        assertThat(generations.revive().number()).isEqualTo(2);
    }

    @Test
    void aNewRebuildGivesUpTheFormerGenerationAndTakesANewNumber() {
        switched();

        assertThat(generations.begin().number()).isEqualTo(3);
        assertThat(generations.noWayBack()).isPresent();
        assertThatThrownBy(() -> generations.revive()).isInstanceOf(IllegalStateException.class);
        assertThat(generations.begin().number()).isEqualTo(4);
    }

    @Test
    void aFirstGenerationHasNoWayBack() {
        assertThat(generations.current().number()).isEqualTo(1);
        assertThat(generations.noWayBack()).isPresent();
        assertThatThrownBy(() -> generations.revive()).isInstanceOf(IllegalStateException.class);
    }
}
