package io.cairn.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.event.LogPlace;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Tasks that gave up stay to be looked at, replayed and discarded.
public abstract class DeadLettersContract extends TaskFixture {
    protected DeadLettersContract(LogPlace place) {
        super(place);
    }

    @Test
    void aPermanentFailureIsADeadLetterAtOnce() {
        scripted.put("a", List.of(Outcome.dead("no such thing")));
        var id = submit(task(DO, "a"));

        node.runUntilIdle();

        assertThat(found(id).state()).isEqualTo(TaskState.DEAD);
        assertThat(found(id).reason()).isEqualTo("no such thing");
    }

    @Test
    void deadLettersAreListedFilteredReplayedAndDiscarded() {
        for (var name : List.of("a", "b", "c")) {
            scripted.put(name, List.of(Outcome.dead("cannot do " + name)));
            submit(task(DO, name));
        }
        scripted.put("d", List.of(Outcome.dead("broken")));
        submit(task(TURN, "d").withKey("x"));
        node.runUntilIdle();
        var letters = node.deadLetters();

        assertThat(letters.list(ACME.tenant(), DeadLetters.Filter.all(), null, 10))
                .hasSize(4);
        assertThat(letters.list(GLOBEX.tenant(), DeadLetters.Filter.all(), null, 10))
                .isEmpty();
        var onlyB = new DeadLetters.Filter(DO, "parallel", null, "do b", null);
        assertThat(letters.list(ACME.tenant(), onlyB, null, 10)).hasSize(1);
        var first = letters.list(ACME.tenant(), DeadLetters.Filter.all(), null, 1);
        assertThat(letters.list(
                        ACME.tenant(),
                        DeadLetters.Filter.all(),
                        first.getFirst().place(),
                        10))
                .hasSize(3);

        assertThat(letters.discard(ACME, onlyB, 10)).isEqualTo(1);
        node.runUntilIdle();
        assertThat(letters.replay(ACME, DeadLetters.Filter.all(), 10)).isEqualTo(3);
        node.runUntilIdle();

        assertThat(done).containsExactlyInAnyOrder("a", "c", "d");
        assertThat(letters.list(ACME.tenant(), DeadLetters.Filter.all(), null, 10))
                .isEmpty();
    }

    @Test
    void aSecondDeathKeepsTheHistoryOfTheFirst() {
        scripted.put("a", List.of(Outcome.dead("first"), Outcome.dead("second")));
        var id = submit(task(DO, "a"));
        node.runUntilIdle();
        node.tasks().replay(ACME, id);
        node.runUntilIdle();

        assertThat(found(id).history()).hasSize(3);
        assertThat(String.join("\n", found(id).history())).contains("first", "replayed by tester", "second");
        assertThat(found(id).replays()).isEqualTo(1);
    }
}
