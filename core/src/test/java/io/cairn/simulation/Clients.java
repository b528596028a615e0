package io.cairn.simulation;

import io.cairn.event.Appended;
import io.cairn.event.EventSteps;
import io.cairn.event.EventType;
import io.cairn.event.Expected;
import io.cairn.event.NewEvent;
import io.cairn.event.StreamAppend;
import io.cairn.event.StreamId;
import io.cairn.event.Unit;
import io.cairn.feature.Orders;
import io.cairn.tenant.Context;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;

/// Ask for units of work, and ask again, on any node, for what may have been done; whatever they were told has to be
/// so.
final class Clients implements Checker {
    private static final int STREAMS = 3;
    private static final int EVENTS_MAX = 3;
    private static final int ORDERS = 4;

    /// One of so many units places an order too.
    private static final int ORDERED = 4;

    private final Chance chance;
    private final Poison poison;
    private final LogReader reader;
    private final List<Attempt> attempts = new ArrayList<>();
    private final List<Attempt> unanswered = new ArrayList<>();

    Clients(World world, LogReader reader) {
        this.chance = world.chance();
        this.poison = world.poison();
        this.reader = reader;
    }

    /// A unit that was asked for.
    private record Attempt(Unit unit, CompletableFuture<Appended> outcome) {
        /// What its client was told, if anything but a failure.
        @Nullable
        Appended told() {
            return outcome.isDone() && !outcome.isCompletedExceptionally() ? outcome.join() : null;
        }
    }

    void ask(Node node) {
        var unit =
                !attempts.isEmpty() && chance.oneIn(4) ? chance.pick(attempts).unit() : unit();
        var attempt = new Attempt(unit, EventSteps.submit(node.log(), unit));
        attempts.add(attempt);
        unanswered.add(attempt);
    }

    private Unit unit() {
        var tenant = chance.pick(World.TENANTS);
        var appends = IntStream.range(0, STREAMS)
                .filter(stream -> chance.oneIn(STREAMS))
                .mapToObj(stream -> append("s" + stream))
                .collect(Collectors.toCollection(ArrayList::new));
        if (chance.oneIn(ORDERED)) {
            appends.add(order());
        }
        return new Unit(
                new Context(tenant, "simulation", "simulation"),
                appends.isEmpty() ? List.of(append("s0")) : appends,
                List.of(),
                List.of());
    }

    private StreamAppend order() {
        var order = "o" + chance.below(ORDERS);
        return new StreamAppend(
                new StreamId(Orders.STREAM, order), Expected.any(), List.of(event(order, Orders.PLACED)));
    }

    private StreamAppend append(String stream) {
        var expected = switch (chance.below(4)) {
            case 0 -> Expected.none();
            case 1 -> Expected.version(chance.below(8));
            default -> Expected.any();
        };
        var events = IntStream.rangeClosed(0, chance.below(EVENTS_MAX))
                .mapToObj(i -> event(stream, chance.oneIn(8) ? Things.REMOVED : Things.HAPPENED))
                .toList();
        return new StreamAppend(new StreamId(Things.STREAM, stream), expected, events);
    }

    private NewEvent event(String subject, EventType type) {
        var id = chance.id();
        if (chance.oneIn(12)) {
            poison.add(id);
        }
        return new NewEvent(id, type, 1, subject, JsonNodeFactory.instance.objectNode(), Instant.EPOCH, null);
    }

    @Override
    public void check() {
        unanswered.removeIf(attempt -> {
            if (attempt.outcome().isDone()) {
                checkTold(attempt);
            }
            return attempt.outcome().isDone();
        });
    }

    @Override
    public void checkEnd() {
        attempts.forEach(this::checkTold);
        attempts.forEach(this::checkWhole);
    }

    private void checkTold(Attempt attempt) {
        if (attempt.told() instanceof Appended.Written written) {
            for (var append : attempt.unit().appends()) {
                long last = Objects.requireNonNull(written.versions().get(append.stream()));
                long version = last - append.events().size();
                for (var event : append.events()) {
                    if (!reader.has(event.id())) {
                        throw new Violation("Event %s was acknowledged and is lost", event.id());
                    }
                    if (reader.version(event.id()) != ++version) {
                        throw new Violation("Event %s stands elsewhere than was acknowledged", event.id());
                    }
                }
            }
        }
    }

    /// Of a unit there is all or nothing.
    private void checkWhole(Attempt attempt) {
        var ids = attempt.unit().appends().stream()
                .flatMap(append -> append.events().stream())
                .map(NewEvent::id)
                .toList();
        long there = ids.stream().filter(reader::has).count();
        if (there != 0 && there != ids.size()) {
            throw new Violation("Of a unit of %d events %d are in the log", ids.size(), there);
        }
    }

    long acknowledged() {
        return attempts.stream()
                .filter(attempt -> attempt.told() instanceof Appended.Written)
                .count();
    }

    long refused() {
        return attempts.stream()
                .filter(attempt -> attempt.told() instanceof Appended.Conflict)
                .count();
    }
}
