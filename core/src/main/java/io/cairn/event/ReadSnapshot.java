package io.cairn.event;

import io.cairn.row.Row;
import io.cairn.row.RowKey;
import io.cairn.row.Table;
import io.cairn.tenant.Tenant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The log and its rows as they stood at one moment.
public interface ReadSnapshot {
    Head head(int partition);

    /// The heads of all partitions, in the partitions' order.
    List<Head> heads();

    Optional<Recorded> find(Tenant tenant, UUID eventId);

    /// The version of the stream's last event, 0 if it has none.
    long version(Tenant tenant, StreamId stream);

    /// Events of one stream in order.
    List<StoredEvent> stream(Tenant tenant, StreamId stream, long afterVersion, int limit);

    /// The events that are there, of those that stand in these places of streams; in no order.
    default List<StoredEvent> events(Tenant tenant, Collection<StreamVersion> places) {
        return places.stream()
                .distinct()
                .flatMap(place -> stream(tenant, place.stream(), place.version() - 1, 1).stream()
                        .filter(event -> event.version() == place.version()))
                .toList();
    }

    /// Events of one partition in order, of every tenant: for whoever follows the log, never for a door.
    ///
    /// @param bytesMax stops early once the payloads exceed it; at least one event is returned if there is one
    List<StoredEvent> after(int partition, long position, int limit, long bytesMax);

    /// Events of one tenant in a partition, in order.
    List<StoredEvent> after(Tenant tenant, int partition, long position, int limit);

    /// How many events of one tenant lie behind each of these positions of a partition, counted up to a number.
    default Map<Long, Long> behind(Tenant tenant, int partition, Set<Long> positions, int most) {
        var counts = new HashMap<Long, Long>();
        positions.forEach(position -> counts.put(
                position, (long) after(tenant, partition, position, most).size()));
        return counts;
    }

    Optional<Row> row(Tenant tenant, Table table, RowKey key);

    /// Rows whose key starts with the prefix and, where given, comes after another key; in the order of keys.
    List<Row> rows(Tenant tenant, Table table, RowKey prefix, @Nullable RowKey after, int limit);

    /// Rows whose key starts with any of the prefixes, which have as many parts each; those of one prefix in the order
    /// of their keys.
    default List<Row> rows(Tenant tenant, Table table, Collection<RowKey> prefixes) {
        return prefixes.stream()
                .distinct()
                .flatMap(prefix -> rows(tenant, table, prefix, null, Integer.MAX_VALUE).stream())
                .toList();
    }

    /// The first rows of each of several prefixes, which have as many parts each; those of one prefix in the order of
    /// their keys.
    ///
    /// @param upTo the highest number that may stand in the part of the key behind the prefix; null for any
    /// @param limit of rows for each prefix
    default Map<Tenant, List<Row>> first(
            Table table, Map<Tenant, Set<RowKey>> prefixes, @Nullable Long upTo, int limit) {
        var found = new HashMap<Tenant, List<Row>>();
        prefixes.forEach((tenant, each) -> each.forEach(prefix -> rows(tenant, table, prefix, null, limit).stream()
                .takeWhile(row -> upTo == null
                        || (Long) row.key().parts().get(prefix.parts().size()) <= upTo)
                .forEach(row -> found.computeIfAbsent(tenant, first -> new ArrayList<>())
                        .add(row))));
        return found;
    }

    /// The tenants that have rows in the table, in the order of their ids.
    List<Tenant> tenants(Table table);

    /// How many rows of all tenants there are for each value of the key's first part, which is a text.
    Map<String, Long> counts(Table table);

    /// Of each tenant's rows with the same first part of the key the one with the least number in another part.
    ///
    /// It looks at every row of the table: it is for gauges.
    default Map<Tenant, List<Row>> least(Table table, String part) {
        var found = new HashMap<Tenant, List<Row>>();
        var first = table.key().getFirst().name();
        for (var tenant : tenants(table)) {
            var least = new TreeMap<String, Row>();
            rows(tenant, table, new RowKey(List.of()), null, Integer.MAX_VALUE)
                    .forEach(row -> least.merge(
                            row.text(first),
                            row,
                            (one, other) -> one.number(part) <= other.number(part) ? one : other));
            found.put(tenant, List.copyOf(least.values()));
        }
        return found;
    }

    /// How many rows have a key that starts with the prefix.
    long count(Tenant tenant, Table table, RowKey prefix);

    /// Rows that lack a value in one column, and what another column of theirs adds up to.
    default Tally tally(Tenant tenant, Table table, String lacking, String summed) {
        var tally = new Tally(0, 0);
        List<Row> page;
        @Nullable RowKey after = null;
        do {
            page = rows(tenant, table, new RowKey(List.of()), after, Tally.PAGE);
            for (var row : page) {
                if (row.numberOrNull(lacking) == null) {
                    tally = tally.and(row.number(summed));
                }
                after = row.key();
            }
        } while (page.size() == Tally.PAGE);
        return tally;
    }
}
