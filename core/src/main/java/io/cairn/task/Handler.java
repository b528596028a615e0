package io.cairn.task;

/// Does the work of one type of task, in a thread of its own.
///
/// It may be called again for the same task, since a process can die at any moment; what it hands back
/// as [effects][Outcome.Effects] happens once nevertheless. A service outside that is to do something
/// once is given the [task's id][Execution#id()] as its idempotency key.
@FunctionalInterface
public interface Handler {
    /// @throws Exception counts as a failure that may pass
    Outcome handle(Execution execution) throws Exception;
}
