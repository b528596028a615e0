package io.cairn.archive;

import io.cairn.event.Contents;
import io.cairn.event.Digests;
import io.cairn.event.Head;
import io.cairn.event.LogStorage;
import io.cairn.event.StorageException;
import io.cairn.event.StoredEvent;
import io.cairn.event.StreamId;
import io.cairn.tenant.Tenant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/// What a check of the whole log found: every digest and chain is computed again, streams are counted
/// through, and the end is compared with the head and with an anchor kept outside. Nothing is changed by it.
///
/// @param events that were checked
/// @param problems in the order of their positions, then those of keys and blobs; none if all is as it was written
/// @param opened whether keys and blobs were opened too, which takes the master key
public record Verification(long events, List<Problem> problems, boolean opened) {
    private static final int BATCH = 1000;
    private static final long BATCH_BYTES = 16 << 20;
    private static final int PROBLEMS_MAX = 100;

    /// Something that is not as it was written.
    ///
    /// @param position the number at which it shows
    public record Problem(int partition, long position, String what) {}

    public Verification {
        problems = List.copyOf(problems);
    }

    /// The same with a problem that was found beside the log, in front of the others.
    public Verification with(Problem beside) {
        var all = new ArrayList<Problem>();
        all.add(beside);
        all.addAll(problems);
        return new Verification(events, all, opened);
    }

    /// Checks every partition.
    ///
    /// @param anchor a head that was once durable and is kept outside the database, if there is one
    /// @param progress is told the number of events checked so far
    public static Verification of(LogStorage storage, Optional<Head> anchor, LongConsumer progress) {
        return of(storage, anchor.stream().toList(), progress);
    }

    /// Checks every partition.
    ///
    /// @param anchors heads that were once durable and are kept outside the database, at most one of a
    /// partition
    /// @param progress is told the number of events checked so far
    public static Verification of(LogStorage storage, Collection<Head> anchors, LongConsumer progress) {
        return of(storage, anchors, progress, event -> {});
    }

    /// Checks every partition, and what its events cannot be read without.
    ///
    /// @param anchors heads that were once durable and are kept outside the database, at most one of a
    /// partition
    /// @param progress is told the number of events checked so far
    public static Verification of(
            LogStorage storage, Collection<Head> anchors, Contents contents, LongConsumer progress) {
        var chain = of(storage, anchors, progress, contents::event);
        var problems = new ArrayList<>(chain.problems());
        contents.problems(PROBLEMS_MAX).stream()
                .map(fault -> new Problem(fault.partition(), fault.position(), fault.what()))
                .forEach(problems::add);
        return new Verification(chain.events(), problems, contents.opens());
    }

    /// @param also is shown every event on the way
    static Verification of(
            LogStorage storage, Collection<Head> anchors, LongConsumer progress, Consumer<StoredEvent> also) {
        var problems = new ArrayList<Problem>();
        long events = 0;
        for (int partition = 0; partition < storage.partitions(); partition++) {
            long before = events;
            var check =
                    new Check(storage, partition, anchors, problems, count -> progress.accept(before + count), also);
            try {
                events += check.run();
            } catch (StorageException e) {
                check.problem(check.reached.number() + 1, "the store cannot be read on from here: " + e.getMessage());
            }
        }
        return new Verification(events, problems.subList(0, Math.min(problems.size(), PROBLEMS_MAX)), false);
    }

    private record StreamKey(Tenant tenant, StreamId stream) {}

    private static final class Check {
        private final LogStorage storage;
        private final int partition;
        private final Optional<Head> anchor;
        private final List<Problem> problems;
        private final LongConsumer progress;
        private final Consumer<StoredEvent> also;
        private final Map<StreamKey, Long> versions = new HashMap<>();
        private Head reached;

        Check(
                LogStorage storage,
                int partition,
                Collection<Head> anchors,
                List<Problem> problems,
                LongConsumer progress,
                Consumer<StoredEvent> also) {
            this.storage = storage;
            this.partition = partition;
            this.anchor = anchors.stream()
                    .filter(head -> head.partition() == partition)
                    .findFirst();
            this.problems = problems;
            this.progress = progress;
            this.also = also;
            this.reached = Head.genesis(storage.epoch(), partition);
        }

        /// What follows, and the head as it stood at that moment: the log may grow while it is checked.
        private record Rest(List<StoredEvent> events, Head head) {}

        long run() {
            long events = 0;
            while (true) {
                long from = reached.number();
                var rest = storage.read(snapshot ->
                        new Rest(snapshot.after(partition, from, BATCH, BATCH_BYTES), snapshot.head(partition)));
                if (rest.events().isEmpty() || problems.size() >= PROBLEMS_MAX) {
                    end(rest.head());
                    return events;
                }
                rest.events().forEach(this::event);
                events += rest.events().size();
                progress.accept(events);
            }
        }

        private void event(StoredEvent event) {
            if (event.position() != reached.number() + 1) {
                problem(reached.number() + 1, "missing up to position " + (event.position() - 1));
            }
            if (!Arrays.equals(Digests.of(event), event.digest())) {
                problem(event.position(), "its content or envelope was changed");
            }
            var chain = Digests.chain(
                    reached.chain(), partition, event.position(), event.version(), event.recordedAt(), event.digest());
            if (!Arrays.equals(chain, event.chain())) {
                problem(event.position(), "it does not follow from the events before it");
            }
            if (event.recordedAt() < reached.recordedAt()) {
                problem(event.position(), "it was recorded before the event in front of it");
            }
            long version = versions.merge(new StreamKey(event.tenant(), event.stream()), 1L, Long::sum);
            if (version != event.version()) {
                problem(
                        event.position(),
                        "it is event %d of %s but calls itself version %d"
                                .formatted(version, event.stream(), event.version()));
                versions.put(new StreamKey(event.tenant(), event.stream()), event.version());
            }
            anchor.filter(head -> head.number() == event.position())
                    .filter(head -> !Arrays.equals(head.chain(), event.chain()))
                    .ifPresent(
                            head -> problem(event.position(), "the anchor outside the database tells of another past"));
            reached = reached.next(event);
            also.accept(event);
        }

        private void end(Head head) {
            if (head.number() != reached.number() || !Arrays.equals(head.chain(), reached.chain())) {
                problem(reached.number(), "the log ends here, but its head says position " + head.number());
            }
            anchor.filter(kept -> kept.number() > reached.number())
                    .ifPresent(kept -> problem(
                            reached.number(),
                            "the log ends here, but the anchor outside the database has seen position "
                                    + kept.number()));
        }

        private void problem(long position, String what) {
            problems.add(new Problem(partition, position, what));
        }
    }
}
