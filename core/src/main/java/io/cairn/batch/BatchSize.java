package io.cairn.batch;

/// How many items make a batch. With few items left batches are small, so that results show soon; with many left they
/// are large, so that less time goes into the ends of batches.
///
/// @param few items at a time of fewer than 500
/// @param some items at a time of 500 to 5,000
/// @param many items at a time of more than 5,000
public record BatchSize(int few, int some, int many) {
    public static final int SOME_FROM = 500;
    public static final int SOME_TO = 5_000;

    public BatchSize {
        if (few < 1 || some < few || many < some) {
            throw new IllegalArgumentException(
                    "Batches hold at least one item, and no fewer where there is more work; found %d, %d, %d"
                            .formatted(few, some, many));
        }
    }

    /// The same size for any amount of work.
    public static BatchSize always(int items) {
        return new BatchSize(items, items, items);
    }

    /// @param work items that there are to do, as far as is known
    public int of(long work) {
        if (work < SOME_FROM) {
            return few;
        }
        return work <= SOME_TO ? some : many;
    }

    /// The number of batches that so much work takes.
    public long batches(long work) {
        return Math.ceilDiv(work, (long) of(work));
    }
}
