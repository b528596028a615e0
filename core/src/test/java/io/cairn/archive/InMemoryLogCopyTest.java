package io.cairn.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.event.DyingStorage;
import io.cairn.event.Head;
import io.cairn.event.InMemoryLogStorage;
import io.cairn.event.LastingStorage;
import io.cairn.event.LogStorage;
import io.cairn.event.ReadSnapshot;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/// From three partitions into two, so that every tenant moves.
class InMemoryLogCopyTest extends LogCopyContract {
    @Override
    protected LogStorage source(String name) {
        return new InMemoryLogStorage(name, TABLES, 3, step -> {});
    }

    @Override
    protected LogStorage target(String name) {
        return new InMemoryLogStorage(name, TABLES, 2, step -> {});
    }

    @Test
    void eventsOfSeveralPartitionsAreMergedByTheirTimes() {
        var source = filled("source");
        var numbers =
                source.read(ReadSnapshot::heads).stream().map(Head::number).toList();

        var merged = new MergedEvents(source, List.of(0L, 0L, 0L), numbers).next(Integer.MAX_VALUE, Long.MAX_VALUE);

        assertThat(merged)
                .hasSize(66)
                .isSortedAccordingTo((one, other) -> Long.compare(one.recordedAt(), other.recordedAt()));
    }

    /// Each look at the target is preceded by a whole copy that somebody else makes.
    @Test
    void anotherCopyMayBeMadeBetweenAnyTwoLooks() {
        var source = filled("source");
        for (int looks = 0; looks < 40; looks++) {
            var target = target("target" + looks);

            var outcome = copy(source, new Overtaken(target, looks, () -> copy(source, target)));

            assertThat(outcome).as("after %d looks", looks).isInstanceOf(LogCopy.Outcome.Whole.class);
            assertThat(target.read(ReadSnapshot::heads).stream()
                            .mapToLong(Head::number)
                            .sum())
                    .isEqualTo(66 + CopyRecords.EVENTS);
        }
    }

    /// A storage to which something happens just before one of the reads.
    private static final class Overtaken extends LastingStorage {
        private final Runnable other;
        private int readsLeft;

        Overtaken(LogStorage storage, int reads, Runnable other) {
            super(storage);
            this.readsLeft = reads;
            this.other = other;
        }

        @Override
        public <T> T read(Function<ReadSnapshot, T> work) {
            if (readsLeft-- == 0) {
                other.run();
            }
            return super.read(work);
        }
    }

    @Test
    void aSourceThatWasReplacedByAnotherPastIsRefused() {
        var target = target("target");
        var before = filled("same");
        try {
            copy(before, new DyingStorage(target, 5, false));
        } catch (DyingStorage.Died e) {
            // as it should
        }

        assertThat(copy(filled("same"), target)).isEqualTo(new LogCopy.Outcome.OtherPast());
    }
}
