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
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A snapshot in front of another: it passes on what it is asked, and its maker says what is different.
public interface ForwardingSnapshot extends ReadSnapshot {
    ReadSnapshot snapshot();

    /// Stands around every operation that is passed on.
    default <T> T around(StorageOperation operation, Supplier<T> work) {
        return work.get();
    }

    private <T> T asked(Supplier<T> question) {
        return around(StorageOperation.ASK, question);
    }

    @Override
    default Head head(int partition) {
        return asked(() -> snapshot().head(partition));
    }

    @Override
    default List<Head> heads() {
        return asked(() -> snapshot().heads());
    }

    @Override
    default Optional<Recorded> find(Tenant tenant, UUID eventId) {
        return asked(() -> snapshot().find(tenant, eventId));
    }

    @Override
    default long version(Tenant tenant, StreamId stream) {
        return asked(() -> snapshot().version(tenant, stream));
    }

    @Override
    default List<StoredEvent> stream(Tenant tenant, StreamId stream, long afterVersion, int limit) {
        return asked(() -> snapshot().stream(tenant, stream, afterVersion, limit));
    }

    @Override
    default List<StoredEvent> events(Tenant tenant, Collection<StreamVersion> places) {
        return asked(() -> snapshot().events(tenant, places));
    }

    @Override
    default List<StoredEvent> after(int partition, long position, int limit, long bytesMax) {
        return asked(() -> snapshot().after(partition, position, limit, bytesMax));
    }

    @Override
    default List<StoredEvent> after(Tenant tenant, int partition, long position, int limit) {
        return asked(() -> snapshot().after(tenant, partition, position, limit));
    }

    @Override
    default Map<Long, Long> behind(Tenant tenant, int partition, Set<Long> positions, int most) {
        return asked(() -> snapshot().behind(tenant, partition, positions, most));
    }

    @Override
    default Optional<Row> row(Tenant tenant, Table table, RowKey key) {
        return asked(() -> snapshot().row(tenant, table, key));
    }

    @Override
    default List<Row> rows(Tenant tenant, Table table, RowKey prefix, @Nullable RowKey after, int limit) {
        return asked(() -> snapshot().rows(tenant, table, prefix, after, limit));
    }

    @Override
    default List<Row> rows(Tenant tenant, Table table, Collection<RowKey> prefixes) {
        return asked(() -> snapshot().rows(tenant, table, prefixes));
    }

    @Override
    default Map<Tenant, List<Row>> first(
            Table table, Map<Tenant, Set<RowKey>> prefixes, @Nullable Long upTo, int limit) {
        return asked(() -> snapshot().first(table, prefixes, upTo, limit));
    }

    @Override
    default Map<String, Long> counts(Table table) {
        return asked(() -> snapshot().counts(table));
    }

    @Override
    default Map<Tenant, List<Row>> least(Table table, String part) {
        return asked(() -> snapshot().least(table, part));
    }

    @Override
    default List<Tenant> tenants(Table table) {
        return asked(() -> snapshot().tenants(table));
    }

    @Override
    default long count(Tenant tenant, Table table, RowKey prefix) {
        return asked(() -> snapshot().count(tenant, table, prefix));
    }

    @Override
    default Tally tally(Tenant tenant, Table table, String lacking, String summed) {
        return asked(() -> snapshot().tally(tenant, table, lacking, summed));
    }
}
