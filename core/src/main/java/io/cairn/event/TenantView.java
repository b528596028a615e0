package io.cairn.event;

import io.cairn.row.Row;
import io.cairn.row.RowKey;
import io.cairn.row.Table;
import io.cairn.tenant.Tenant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// One tenant's part of the log and its rows at one moment: the choke point through which doors and use cases read.
public final class TenantView {
    private final Tenant tenant;
    private final String epoch;
    private final int partition;
    private final ReadSnapshot snapshot;
    private final Sealing sealing;
    private Upcasters.@Nullable Known known;

    TenantView(Tenant tenant, String epoch, int partition, ReadSnapshot snapshot, Sealing sealing) {
        this.tenant = tenant;
        this.epoch = epoch;
        this.partition = partition;
        this.snapshot = snapshot;
        this.sealing = sealing;
    }

    public Tenant tenant() {
        return tenant;
    }

    public Position head() {
        return snapshot.head(partition).position();
    }

    public Optional<Recorded> find(UUID eventId) {
        return snapshot.find(tenant, eventId);
    }

    public long version(StreamId stream) {
        return snapshot.version(tenant, stream);
    }

    /// Events of a stream in their order.
    ///
    /// @throws UnreadableException if one of them is missing, as where a database is damaged
    public List<Event> stream(StreamId stream, long afterVersion, int limit) {
        return open(StoredEvent.unbroken(snapshot.stream(tenant, stream, afterVersion, limit), afterVersion));
    }

    /// The events that are there, of those that stand in these places of streams; in no order.
    public List<Event> events(Collection<StreamVersion> places) {
        return open(snapshot.events(tenant, places));
    }

    public List<Event> after(long position, int limit) {
        return open(snapshot.after(tenant, partition, position, limit));
    }

    /// How many of the tenant's events lie behind each of these positions, counted up to a number.
    public Map<Long, Long> behind(Set<Long> positions, int most) {
        return positions.isEmpty() ? Map.of() : snapshot.behind(tenant, partition, positions, most);
    }

    public Optional<Row> row(Table table, RowKey key) {
        return snapshot.row(tenant, table, key);
    }

    public List<Row> rows(Table table, RowKey prefix, @Nullable RowKey after, int limit) {
        return snapshot.rows(tenant, table, prefix, after, limit);
    }

    /// Rows whose key starts with any of the prefixes, which have as many parts each; those of one prefix in the order
    /// of their keys.
    public List<Row> rows(Table table, Collection<RowKey> prefixes) {
        return snapshot.rows(tenant, table, prefixes);
    }

    /// The first rows of each of several prefixes, which have as many parts each; those of one prefix in the order of
    /// their keys.
    ///
    /// @param upTo the highest number that may stand in the part of the key behind the prefix; null for any
    /// @param limit of rows for each prefix
    public List<Row> first(Table table, Set<RowKey> prefixes, @Nullable Long upTo, int limit) {
        return prefixes.isEmpty()
                ? List.of()
                : snapshot.first(table, Map.of(tenant, prefixes), upTo, limit).getOrDefault(tenant, List.of());
    }

    public long count(Table table) {
        return snapshot.count(tenant, table, new RowKey(List.of()));
    }

    /// How many rows have a key that starts with the prefix.
    public long count(Table table, RowKey prefix) {
        return snapshot.count(tenant, table, prefix);
    }

    /// Rows that lack a value in one column, and what another column of theirs adds up to.
    public Tally tally(Table table, String lacking, String summed) {
        return snapshot.tally(tenant, table, lacking, summed);
    }

    /// The content of a blob, or nothing if there is no such blob or its subject was forgotten.
    public Optional<byte[]> blob(String address) {
        return Blobs.read(snapshot, sealing.keys(), tenant, address);
    }

    /// Those that are there of the blobs with these addresses, by address.
    public Map<String, byte[]> blobs(Collection<String> addresses) {
        return Blobs.read(snapshot, sealing.keys(), tenant, addresses);
    }

    /// What was [sealed][RowSeals] in a row, or nothing if its subject was forgotten.
    public Optional<byte[]> opened(RowSeals seals, RowSeals.SealedFor whose, String row, byte[] sealed) {
        return seals.open(snapshot, tenant, whose, row, sealed);
    }

    /// What a payload of this version would be if it were read from the log now.
    ///
    /// @throws UpcastException if an upcaster cannot transform it
    public Upcasters.Upcast asRead(EventType type, int schemaVersion, JsonNode payload) {
        return known().upcast(type, schemaVersion, payload);
    }

    /// The snapshot of a stream that was taken under this version of the state's schema, if it can still be opened.
    public Snapshots.Found snapshot(StreamId stream, int schemaVersion) {
        return Snapshots.find(snapshot, sealing.keys(), tenant, stream, schemaVersion);
    }

    private List<Event> open(List<StoredEvent> stored) {
        sealing.keys().prepare(snapshot, stored);
        return stored.stream().map(this::open).toList();
    }

    Event open(StoredEvent stored) {
        return sealing.open(stored, snapshot, epoch, known());
    }

    private Upcasters.Known known() {
        var already = known;
        if (already == null) {
            already = sealing.upcasters().in(this);
            known = already;
        }
        return already;
    }
}
