package io.cairn.event;

import io.cairn.guard.Retry;
import java.util.ArrayList;
import java.util.ConcurrentModificationException;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// The way into a log: units of work are judged and made ready in the caller's thread, then left to their partition's
/// writer.
final class Intake {
    /// A type is registered rarely, so that no unit of work is overtaken more often.
    private static final int JUDGED_MAX = 20;

    private final EventLog log;
    private final Preparation preparation;
    private final PartitionWriters writers;
    private final SubjectKeys keys;
    private final Admission admission;
    private final Retry retry;
    private final RowWatch watch = new RowWatch();

    Intake(
            EventLog log,
            Preparation preparation,
            PartitionWriters writers,
            SubjectKeys keys,
            Admission admission,
            Retry retry) {
        this.log = log;
        this.preparation = preparation;
        this.writers = writers;
        this.keys = keys;
        this.admission = admission;
        this.retry = retry;
    }

    /// Waits for the outcome, and tries again what fails for a reason that passes.
    Appended append(Unit unit) {
        var placed = placed(unit);
        return retry.of(() -> appendOnce(placed));
    }

    /// Waits for the outcome.
    Appended appendOnce(PartitionUnit unit) {
        var attempt = attempt(unit, false);
        for (int judged = 1; judged <= JUDGED_MAX; judged++) {
            var outcome = writers.await(attempt.outcome());
            if (!attempt.outdated(outcome)) {
                return outcome;
            }
            attempt = attempt(unit, true);
        }
        throw new StorageException(
                StorageException.Kind.BUSY,
                "What is known of the events' types changed under each of %d attempts".formatted(JUDGED_MAX),
                new ConcurrentModificationException());
    }

    /// Who waits for changes of rows.
    RowWatch watch() {
        return watch;
    }

    /// Does not wait for the outcome, and judges once.
    CompletableFuture<Appended> submit(Unit unit) {
        return attempt(placed(unit), false).outcome();
    }

    /// A unit of work, ready to be placed by whoever does so without this log's writers.
    Submission prepared(Unit unit) {
        return preparation.of(placed(unit), List.of(), new HashMap<>());
    }

    private PartitionUnit placed(Unit unit) {
        return PartitionUnit.of(unit, log.partition(unit.context().tenant()));
    }

    /// A unit of work on its way.
    ///
    /// @param provided stream versions that must still hold for the verdict to be valid
    private record Attempt(List<Submission.Append> provided, CompletableFuture<Appended> outcome) {
        /// Whether the verdict rests on what has changed meanwhile.
        boolean outdated(Appended found) {
            return found instanceof Appended.Conflict(var moved, var actual)
                    && provided.stream().anyMatch(append -> append.stream().equals(moved));
        }
    }

    private Attempt attempt(PartitionUnit unit, boolean anew) {
        var provided = new ArrayList<Submission.Append>();
        for (var part : unit.byContext()) {
            switch (admission.judge(log, part, anew)) {
                case Admission.Verdict.Granted granted -> {}
                case Admission.Verdict.Provided(var stream, var version) ->
                    provided.add(new Submission.Append(
                            part.context().tenant(), stream, Expected.version(version), List.of()));
                case Admission.Verdict.Refused(var faults) -> {
                    // What was written before is answered as it was then, whatever is known of its type by now.
                    if (!isThere(part)) {
                        return new Attempt(List.of(), CompletableFuture.completedFuture(new Appended.Refused(faults)));
                    }
                }
            }
        }
        return new Attempt(provided, submit(unit, provided));
    }

    private boolean isThere(Unit unit) {
        return log.read(
                unit.context().tenant(),
                view -> unit.appends().stream()
                        .flatMap(append -> append.events().stream())
                        .allMatch(event -> view.find(event.id()).isPresent()));
    }

    private CompletableFuture<Appended> submit(PartitionUnit unit, List<Submission.Append> provided) {
        var chosen = new HashMap<Preparation.Subject, SubjectKeys.Chosen>();
        return writers.offer(preparation.of(unit, provided, chosen)).thenApply(outcome -> {
            if (outcome instanceof Appended.Written) {
                chosen.forEach((subject, key) -> keys.written(subject.tenant(), subject.id(), key));
                watch.committed(
                        unit.changes().stream().map(change -> change.row().table()));
            }
            return outcome;
        });
    }
}
