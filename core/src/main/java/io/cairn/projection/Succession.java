package io.cairn.projection;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The generations of a projection in their places, as a value: one answers, one may be built beside it to take over,
/// and the one that answered before may come back.
///
/// These are the rules of all projections, wherever their generations are kept: in rows, in a file, or in a table of
/// PostgreSQL. The keeper reads the succession, asks it for the one that follows, and makes of the difference what its
/// generations need: tables are made, renamed and dropped, folders are deleted.
///
/// @param <G> one generation, as its keeper knows it; it is the same one in every place
/// @param current nothing before the first
/// @param last the highest number that was ever given; none is given twice, since streams are parked under it
public record Succession<G extends Succession.Numbered>(
        Optional<G> current, Optional<G> next, Optional<G> former, int last) {
    /// A generation with its number, from 1.
    public interface Numbered {
        int number();
    }

    /// Where a generation stands.
    public enum Place {
        /// It answers.
        CURRENT,
        /// It is to take over.
        NEXT,
        /// It answered before, and may come back.
        FORMER
    }

    /// Why the former generation cannot come back.
    public enum NoWayBack {
        NEXT_IS_UNDER_WAY,
        NONE_IS_KEPT
    }

    /// What becomes of a generation that was to take over.
    public enum Takeover {
        /// It is the next one, and may.
        DUE,
        /// It has already done so.
        DONE,
        /// It was given up, or is the former one.
        OFF
    }

    public Succession {
        int highest = highest(current, next, former);
        if (last < highest) {
            throw new IllegalArgumentException(
                    "Generation %d is there, so %d was not the last one".formatted(highest, last));
        }
    }

    /// No generation was ever made.
    public static <G extends Numbered> Succession<G> none() {
        return of(Optional.empty(), Optional.empty(), Optional.empty());
    }

    /// What stands in the places, where nothing is known of generations that were given up.
    public static <G extends Numbered> Succession<G> of(Optional<G> current, Optional<G> next, Optional<G> former) {
        return new Succession<>(current, next, former, highest(current, next, former));
    }

    private static int highest(
            Optional<? extends Numbered> current,
            Optional<? extends Numbered> next,
            Optional<? extends Numbered> former) {
        return Stream.of(current, next, former)
                .flatMap(Optional::stream)
                .mapToInt(Numbered::number)
                .max()
                .orElse(0);
    }

    /// The number of the generation that is made now.
    public int unused() {
        return last + 1;
    }

    /// The first one, which answers at once.
    public Succession<G> begunWith(G first) {
        current.ifPresent(answering -> {
            throw new IllegalStateException("Generation %d answers already".formatted(answering.number()));
        });
        return in(Optional.of(first), Optional.empty(), Optional.empty());
    }

    /// One is built beside the current one. It takes the place of one that was under way, and the former one is given
    /// up.
    public Succession<G> building(G begun) {
        return in(current, Optional.of(begun), Optional.empty());
    }

    /// The same, but the former one is kept until the switch.
    public Succession<G> buildingBeside(G begun) {
        return in(current, Optional.of(begun), former);
    }

    /// The next one takes over. The current one is kept as the former one.
    public Succession<G> promoted() {
        if (next.isEmpty()) {
            throw new IllegalStateException("No generation is to take over");
        }
        return in(next, Optional.empty(), current);
    }

    /// One takes over at once, without having been built beside the current one, and one that was under way is given
    /// up.
    ///
    /// @param other the former one, or one that is made now
    public Succession<G> replacedBy(G other) {
        return in(Optional.of(other), Optional.empty(), current);
    }

    /// The former one is to take over again, once it has caught up.
    public Succession<G> goingBack() {
        noWayBack().ifPresent(reason -> {
            throw new IllegalStateException("There is no way back: " + reason);
        });
        return in(current, former, Optional.empty());
    }

    /// The next one is given up.
    public Succession<G> withoutNext() {
        return in(current, Optional.empty(), former);
    }

    /// Why the former one cannot come back; nothing if it can.
    public Optional<NoWayBack> noWayBack() {
        if (next.isPresent()) {
            return Optional.of(NoWayBack.NEXT_IS_UNDER_WAY);
        }
        return former.isPresent() ? Optional.empty() : Optional.of(NoWayBack.NONE_IS_KEPT);
    }

    /// What becomes of a generation that was to take over when it was last looked.
    public Takeover takeover(int number) {
        return switch (place(number).orElse(Place.FORMER)) {
            case CURRENT -> Takeover.DONE;
            case NEXT -> Takeover.DUE;
            case FORMER -> Takeover.OFF;
        };
    }

    public Optional<G> at(Place place) {
        return switch (place) {
            case CURRENT -> current;
            case NEXT -> next;
            case FORMER -> former;
        };
    }

    /// Where a generation stands; nothing if it is not there.
    public Optional<Place> place(int number) {
        return Stream.of(Place.values())
                .filter(place ->
                        at(place).filter(found -> found.number() == number).isPresent())
                .findFirst();
    }

    /// Those that are there, the current one first.
    public List<G> all() {
        return Stream.of(current, next, former).flatMap(Optional::stream).toList();
    }

    /// Those that are there no more when another succession holds.
    public List<G> givenUpBy(Succession<G> later) {
        return all().stream()
                .filter(generation -> later.place(generation.number()).isEmpty())
                .toList();
    }

    private Succession<G> in(Optional<G> nowCurrent, Optional<G> nowNext, Optional<G> nowFormer) {
        int highest = highest(nowCurrent, nowNext, nowFormer);
        return new Succession<>(nowCurrent, nowNext, nowFormer, Math.max(last, highest));
    }
}
