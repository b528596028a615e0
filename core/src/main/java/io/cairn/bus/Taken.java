package io.cairn.bus;

import java.util.UUID;

/// What became of a webhook that came in.
public sealed interface Taken {
    /// It is durable, and a task handles it.
    ///
    /// @param event its event in the log
    /// @param again whether it had come before
    record Durable(UUID event, boolean again) implements Taken {}

    /// There is no hook of that name.
    record Unknown() implements Taken {}

    /// It is not genuine.
    record Refused(String why) implements Taken {}

    /// Its id stands for a webhook of other content.
    record Reused(String delivery) implements Taken {}
}
