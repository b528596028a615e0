package io.cairn.server.wiring;

import io.cairn.adapter.tika.ExtractionLimits;
import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// What reading uploaded files may cost.
///
/// @param processes files that are read at once, each in a process of its own; more wait
/// @param memory of each of those processes
/// @param deadline for one file
/// @param characters of text that one file may hold
public record ExtractionSettings(
        @DefaultValue("1") int processes,
        @DefaultValue("256MB") DataSize memory,
        @DefaultValue("60s") Duration deadline,
        @DefaultValue("5000000") int characters) {
    private static final int MOST_CHARACTERS = 100_000_000;

    public ExtractionSettings {
        if (processes < 1) {
            throw new IllegalArgumentException("cairn.extraction.processes is 1 or more; found " + processes);
        }
        if (memory.toMegabytes() < ExtractionLimits.LEAST_HEAP_MEGABYTES) {
            throw new IllegalArgumentException("cairn.extraction.memory is %dMB or more; found %dMB"
                    .formatted(ExtractionLimits.LEAST_HEAP_MEGABYTES, memory.toMegabytes()));
        }
        Checks.within("cairn.extraction.characters", characters, 1, MOST_CHARACTERS);
        if (deadline.toMillis() < 1) {
            throw new IllegalArgumentException("cairn.extraction.deadline is 1ms or more; found " + deadline);
        }
    }

    /// @param largest file that is taken in
    ExtractionLimits limits(DataSize largest) {
        var usual = ExtractionLimits.DEFAULT;
        return new ExtractionLimits(
                (int) largest.toBytes(),
                characters,
                deadline,
                (int) memory.toMegabytes(),
                processes,
                usual.filesPerProcess(),
                usual.idle());
    }
}
