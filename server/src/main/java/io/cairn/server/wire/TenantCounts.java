package io.cairn.server.wire;

import io.cairn.bus.ParkedStreams;
import io.cairn.event.EventLog;
import io.cairn.knowledge.DocumentRows;
import io.cairn.memory.Conversations;
import io.cairn.task.DeadLetters;
import io.cairn.tenant.Tenant;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/// How much a tenant has stored; counted anew after a few seconds, since a database counts by reading.
@Component
final class TenantCounts {
    private static final Duration KEPT = Duration.ofSeconds(5);

    private record Counted(Map<String, Long> counts, Instant at) {}

    private final EventLog log;
    private final Conversations conversations;
    private final Clock clock;
    private final Map<Tenant, Counted> counted = new ConcurrentHashMap<>();

    TenantCounts(EventLog log, Conversations conversations, Clock clock) {
        this.log = log;
        this.conversations = conversations;
        this.clock = clock;
    }

    Map<String, Long> of(Tenant tenant) {
        var now = clock.instant();
        var known = counted.get(tenant);
        if (known != null && now.isBefore(known.at().plus(KEPT))) {
            return known.counts();
        }
        var counts = count(tenant);
        counted.put(tenant, new Counted(counts, now));
        return counts;
    }

    /// A deleted document holds no content any more.
    private Map<String, Long> count(Tenant tenant) {
        var tally = conversations.count(tenant);
        long documents = log.read(tenant, view -> view.count(DocumentRows.CONTENT));
        long dead = DeadLetters.count(log, tenant);
        return Map.of(
                "conversations", tally.rows(),
                "messages", tally.sum(),
                "documents", documents,
                "dead_letters", dead,
                "parked_streams", ParkedStreams.count(log, tenant));
    }
}
