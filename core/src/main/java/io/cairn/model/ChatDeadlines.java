package io.cairn.model;

import io.cairn.guard.Deadline;
import java.time.Duration;

/// The moments by which a streamed answer has to come, however many attempts and models that takes.
///
/// @param firstToken by which it has begun to say something
/// @param idle between two signs of life
/// @param total by which it is whole
public record ChatDeadlines(Deadline firstToken, Duration idle, Deadline total) {
    /// From now on.
    public static ChatDeadlines in(ChatLimits limits) {
        return new ChatDeadlines(Deadline.in(limits.firstToken()), limits.idle(), Deadline.in(limits.total()));
    }

    ChatDeadlines speakingBy(Deadline moment) {
        return new ChatDeadlines(moment, idle, total);
    }
}
