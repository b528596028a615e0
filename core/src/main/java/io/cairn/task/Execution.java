package io.cairn.task;

import io.cairn.tenant.Context;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// One attempt at a task, as its handler sees it.
public interface Execution {
    TaskId id();

    String type();

    Optional<String> key();

    JsonNode payload();

    /// On whose behalf it is done, with the correlation id of whoever enqueued it.
    Context context();

    /// Which of the task's starts this is, from 1.
    long start();

    /// Names this attempt. A service that is to recognise a request that is sent twice needs the task's id instead,
    /// which is the same for all attempts.
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
