package io.cairn.task;

/// The slots into which the tasks of a partition are divided, so that several nodes share the work of one tenant.
///
/// All tasks of a key are in one slot.
final class Slots {
    /// The number is part of what is stored: a task stays in the slot in which it was enqueued.
    static final int COUNT = 4;

    private Slots() {}

    static int of(String lane, String keyOrId) {
        return Math.floorMod((lane + '\0' + keyOrId).hashCode(), COUNT);
    }
}
