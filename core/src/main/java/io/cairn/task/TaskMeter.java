package io.cairn.task;

import java.time.Duration;

/// Who is told what becomes of tasks on this node, once it is committed.
public interface TaskMeter {
    /// One was started.
    ///
    /// @param waited since it was ready
    void started(String type, String lane, Duration waited);

    /// An attempt has ended.
    ///
    /// @param outcome `done`, `retry`, `snooze` or `dead`
    void ended(String type, String lane, String outcome, Duration took);

    static TaskMeter none() {
        return new TaskMeter() {
            @Override
            public void started(String type, String lane, Duration waited) {
                // nobody asks
            }

            @Override
            public void ended(String type, String lane, String outcome, Duration took) {
                // nobody asks
            }
        };
    }
}
