package io.cairn.event;

import io.cairn.guard.Retry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/// The only writer of a partition: it takes what is waiting into one transaction, commits, then answers
/// everybody.
///
/// This is where gapless positions come from. Positions are given in the order in which the one transaction
/// at a time writes them, so a reader that sees a position sees all before it, and a plain number is a safe
/// cursor.
///
/// A unit that is refused has not touched the transaction, since everything is checked before anything is
/// inserted. A unit that makes the store fail takes the transaction with it: then each unit of the batch is
/// tried in one of its own, so that the failure meets only the unit that causes it; unless no transaction can begin,
/// which is nobody's doing and meets everybody at once. When a commit's fate is
/// unknown the log is asked for one of its events before anyone is answered: a commit is all or nothing, so
/// one event stands for all. The question is asked by a writing transaction, which cannot begin before the
/// one in doubt has ended, if that had taken the head. One that presumed it may still be on its way, and fails
/// when it arrives, since the head is touched before anybody is told that nothing was written. While the
/// question cannot be asked it is asked again; the partition waits, for nobody else could write either. If it
/// never can, everybody is told that the fate is unknown.
final class PartitionWriter {
    private final LogStorage storage;
    private final int partition;
    private final int flushEventsMax;
    private final Ids ids;
    private final Heads heads;
    private final Retry retry;
    private final BlockingQueue<Submission> waiting;
    private final LastWritten last = new LastWritten();

    PartitionWriter(LogStorage storage, int partition, EventLogSettings settings, Ids ids, Heads heads, Retry retry) {
        this.storage = storage;
        this.partition = partition;
        this.flushEventsMax = settings.flushEventsMax();
        this.ids = ids;
        this.heads = heads;
        this.retry = retry;
        this.waiting = new ArrayBlockingQueue<>(settings.waitingMax());
    }

    boolean offer(Submission submission, long millisMax) throws InterruptedException {
        return waiting.offer(submission, millisMax, TimeUnit.MILLISECONDS);
    }

    int waiting() {
        return waiting.size();
    }

    /// Waits for work and does one batch of it.
    void step() throws InterruptedException {
        write(drain(waiting.take()));
    }

    /// Does one batch of what is waiting, if anything is.
    boolean stepNow() {
        var first = waiting.poll();
        if (first == null) {
            return false;
        }
        write(drain(first));
        return true;
    }

    private List<Submission> drain(Submission first) {
        var batch = new ArrayList<Submission>();
        batch.add(first);
        int events = first.eventCount();
        for (var next = waiting.peek(); next != null && events + next.eventCount() <= flushEventsMax; ) {
            batch.add(waiting.remove());
            events += next.eventCount();
            next = waiting.peek();
        }
        return batch;
    }

    /// @return why not even a transaction could begin, if that is so
    private Optional<Throwable> write(List<Submission> batch) {
        WriteTransaction transaction;
        try {
            transaction = presuming(batch).orElseGet(() -> storage.write(partition, () -> ReadSet.of(batch)));
        } catch (RuntimeException | Error failure) {
            refuse(batch, failure);
            return Optional.of(failure);
        }
        try {
            commit(transaction, batch);
        } catch (OvertakenException overtaken) {
            last.forget();
            return write(batch);
        } catch (RuntimeException | Error failure) {
            if (batch.size() == 1 || isUnknown(failure)) {
                refuse(batch, failure);
            } else {
                writeEach(batch);
            }
        }
        return Optional.empty();
    }

    private Optional<WriteTransaction> presuming(List<Submission> batch) {
        return last.presume(batch)
                .map(presumed -> new PresumedTransaction(storage.writeFrom(presumed.head()), presumed));
    }

    /// Where no transaction can begin no unit is to blame, and each of them alone would only wait as long again.
    private void writeEach(List<Submission> batch) {
        for (int i = 0; i < batch.size(); i++) {
            var none = write(batch.subList(i, i + 1));
            if (none.isPresent()) {
                refuse(batch.subList(i + 1, batch.size()), none.get());
                return;
            }
        }
    }

    private static void refuse(List<Submission> units, Throwable failure) {
        units.forEach(submission -> submission.outcome().completeExceptionally(failure));
    }

    private static boolean isUnknown(Throwable failure) {
        return failure instanceof StorageException storage && storage.kind() == StorageException.Kind.UNKNOWN;
    }

    private void commit(WriteTransaction begun, List<Submission> batch) {
        List<Appended> outcomes;
        Head before;
        Head after;
        Map<StreamKey, Long> written;
        try (var transaction = begun) {
            before = transaction.head(partition);
            var placement = new Placement(transaction, before, Math.max(ids.micros(), before.recordedAt()));
            outcomes = batch.stream().map(placement::attempt).toList();
            after = placement.head();
            written = placement.written();
            if (transaction instanceof PresumedTransaction presumed) {
                presumed.requireNoRefusal(outcomes);
            }
            if (placement.changed()) {
                commit(transaction, after, batch, outcomes);
            }
        }
        if (storage.presumes()) {
            last.wrote(before, after, batch, outcomes, written);
        }
        if (after.number() > before.number()) {
            heads.advance(after);
        }
        for (int i = 0; i < batch.size(); i++) {
            batch.get(i).outcome().complete(outcomes.get(i));
        }
    }

    private void commit(WriteTransaction transaction, Head head, List<Submission> batch, List<Appended> outcomes) {
        try {
            transaction.commit(head);
        } catch (StorageException failure) {
            transaction.close();
            heads.doubt();
            last.forget();
            if (!isUnknown(failure)) {
                throw failure;
            }
            boolean onItsWay = transaction instanceof PresumedTransaction;
            if (!happened(batch, outcomes, onItsWay, failure)) {
                throw new StorageException(
                        StorageException.Kind.BUSY, "The commit was lost before it took effect; try again", failure);
            }
        }
    }

    /// @param onItsWay whether it might still happen if nobody prevents it
    private boolean happened(
            List<Submission> batch, List<Appended> outcomes, boolean onItsWay, StorageException doubt) {
        for (int i = 0; i < batch.size(); i++) {
            var event = batch.get(i).anyEvent();
            if (outcomes.get(i) instanceof Appended.Written && event.isPresent()) {
                return isThere(event.get(), onItsWay, doubt);
            }
        }
        throw doubt;
    }

    private boolean isThere(EventKey event, boolean onItsWay, StorageException doubt) {
        try {
            return retry.of(() -> {
                try (var transaction = storage.write(partition)) {
                    boolean there = transaction.find(event.tenant(), event.id()).isPresent();
                    if (!there && onItsWay) {
                        transaction.commit(transaction.head(partition).touched());
                    }
                    return there;
                }
            });
        } catch (StorageException e) {
            doubt.addSuppressed(e);
            throw doubt;
        }
    }
}
