package io.cairn.bus;

import io.cairn.event.EventLog;
import io.cairn.event.ReadSnapshot;
import io.cairn.row.RowKey;
import io.cairn.tenant.Tenant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// How the endpoints of all tenants fare: for an operator, never for a door.
public final class EndpointCounts {
    private static final Set<RowKey> ALL = Set.of(new RowKey(List.of()));

    private final List<Fares> endpoints;

    private record Fares(Endpoint.Status status, long behind) {}

    private EndpointCounts(List<Fares> endpoints) {
        this.endpoints = endpoints;
    }

    public static EndpointCounts of(EventLog log) {
        return log.feed().read(snapshot -> {
            var tenants = snapshot.tenants(WebhookTables.ENDPOINT);
            return new EndpointCounts(tenants.isEmpty() ? List.of() : fares(log, snapshot, tenants));
        });
    }

    private static List<Fares> fares(EventLog log, ReadSnapshot snapshot, List<Tenant> tenants) {
        var heads = snapshot.heads();
        Map<Tenant, Set<RowKey>> asked = tenants.stream().collect(Collectors.toMap(tenant -> tenant, tenant -> ALL));
        return snapshot.first(WebhookTables.ENDPOINT, asked, null, Endpoints.MAX).entrySet().stream()
                .flatMap(each -> {
                    long head = heads.get(log.partition(each.getKey())).number();
                    return each.getValue().stream().map(Endpoint::of).map(endpoint -> fares(endpoint, head));
                })
                .toList();
    }

    private static Fares fares(Endpoint endpoint, long head) {
        return new Fares(endpoint.status(), Math.max(0, head - endpoint.position()));
    }

    public long count(Endpoint.Status status) {
        return of(status).count();
    }

    /// How many events the log has behind the place of that endpoint which is furthest behind.
    public long behindMost(Endpoint.Status status) {
        return of(status).mapToLong(Fares::behind).max().orElse(0);
    }

    private Stream<Fares> of(Endpoint.Status status) {
        return endpoints.stream().filter(endpoint -> endpoint.status() == status);
    }
}
