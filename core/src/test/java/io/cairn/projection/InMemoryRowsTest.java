package io.cairn.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cairn.event.InMemoryLogStorage;
import io.cairn.event.InMemoryLogStorage.Step;
import io.cairn.event.LogStorage;
import io.cairn.event.StorageException;
import io.cairn.row.Table;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// Rows that follow a log in memory.
class InMemoryRowsTest {
    @Nested
    class Following extends RowsFollowingContract {
        private boolean broken;

        @Override
        protected LogStorage create(List<Table> tables) {
            return InMemoryLogStorage.failing(tables, 3, this::strike).sharedByNodes();
        }

        @Override
        protected LogStorage again(LogStorage storage) {
            return storage;
        }

        /// One commit fails, and the next succeeds.
        private void strike(Step step) {
            if (broken && step == Step.BEFORE_COMMIT) {
                broken = false;
                throw new StorageException(StorageException.Kind.BROKEN, "struck", new IllegalStateException());
            }
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
        @Override
        protected LogStorage create(List<Table> tables) {
            return InMemoryLogStorage.failing(tables, 3, step -> {}).sharedByNodes();
        }

        @Override
        protected LogStorage again(LogStorage storage) {
            return storage;
        }
    }

    @Nested
    class Nodes extends RowsNodesContract {
        @Override
        protected LogStorage create(List<Table> tables) {
            return InMemoryLogStorage.failing(tables, 3, step -> {}).sharedByNodes();
        }

        @Override
        protected LogStorage again(LogStorage storage) {
            return storage;
        }
    }
}
