package io.cairn.knowledge;

import java.util.List;

/// What became of a file whose parts were wanted: the parts, or the reason why there are none to have.
public sealed interface Parts permits Parts.Found, Extraction.Refused {
    /// How many files there may be within one, those within them included.
    int COUNT_MAX = 500;

    /// The parts, which may hold parts themselves.
    record Found(List<Part> parts) implements Parts {
        public Found {
            parts = List.copyOf(parts);
        }
    }

    /// How many bytes the files within one of so many bytes may have together: what is beyond that is made to do harm,
    /// or too much to be held in memory.
    static int bytesMax(int bytes) {
        return (int) Math.min(50 << 20, Math.max(16 << 20, 8L * bytes));
    }
}
