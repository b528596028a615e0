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
public record ExtractionSettings(
        @DefaultValue("1") int processes,
        @DefaultValue("256MB") DataSize memory,
        @DefaultValue("60s") Duration deadline) {
    public ExtractionSettings {
        if (processes < 1) {
            throw new IllegalArgumentException("cairn.extraction.processes is 1 or more; found " + processes);
        }
        if (memory.toMegabytes() < ExtractionLimits.LEAST_HEAP_MEGABYTES) {
            throw new IllegalArgumentException("cairn.extraction.memory is %dMB or more; found %dMB"
                    .formatted(ExtractionLimits.LEAST_HEAP_MEGABYTES, memory.toMegabytes()));
        }
        if (deadline.toMillis() < 1) {
            throw new IllegalArgumentException("cairn.extraction.deadline is 1ms or more; found " + deadline);
        }
    }

    ExtractionLimits limits() {
        var usual = ExtractionLimits.DEFAULT;
        return new ExtractionLimits(
                usual.maxBytes(),
                usual.maxCharacters(),
                deadline,
                (int) memory.toMegabytes(),
                processes,
                usual.filesPerProcess(),
                usual.idle());
    }
}
