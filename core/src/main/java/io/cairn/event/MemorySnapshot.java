package io.cairn.event;

import io.cairn.event.MemoryState.FullKey;
import io.cairn.row.Row;
import io.cairn.row.RowKey;
import io.cairn.row.Table;
import io.cairn.tenant.Tenant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What a reader of a log in memory sees.
class MemorySnapshot implements ReadSnapshot {
    MemoryState state;

    MemorySnapshot(MemoryState state) {
        this.state = state;
    }

    @Override
    public Head head(int partition) {
        return state.parts().get(partition).head();
    }

    @Override
    public List<Head> heads() {
        return state.parts().stream().map(MemoryState.Part::head).toList();
    }

    @Override
    public Optional<Recorded> find(Tenant tenant, UUID eventId) {
        return state.parts().stream()
                .flatMap(part -> Stream.ofNullable(part.ids().get(new EventKey(tenant, eventId))))
                .findFirst()
                .map(event -> new Recorded(eventId, event.stream(), event.version(), event.position()));
    }

    @Override
    public long version(Tenant tenant, StreamId stream) {
        return events(tenant, stream).size();
    }

    @Override
    public List<StoredEvent> stream(Tenant tenant, StreamId stream, long afterVersion, int limit) {
        return events(tenant, stream).stream().skip(afterVersion).limit(limit).toList();
    }

    @Override
    public List<StoredEvent> after(int partition, long position, int limit, long bytesMax) {
        var events = state.parts().get(partition).events();
        var taken = new ArrayList<StoredEvent>();
        long bytes = 0;
        for (int i = (int) position; i < events.size() && taken.size() < limit && bytes <= bytesMax; i++) {
            taken.add(events.get(i));
            bytes += events.get(i).payload().length;
        }
        return taken;
    }

    @Override
    public List<StoredEvent> after(Tenant tenant, int partition, long position, int limit) {
        return state.parts().get(partition).events().stream()
                .skip(position)
                .filter(event -> event.tenant().equals(tenant))
                .limit(limit)
                .toList();
    }

    @Override
    public Optional<Row> row(Tenant tenant, Table table, RowKey key) {
        return Optional.ofNullable(table(table).get(new FullKey(tenant, key)));
    }

    @Override
    public List<Row> rows(Tenant tenant, Table table, RowKey prefix, @Nullable RowKey after, int limit) {
        var from = new FullKey(tenant, after == null ? prefix : after);
        return MemoryState.matching(table(table), tenant, prefix, from, after == null)
                .map(Map.Entry::getValue)
                .limit(limit)
                .toList();
    }

    @Override
    public List<Tenant> tenants(Table table) {
        return table(table).keySet().stream().map(FullKey::tenant).distinct().toList();
    }

    @Override
    public Map<String, Long> counts(Table table) {
        return table(table).keySet().stream()
                .collect(Collectors.groupingBy(key -> (String) key.key().parts().getFirst(), Collectors.counting()));
    }

    @Override
    public long count(Tenant tenant, Table table, RowKey prefix) {
        return MemoryState.matching(table(table), tenant, prefix, new FullKey(tenant, prefix), true)
                .count();
    }

    TreeMap<FullKey, Row> table(Table table) {
        return MemoryState.table(state.tables(), table);
    }

    private List<StoredEvent> events(Tenant tenant, StreamId stream) {
        return state.parts().stream()
                .flatMap(part -> Stream.ofNullable(part.streams().get(new StreamKey(tenant, stream))))
                .findFirst()
                .orElse(List.of());
    }
}
