package io.cairn.event;

import io.cairn.row.Row;
import io.cairn.row.RowKey;
import io.cairn.row.Table;
import io.cairn.tenant.Tenant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// One tenant's part of the log and its rows at one moment: the choke point through which doors and use cases read.
public final class TenantView {
    private final Tenant tenant;
    private final int partition;
    private final ReadSnapshot snapshot;
    private final Sealing sealing;
    private Upcasters.@Nullable Known known;

    TenantView(Tenant tenant, int partition, ReadSnapshot snapshot, Sealing sealing) {
        this.tenant = tenant;
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

    public List<Event> stream(StreamId stream, long afterVersion, int limit) {
        return open(snapshot.stream(tenant, stream, afterVersion, limit));
    }

    public List<Event> after(long position, int limit) {
        return open(snapshot.after(tenant, partition, position, limit));
    }

    public Optional<Row> row(Table table, RowKey key) {
        return snapshot.row(tenant, table, key);
    }

    public List<Row> rows(Table table, RowKey prefix, @Nullable RowKey after, int limit) {
        return snapshot.rows(tenant, table, prefix, after, limit);
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
        var epoch = snapshot.head(partition).epoch();
        return stored.stream().map(event -> open(event, epoch)).toList();
    }

    Event open(StoredEvent stored, String epoch) {
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
