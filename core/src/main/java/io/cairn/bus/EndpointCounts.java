package io.cairn.bus;

import io.cairn.event.EventLog;
import io.cairn.event.ReadSnapshot;
import io.cairn.row.RowKey;
import io.cairn.tenant.Tenant;
import java.util.List;
import java.util.stream.Stream;

/// How the endpoints of all tenants fare: for an operator, never for a door.
public final class EndpointCounts {
    private record Fares(Endpoint.Status status, long behind) {}

    private final List<Fares> all;

    private EndpointCounts(List<Fares> all) {
        this.all = all;
    }

    public static EndpointCounts of(EventLog log) {
        return log.feed()
                .read(snapshot -> new EndpointCounts(snapshot.tenants(WebhookTables.ENDPOINT).stream()
                        .flatMap(tenant -> fares(log, snapshot, tenant))
                        .toList()));
    }

    private static Stream<Fares> fares(EventLog log, ReadSnapshot snapshot, Tenant tenant) {
        long head = snapshot.head(log.partition(tenant)).number();
        return snapshot.rows(tenant, WebhookTables.ENDPOINT, new RowKey(List.of()), null, Endpoints.MAX).stream()
                .map(Endpoint::of)
                .map(endpoint -> new Fares(endpoint.status(), Math.max(0, head - endpoint.position())));
    }

    public long count(Endpoint.Status status) {
        return all.stream().filter(each -> each.status() == status).count();
    }

    /// How many events the log has behind the place of that endpoint which is furthest behind.
    public long behindMost(Endpoint.Status status) {
        return all.stream()
                .filter(each -> each.status() == status)
                .mapToLong(Fares::behind)
                .max()
                .orElse(0);
    }
}
