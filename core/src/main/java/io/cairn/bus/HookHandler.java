package io.cairn.bus;

import io.cairn.task.Execution;
import io.cairn.task.Outcome;

/// Does what a webhook that came in asks for, as a task.
@FunctionalInterface
public interface HookHandler {
    /// @throws Exception counts as a failure that may pass
    Outcome handle(Received webhook, Execution execution) throws Exception;
}
