package io.cairn.projection;

import static io.cairn.row.Table.Column.number;
import static io.cairn.row.Table.Column.text;
import static java.util.stream.Collectors.joining;

import io.cairn.event.EventLog;
import io.cairn.event.ReadSnapshot;
import io.cairn.event.TenantView;
import io.cairn.event.WriteTransaction;
import io.cairn.follow.Checkpoint;
import io.cairn.follow.ParkedKeys;
import io.cairn.row.Row;
import io.cairn.row.RowChange;
import io.cairn.row.RowKey;
import io.cairn.row.Table;
import io.cairn.tenant.Tenant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/// The generations of a row projection: which tables are in use, which are built beside them, and which may come
/// back.
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
    static final Table TABLE = new Table(
            "projection_generation",
            Table.Kind.DERIVED,
            List.of(text("projection"), number("generation")),
            List.of(text("place"), number("version"), text("tables"), text("form")));

    /// The part that a generation plays.
    enum Place {
        CURRENT,
        NEXT,
        FORMER,
        /// Its tables were dropped; its number is never used again.
        GONE
    }

    /// One generation.
    ///
    /// @param tables their names, as readers know them
    /// @param form of the tables
    record Generation(int number, Place place, int version, List<String> tables, String form) {
        Generation in(Place other) {
            return new Generation(number, other, version, tables, form);
        }

        /// The tables with their names alone, which is enough to drop or rename them: those of another version may
        /// have columns that are unknown here.
        private Stream<Table> named() {
            return tables.stream().map(name -> new Table(name, Table.Kind.DERIVED, List.of(), List.of()));
        }
    }

    /// All generations that there are or were.
    record Known(List<Generation> generations) {
        Optional<Generation> at(Place place) {
            return generations.stream()
                    .filter(generation -> generation.place() == place)
                    .findFirst();
        }

        private int unused() {
            return generations.stream().mapToInt(Generation::number).max().orElse(0) + 1;
        }
    }

    private final EventLog log;
    private final RowProjection projection;

    RowGenerations(EventLog log, RowProjection projection) {
        this.log = log;
        this.projection = projection;
    }

    Known known() {
        return log.read(Tenant.CAIRN, this::known);
    }

    Known known(TenantView view) {
        return known(view.rows(TABLE, TABLE.key(projection.name()), null, Integer.MAX_VALUE));
    }

    private Known known(ReadSnapshot snapshot) {
        return known(snapshot.rows(Tenant.CAIRN, TABLE, TABLE.key(projection.name()), null, Integer.MAX_VALUE));
    }

    private static Known known(List<Row> rows) {
        return new Known(rows.stream()
                .map(row -> new Generation(
                        (int) row.number("generation"),
                        Place.valueOf(row.text("place")),
                        (int) row.number("version"),
                        List.of(row.text("tables").split(",")),
                        row.text("form")))
                .toList());
    }

    /// The current generation.
    ///
    /// @throws OutdatedVersionException if a newer version made it, so that this node may not change it
    Generation current(Known known) {
        var current = known.at(Place.CURRENT)
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
            log.feed().everywhere(transaction -> {
                var known = known(transaction);
                if (known.at(Place.CURRENT).isEmpty()) {
                    projection.tables().forEach(transaction::make);
                    put(transaction, made(known, Place.CURRENT));
                } else if (due(known)) {
                    begin(transaction, known);
                }
                return known;
            });
        }
    }

    private boolean due(Known known) {
        var current = known.at(Place.CURRENT);
        return current.isEmpty()
                || current.get().version() < projection.version()
                        && known.at(Place.NEXT)
                                .filter(next -> next.version() >= projection.version())
                                .isEmpty();
    }

    /// Begins an empty generation beside the current one, in place of one that was under way, unless that is of a newer
    /// version. The former is given up.
    ///
    /// @return the number of the next generation
    int begin() {
        return log.feed().everywhere(transaction -> {
            var known = known(transaction);
            current(known);
            return known.at(Place.NEXT)
                    .filter(next -> next.version() > projection.version())
                    .map(Generation::number)
                    .orElseGet(() -> begin(transaction, known));
        });
    }

    private int begin(WriteTransaction transaction, Known known) {
        known.at(Place.NEXT).ifPresent(next -> giveUp(transaction, next));
        known.at(Place.FORMER).ifPresent(former -> giveUp(transaction, former));
        var next = made(known, Place.NEXT);
        for (var table : projection.tables()) {
            transaction.make(table.aside());
        }
        put(transaction, next);
        return next.number();
    }

    private Generation made(Known known, Place place) {
        var tables = projection.tables().stream().map(Table::name).toList();
        return new Generation(known.unused(), place, projection.version(), tables, form());
    }

    private void giveUp(WriteTransaction transaction, Generation generation) {
        generation
                .named()
                .map(table -> generation.place() == Place.NEXT ? table.aside() : table.former())
                .forEach(transaction::drop);
        transaction
                .tenants(ParkedKeys.TABLE)
                .forEach(tenant ->
                        transaction.change(tenant, ParkedKeys.removeAll(projection.name(), generation.number())));
        transaction.change(Tenant.CAIRN, Checkpoint.removeAll(projection.name(), generation.number()));
        put(transaction, generation.in(Place.GONE));
    }

    /// Why the former generation cannot come back; nothing if it can.
    Optional<String> noWayBack() {
        return noWayBack(known());
    }

    private Optional<String> noWayBack(Known known) {
        var next = known.at(Place.NEXT);
        var former = known.at(Place.FORMER);
        if (next.isPresent()) {
            return Optional.of("Generation %d of %s is on its way; a rollback has to wait until it has switched"
                    .formatted(next.get().number(), projection.name()));
        }
        if (former.isEmpty()) {
            return Optional.of("There is no former generation of %s".formatted(projection.name()));
        }
        return former.get().version() == projection.version()
                ? Optional.empty()
                : Optional.of("Generation %d of %s was made by version %d of it; this node has version %d"
                        .formatted(
                                former.get().number(),
                                projection.name(),
                                former.get().version(),
                                projection.version()));
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
            var former = known.at(Place.FORMER).orElseThrow();
            former.named().forEach(table -> transaction.rename(table.former(), table.aside()));
            put(transaction, former.in(Place.NEXT));
            return OptionalInt.of(former.number());
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
            var next = known.at(Place.NEXT).filter(found -> found.number() == number && own(found));
            if (next.isEmpty()) {
                return false;
            }
            var current = known.at(Place.CURRENT).orElseThrow();
            lastSteps.take(transaction, current, next.get());
            current.named().forEach(table -> transaction.rename(table, table.former()));
            next.get().named().forEach(table -> transaction.rename(table.aside(), table));
            put(transaction, current.in(Place.FORMER));
            put(transaction, next.get().in(Place.CURRENT));
            return true;
        });
    }

    private void put(WriteTransaction transaction, Generation generation) {
        transaction.change(
                Tenant.CAIRN,
                new RowChange.Put(TABLE.row(Map.of(
                        "projection", projection.name(),
                        "generation", (long) generation.number(),
                        "place", generation.place().name(),
                        "version", (long) generation.version(),
                        "tables", String.join(",", generation.tables()),
                        "form", generation.form()))));
    }

    static RowKey key(String projection, int generation) {
        return TABLE.key(projection, (long) generation);
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
