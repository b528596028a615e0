package io.cairn.event;

import io.cairn.guard.Retry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;

/// The writers of all partitions with their threads, and what waits for them.
final class PartitionWriters implements AutoCloseable {
    private final EventLogSettings settings;
    private final List<PartitionWriter> writers;
    private final List<WriterThread> threads = new ArrayList<>();
    private final OutcomeWaits waits;

    PartitionWriters(LogStorage storage, EventLogSettings settings, Ids ids, Heads heads, Retry retry) {
        this.settings = settings;
        this.waits = new OutcomeWaits(settings.waitMax().multipliedBy(2));
        this.writers = IntStream.range(0, storage.partitions())
                .mapToObj(partition -> new PartitionWriter(storage, partition, settings, ids, heads, retry))
                .toList();
    }

    void start() {
        waits.start();
        for (int partition = 0; partition < writers.size(); partition++) {
            threads.add(WriterThread.start("cairn-writer-" + partition, writers.get(partition)));
        }
    }

    int count() {
        return writers.size();
    }

    /// Units of work that nobody has taken yet.
    int waiting() {
        return writers.stream().mapToInt(PartitionWriter::waiting).sum();
    }

    /// Does in the caller's thread what waits in one partition.
    ///
    /// @return whether anything waited
    boolean stepNow(int partition) {
        return writers.get(partition).stepNow();
    }

    /// @return the outcome, later
    /// @throws StorageException of kind `BUSY` if the writer does not take it in time
    CompletableFuture<Appended> offer(Submission submission) {
        try {
            long millis = settings.waitMax().toMillis();
            if (!writers.get(submission.partition()).offer(submission, millis)) {
                throw new StorageException(
                        StorageException.Kind.BUSY,
                        "The log did not take a unit of work within %d ms; %d are waiting".formatted(millis, waiting()),
                        new TimeoutException());
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
        return submission.outcome();
    }

    /// Without threads it is written in the thread of whoever waits.
    Appended await(CompletableFuture<Appended> outcome) {
        if (threads.isEmpty()) {
            stepUntil(outcome);
        }
        try {
            return waits.await(outcome);
        } catch (InterruptedException e) {
            throw interrupted(e);
        } catch (ExecutionException e) {
            throw rethrown(e.getCause() == null ? e : e.getCause());
        }
    }

    private void stepUntil(CompletableFuture<Appended> outcome) {
        boolean busy = true;
        while (busy && !outcome.isDone()) {
            busy = writers.stream().map(PartitionWriter::stepNow).reduce(false, Boolean::logicalOr);
        }
    }

    /// The failure with the caller's stack trace, so that a log line shows both sides.
    private static RuntimeException rethrown(Throwable failure) {
        return failure instanceof StorageException storage
                ? storage.seenHere()
                : new IllegalStateException("The writer failed", failure);
    }

    private static StorageException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new StorageException(StorageException.Kind.UNKNOWN, "Interrupted while waiting for the log", e);
    }

    /// Finishes what waits.
    @Override
    public void close() {
        threads.forEach(WriterThread::close);
        waits.close();
    }
}
