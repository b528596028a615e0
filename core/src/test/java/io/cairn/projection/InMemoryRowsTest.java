package io.cairn.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cairn.event.InMemoryLogStorage;
import io.cairn.event.InMemoryLogStorage.Step;
import io.cairn.event.LogPlace;
import io.cairn.event.StorageException;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// Rows that follow a log in memory.
class InMemoryRowsTest {
    private boolean broken;

    private LogPlace place() {
        return LogPlace.inMemory(
                tables -> InMemoryLogStorage.failing(tables, 3, this::strike).sharedByNodes());
    }

    /// One commit fails, and the next succeeds.
    private void strike(Step step) {
        if (broken && step == Step.BEFORE_COMMIT) {
            broken = false;
            throw new StorageException(StorageException.Kind.BROKEN, "struck", new IllegalStateException());
        }
    }

    @Nested
    class Following extends RowsFollowingContract {
        Following() {
            super(place());
        }

        @Test
        void aStoreThatFailsWhileAnEventWaitsDoesNotMoveTheParkedKeyBehindIt() {
            poison("bad");
            one.say(ACME, "b", "bad");
            one.follow();
            one.say(ACME, "b", "later");
            broken = true;

            assertThatThrownBy(one.projection::step).isInstanceOf(StorageException.class);
            one.follow();

            assertThat(one.projection.parked(ACME, null, 10).getFirst().version())
                    .isEqualTo(1);
            cure();
            assertThat(one.projection.retry(ACME, null)).isEqualTo(1);
            assertThat(one.counted(ACME)).isEqualTo(Map.of("bad", 1L, "later", 1L));
        }
    }

    @Nested
    class Generations extends RowsGenerationsContract {
        Generations() {
            super(place());
        }
    }

    @Nested
    class Nodes extends RowsNodesContract {
        Nodes() {
            super(place());
        }
    }
}
