package io.cairn.adapter.tika;

import java.time.Duration;

/// What one file, and the processes that read files, may cost.
///
/// @param maxBytes the largest file that is looked at
/// @param maxCharacters the longest text, in code points, that a file may hold
/// @param deadline how long reading one file may take
/// @param heapMegabytes the memory of a parsing process
/// @param processes how many files are parsed at a time; more wait
/// @param filesPerProcess after how many files a process is replaced, so that leaks end with it
/// @param idle how long an unused process is kept
public record ExtractionLimits(
        int maxBytes,
        int maxCharacters,
        Duration deadline,
        int heapMegabytes,
        int processes,
        int filesPerProcess,
        Duration idle) {

    public static final ExtractionLimits DEFAULT =
            new ExtractionLimits(50 << 20, 5_000_000, Duration.ofSeconds(60), 256, 1, 200, Duration.ofMinutes(1));

    /// Below this the parsers do not even start.
    public static final int LEAST_HEAP_MEGABYTES = 32;

    public ExtractionLimits {
        requirePositive("maxBytes", maxBytes);
        requirePositive("maxCharacters", maxCharacters);
        requirePositive("deadline in milliseconds", deadline.toMillis());
        requirePositive("processes", processes);
        requirePositive("filesPerProcess", filesPerProcess);
        requirePositive("idle in milliseconds", idle.toMillis());
        if (heapMegabytes < LEAST_HEAP_MEGABYTES) {
            throw new IllegalArgumentException("Extraction limit heapMegabytes is %d: allowed is %d or more"
                    .formatted(heapMegabytes, LEAST_HEAP_MEGABYTES));
        }
    }

    private static void requirePositive(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException("Extraction limit %s is %d: it must be positive".formatted(name, value));
        }
    }
}
