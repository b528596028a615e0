package io.cairn.passage;

import io.cairn.event.Event;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.Stream;

/// Works out from an event what changes in an index, whatever source it is of; the same log always gives the same
/// passages.
///
/// Not for concurrent use: each follower has its own.
public final class Passages {
    private final List<Source> sources;
    private final List<Source.Cutter> cutters;
    private final IntConsumer counted;

    public Passages(List<Source> sources) {
        this(sources, true, passages -> {});
    }

    private Passages(List<Source> sources, boolean meant, IntConsumer counted) {
        this.sources = List.copyOf(sources);
        this.cutters = sources.stream().map(source -> source.cutter(meant)).toList();
        this.counted = counted;
    }

    /// Tells how many passages each event brings.
    public Passages countedBy(IntConsumer counter) {
        return new Passages(sources, true, counter);
    }

    /// Leaves out what passages mean, for an index of words.
    public Passages withoutMeanings() {
        return new Passages(sources, false, counted);
    }

    public List<PassageChange> changes(Event event) {
        var changes = cutters.stream()
                .flatMap(cutter -> cutter.changes(event).stream())
                .toList();
        counted.accept(
                changes.stream().mapToInt(change -> change.passages().size()).sum());
        return changes;
    }

    /// The texts to embed that the events bring.
    public Stream<String> meanings(List<Event> events) {
        return events.stream()
                .flatMap(event -> changes(event).stream())
                .flatMap(change -> change.passages().stream())
                .flatMap(passage -> passage.meanings().stream().flatMap(List::stream));
    }
}
