package io.cairn.recall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cairn.follow.TryAgainException;
import io.cairn.knowledge.DocumentId;
import io.cairn.memory.ConversationId;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What an index holds of the events that it took in, also where they come again or the model fails.
public abstract class DenseFollowingContract extends DenseIndexFixture {
    protected DenseFollowingContract(DensePlace place) {
        super(place);
    }

    @Test
    void aNewVersionTakesThePlaceOfTheOldOne() {
        put(ACME, "guide", "The cache is flushed at midnight.", List.of());
        follow();
        put(ACME, "guide", "The cache is flushed at noon.", List.of());
        follow();

        assertThat(ids(search(ACME, "cache flushed", Filters.NONE))).containsExactly("d/guide/2/0");
        assertThat(current().passages()).isEqualTo(1);
    }

    @Test
    void severalVersionsInOneBatchLeaveTheLastOne() {
        put(ACME, "guide", "The cache is flushed at midnight.", List.of());
        put(ACME, "guide", "The cache is flushed at noon.", List.of());
        put(ACME, "guide", "The cache is flushed at midnight.", List.of());
        put(ACME, "gone", "Nobody will read this cache.", List.of());
        documents.delete(context(ACME), new DocumentId("gone"));
        follow();

        assertThat(ids(search(ACME, "cache flushed", Filters.NONE))).containsExactly("d/guide/3/0");
        assertThat(current().passages()).isEqualTo(1);
    }

    @Test
    void whatIsDeletedIsGone() {
        say(ACME, "chat", "Ana", "The secret ingredient is nutmeg.");
        say(ACME, "other", "Ana", "Nutmeg is a spice.");
        put(ACME, "chat", "A document with the id of the conversation, on nutmeg.", List.of());
        follow();
        conversations.delete(context(ACME), new ConversationId("chat"));
        follow();

        assertThat(ids(search(ACME, "nutmeg", Filters.NONE))).containsExactlyInAnyOrder("m/other/1/0", "d/chat/1/0");
        assertThat(current().passages()).isEqualTo(2);
    }

    @Test
    void whatIsAppliedAgainIsThereOnce() {
        say(ACME, "chat", "Ana", "The red bicycle is in the cellar.");
        put(ACME, "guide", "Bicycles are oiled in spring.", List.of());
        long head = follow();
        var again = log.feed().after(0, 0, 100, Long.MAX_VALUE);

        current().apply(0, again, head);
        current().publish();

        assertThat(ids(search(ACME, "bicycle", Filters.NONE))).containsExactlyInAnyOrder("m/chat/1/0", "d/guide/1/0");
        assertThat(current().passages()).isEqualTo(2);
        assertThat(current().applied(0)).isEqualTo(head);
    }

    @Test
    void aRestartedIndexGoesOnAtItsCheckpoint() {
        say(ACME, "chat", "Ana", "The red bicycle is in the cellar.");
        long head = follow();
        current().commit();
        say(ACME, "chat", "Ana", "The blue bicycle is in the attic.");
        reopen();

        assertThat(current().applied(0)).isEqualTo(head);
        assertThat(current().visible(0)).isEqualTo(head);
        assertThat(current().durable(0)).isEqualTo(head);
        follow();
        assertThat(ids(search(ACME, "bicycle", Filters.NONE))).containsExactlyInAnyOrder("m/chat/1/0", "m/chat/2/0");
    }

    @Test
    void unitsAndCheckpointAreLostOrKeptTogether() {
        say(ACME, "chat", "Ana", "The red bicycle is in the cellar.");
        follow();
        current().commit();
        say(ACME, "chat", "Ana", "The blue bicycle is in the attic.");
        follow();
        // Not committed by this call, as in a crash.
        reopen();

        assertThat(current().passages()).isEqualTo(current().applied(0));
        follow();
        assertThat(current().passages()).isEqualTo(2);
    }

    @Test
    void aModelThatFailsLeavesEverythingAsItWas() {
        say(ACME, "chat", "Ana", "The red bicycle is in the cellar.");
        model.fails = true;

        assertThatThrownBy(this::follow).isInstanceOf(TryAgainException.class);

        assertThat(current().applied(0)).isZero();
        model.fails = false;
        follow();
        assertThat(current().passages()).isEqualTo(1);
    }

    @Test
    void aTextThatTheProviderRefusesForGoodHoldsNothingUp() {
        model.refused = "nettle";
        say(ACME, "chat", "Ana", "The red bicycle is in the cellar.");
        say(ACME, "chat", "Ana", "The nettle is in the garden.");
        say(ACME, "chat", "Ana", "The blue bicycle is in the attic.");
        long head = follow();

        assertThat(current().applied(0)).isEqualTo(head);
        assertThat(ids(search(ACME, "bicycle", Filters.NONE))).containsExactlyInAnyOrder("m/chat/1/0", "m/chat/3/0");
        assertThat(current().passages()).isEqualTo(2);
    }

    @Test
    void aProviderThatRefusesEveryTextIsAskedAgain() {
        model.refused = "";
        say(ACME, "chat", "Ana", "The red bicycle is in the cellar.");

        assertThatThrownBy(this::follow).isInstanceOf(TryAgainException.class);
        assertThat(current().applied(0)).isZero();
    }

    @Test
    void aVectorOfOtherDimensionsIsRefused() {
        say(ACME, "chat", "Ana", "The red bicycle is in the cellar.");
        follow();

        assertThatThrownBy(() -> current().search(ACME, new float[DIMENSIONS + 1], Filters.NONE, 10, false))
                .isInstanceOf(IllegalArgumentException.class);
        model.cuts = true;
        say(ACME, "chat", "Ana", "The blue bicycle is in the attic.");
        assertThatThrownBy(this::follow).isInstanceOf(RuntimeException.class);
        assertThat(current().applied(0)).isEqualTo(1);
    }
}
