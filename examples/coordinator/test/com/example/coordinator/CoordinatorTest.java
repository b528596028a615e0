package com.example.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.bus.Interest;
import io.cairn.event.Payload;
import io.cairn.task.DeadLetters;
import io.cairn.task.Lane;
import io.cairn.task.NewTask;
import io.cairn.task.TaskType;
import io.cairn.testkit.InMemoryCairn;
import io.cairn.testkit.Scripted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;

/// Turns and look-ups, in memory.
public class CoordinatorTest {
    private final Scripted<String> script = new Scripted<>();
    private final Coordinator coordinator = new Coordinator((session, said) -> script.or(() -> "well, " + said));

    private InMemoryCairn cairn() {
        return InMemoryCairn.builder()
                .lanes(Lane.sequential("model", 4))
                .tasks(coordinator.types().toArray(TaskType[]::new))
                .open();
    }

    /// In one unit of work.
    private static void say(InMemoryCairn cairn, String session, String... all) {
        var turns = new ArrayList<NewTask>();
        for (var said : all) {
            var payload = JsonNodeFactory.instance.objectNode().put("said", said);
            turns.add(NewTask.of(cairn.ids().next(), "turn", payload).withKey(session));
        }
        cairn.tasks().submit(InMemoryCairn.CONTEXT, turns);
    }

    private static List<String> answered(InMemoryCairn cairn, String session) {
        return cairn.captured(Interest.exactly("turn.answered").where(event -> event.stream().id().equals(session)))
                .stream()
                .map(event -> ((Payload.Open) event.payload()).json().path("said").asString())
                .toList();
    }

    @Test
    public void theTurnsOfASessionKeepTheirOrderThoughTheProcessDies() {
        script.crashing().failing(new IllegalStateException("the model is away"));
        try (var cairn = cairn()) {
            say(cairn, "s1", "a", "b", "c");
            for (int minute = 0; minute < 3; minute++) {
                cairn.runUntilIdle().clock().pass(Duration.ofMinutes(1));
            }
            cairn.runUntilIdle();

            assertThat(cairn.crashes()).isEqualTo(1);
            assertThat(answered(cairn, "s1")).containsExactly("a", "b", "c");
        }
    }

    @Test
    public void aTurnThatIsDeadHoldsItsSessionAndNoOther() {
        try (var cairn = cairn()) {
            say(cairn, "s1", " ", "b");
            say(cairn, "s2", "c");
            cairn.enqueue("look-up", "{\"agent\": \"ana\"}");
            cairn.runUntilIdle();

            assertThat(answered(cairn, "s1")).isEmpty();
            assertThat(answered(cairn, "s2")).containsExactly("c");
            assertThat(cairn.captured(Interest.matching("agent.*"))).hasSize(1);

            cairn.deadLetters().discard(InMemoryCairn.CONTEXT, DeadLetters.Filter.all(), 10);
            cairn.runUntilIdle();

            assertThat(answered(cairn, "s1")).containsExactly("b");
        }
    }

    @Test
    public void aTurnWhoseModelStaysAwayIsADeadLetterThatIsReplayedInItsOldPlace() {
        for (int attempt = 0; attempt < 10; attempt++) {
            script.failing(new IllegalStateException("the model is away"));
        }
        try (var cairn = cairn()) {
            say(cairn, "s1", "a", "b");
            for (int i = 0; i < 12; i++) {
                cairn.runUntilIdle().clock().pass(Duration.ofMinutes(15));
            }
            assertThat(answered(cairn, "s1")).isEmpty();

            cairn.deadLetters().replay(InMemoryCairn.CONTEXT, DeadLetters.Filter.all(), 10);
            cairn.runUntilIdle();

            assertThat(answered(cairn, "s1")).containsExactly("a", "b");
        }
    }
}
