package io.cairn.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
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
