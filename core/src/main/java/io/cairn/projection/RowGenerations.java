package io.cairn.projection;

import static java.util.stream.Collectors.joining;

import io.cairn.event.EventLog;
import io.cairn.event.TenantView;
import io.cairn.event.WriteTransaction;
import io.cairn.follow.Checkpoint;
import io.cairn.follow.ParkedKeys;
import io.cairn.projection.GenerationRows.Generation;
import io.cairn.projection.Succession.Place;
import io.cairn.row.Table;
import io.cairn.tenant.Tenant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;

/// The generations of a row projection, with the tables of each: how they begin, take over and come back.
///
/// Readers know one name for each table, and find the current generation under it. A switch renames the tables and
/// changes the generations' places in one transaction that holds all partitions still. A follower commits on
/// condition that its generation is still in the place in which it was, so it never writes to tables that were
/// renamed meanwhile.
///
/// A generation belongs to a [version][RowProjection#version()] of the projection, and only nodes with that version
/// follow it. So a release with a new version builds its generation while nodes of the former release go on
/// answering from theirs.
final class RowGenerations {
    /// The places in the order in which tables are renamed, so that each name is free when its turn comes.
    private static final List<Place> RENAMING = List.of(Place.FORMER, Place.NEXT, Place.CURRENT);

    private final EventLog log;
    private final RowProjection projection;

    RowGenerations(EventLog log, RowProjection projection) {
        this.log = log;
        this.projection = projection;
    }

    Succession<Generation> known() {
        return log.read(Tenant.CAIRN, this::known);
    }

    Succession<Generation> known(TenantView view) {
        return GenerationRows.known(
                view.rows(GenerationRows.TABLE, GenerationRows.key(projection.name()), null, Integer.MAX_VALUE));
    }

    /// The current generation.
    ///
    /// @throws OutdatedVersionException if a newer version made it, so that this node may not change it
    Generation current(Succession<Generation> known) {
        var current = known.current()
                .orElseThrow(() ->
                        new IllegalStateException("Projection %s has no generation".formatted(projection.name())));
        if (current.version() > projection.version()) {
            throw new OutdatedVersionException(projection.name(), projection.version(), current.version());
        }
        return current;
    }

    /// Whether a generation was made by this node's version of the projection.
    ///
    /// @throws IllegalStateException if it was, but its tables have another form
    boolean own(Generation generation) {
        if (generation.version() != projection.version()) {
            return false;
        }
        if (!generation.form().equals(form())) {
            throw new IllegalStateException(
                    "The tables of projection %s are not those that version %d of it had (%s, now %s): raise its version, and it is built anew"
                            .formatted(projection.name(), projection.version(), generation.form(), form()));
        }
        return true;
    }

    /// Makes the first generation, or begins one for a version that is newer than the current generation's.
    void open() {
        if (due(known())) {
            change(known -> {
                if (known.current().isEmpty()) {
                    return known.begunWith(made(known));
                }
                return due(known) ? known.building(made(known)) : known;
            });
        }
    }

    private boolean due(Succession<Generation> known) {
        int version = projection.version();
        if (known.current().isEmpty()) {
            return true;
        }
        return known.current().get().version() < version
                && known.next().filter(next -> next.version() >= version).isEmpty();
    }

    private Generation made(Succession<Generation> known) {
        var tables = projection.tables().stream().map(Table::name).toList();
        return new Generation(known.unused(), projection.version(), tables, form());
    }

    /// Begins an empty generation beside the current one, in place of one that was under way, unless that is of a newer
    /// version. The former is given up.
    ///
    /// @return the number of the next generation
    int begin() {
        return change(known -> {
                    current(known);
                    return known.next()
                                    .filter(next -> next.version() > projection.version())
                                    .isPresent()
                            ? known
                            : known.building(made(known));
                })
                .next()
                .orElseThrow()
                .number();
    }

    /// Why the former generation cannot come back; nothing if it can.
    Optional<RolledBack.Refused> noWayBack() {
        return noWayBack(known());
    }

