package io.cairn.task;

import io.cairn.tenant.Context;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// One attempt at a task, as its handler sees it.
public interface Execution {
    /// The task's, the same for all its attempts and replays: by it a service recognises a request that
    /// is sent twice.
    TaskId id();

    String type();

    Optional<String> key();

    JsonNode payload();

    /// On whose behalf it is done, with the correlation id of whoever enqueued it.
    Context context();

    /// Which of the task's starts this is, from 1.
    long start();

    /// Names this one attempt, in a log or to a service that is to do its work anew each time. A
    /// service that is to do it once per task is given the [task's id][#id()] instead.
    default String attemptId() {
        return id() + "/" + start();
    }

    /// How many attempts have failed before.
    long failures();

    Optional<Instant> deadline();

    /// Whether its cancellation was asked for, or its time is over; its thread is interrupted too.
    boolean isCancelled();

    /// Says how far it has come; seen by whoever asks for the task, a little later.
    void progress(long done, long total);
}