    private Optional<RolledBack.Refused> noWayBack(Succession<Generation> known) {
        var name = projection.name();
        var reason = known.noWayBack();
        if (reason.isPresent()) {
            return reason.map(why -> switch (why) {
                case NEXT_IS_UNDER_WAY ->
                    RolledBack.Refused.whileUnderWay(
                            name, known.next().orElseThrow().number());
                case NONE_IS_KEPT -> new RolledBack.Refused("There is no former generation of %s".formatted(name));
            });
        }
        return known.former()
                .filter(former -> former.version() != projection.version())
                .map(former -> new RolledBack.Refused(
                        "Generation %d of %s was made by version %d of it; this node has version %d"
                                .formatted(former.number(), name, former.version(), projection.version())));
    }

    /// Makes the former generation the next one.
    ///
    /// @return its number; nothing if there is no way back any more
    OptionalInt revive() {
        return log.feed().everywhere(transaction -> {
            var known = known(transaction);
            current(known);
            if (noWayBack(known).isPresent()) {
                return OptionalInt.empty();
            }
            change(transaction, known, known.goingBack());
            return OptionalInt.of(known.former().orElseThrow().number());
        });
    }

    /// The last steps before the next generation takes over.
    @FunctionalInterface
    interface LastSteps {
        void take(WriteTransaction transaction, Generation current, Generation next);
    }

    /// Lets the next generation take over, if it is this one and made by this version; the former stays for a way back.
    ///
    /// @return whether it took over
    boolean promote(int number, LastSteps lastSteps) {
        return log.feed().everywhere(transaction -> {
            var known = known(transaction);
            if (known.takeover(number) != Succession.Takeover.DUE) {
                return false;
            }
            var next = known.next().orElseThrow();
            if (!own(next)) {
                return false;
            }
            lastSteps.take(transaction, known.current().orElseThrow(), next);
            change(transaction, known, known.promoted());
            return true;
        });
    }

    /// @return what holds afterwards
    private Succession<Generation> change(UnaryOperator<Succession<Generation>> change) {
        return log.feed().everywhere(transaction -> {
            var before = known(transaction);
            var after = change.apply(before);
            change(transaction, before, after);
            return after;
        });
    }

    private Succession<Generation> known(WriteTransaction transaction) {
        return GenerationRows.known(transaction.rows(
                Tenant.CAIRN, GenerationRows.TABLE, GenerationRows.key(projection.name()), null, Integer.MAX_VALUE));
    }

    /// Makes, renames and drops the tables of all generations whose places change, and notes the places.
    private void change(WriteTransaction transaction, Succession<Generation> before, Succession<Generation> after) {
        before.givenUpBy(after)
                .forEach(gone ->
                        giveUp(transaction, gone, before.place(gone.number()).orElseThrow()));
        for (var place : RENAMING) {
            after.at(place).ifPresent(generation -> {
                var from = before.place(generation.number());
                if (from.isEmpty()) {
                    projection.tables().forEach(table -> transaction.make(GenerationRows.in(place, table)));
                    put(transaction, generation, Optional.of(place));
                } else if (from.get() != place) {
                    generation
                            .named()
                            .forEach(table -> transaction.rename(
                                    GenerationRows.in(from.get(), table), GenerationRows.in(place, table)));
                    put(transaction, generation, Optional.of(place));
                }
            });
        }
    }

    private void giveUp(WriteTransaction transaction, Generation generation, Place place) {
        generation.named().map(table -> GenerationRows.in(place, table)).forEach(transaction::drop);
        transaction
                .tenants(ParkedKeys.TABLE)
                .forEach(tenant ->
                        transaction.change(tenant, ParkedKeys.removeAll(projection.name(), generation.number())));
        transaction.change(Tenant.CAIRN, Checkpoint.removeAll(projection.name(), generation.number()));
        put(transaction, generation, Optional.empty());
    }

    private void put(WriteTransaction transaction, Generation generation, Optional<Place> place) {
        transaction.change(Tenant.CAIRN, GenerationRows.put(projection.name(), generation, place));
    }

    /// The columns of all tables in one text: tables of another text cannot hold the same rows.
    private String form() {
        return projection.tables().stream()
                .sorted(Comparator.comparing(Table::name))
                .map(table -> "%s(%s; %s)".formatted(table.name(), columns(table.key()), columns(table.values())))
                .collect(joining(", "));
    }

    private static String columns(List<Table.Column> columns) {
        return columns.stream()
                .map(column -> column.name() + " " + column.type())
                .collect(joining(", "));
    }
}
