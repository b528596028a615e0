package io.cairn.bus;

import io.cairn.event.Appended;
import io.cairn.event.Event;
import io.cairn.event.EventLog;
import io.cairn.event.Unit;
import io.cairn.row.Row;
import io.cairn.row.RowChange;
import io.cairn.row.RowExpectation;
import io.cairn.task.Tasks;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Lets each endpoint follow the log: what it wants becomes tasks, in one unit of work with its place in the log.
///
/// The unit expects the place to be where it was read. So every node may do this at any time, and of two that do it at
/// once one is refused: each event becomes one task for an endpoint. Endpoints that are off or failing stay where they
/// are, and the log holds what they will be sent.
public final class Dispatcher {
    private static final int PAGE = 500;
    private static final String ACTOR = "webhooks";

    /// How far an endpoint that wants nothing of what it saw goes on before its place is written down.
    private static final long UNWRITTEN_MAX = 20_000;

    /// Leaves room for what a task holds besides.
    private static final int BODY_BYTES_MAX = 200 * 1024;

    private final EventLog log;
    private final Tasks tasks;
    private final Deliveries deliveries;
    private final WebhookSettings settings;
    private final Map<Place, Seen> seen = new HashMap<>();

    private record Place(Tenant tenant, String endpoint) {}

    /// Up to where an endpoint is known to want nothing, counted from its place.
    private record Seen(long from, long upTo) {}

    private record Found(List<Event> events, long head) {}

    public Dispatcher(EventLog log, Tasks tasks, Deliveries deliveries, WebhookSettings settings) {
        this.log = log;
        this.tasks = tasks;
        this.deliveries = deliveries;
        this.settings = settings;
    }

    /// Lets every endpoint go on by a page.
    ///
    /// @return whether there is more to do at once
    public boolean step() {
        boolean more = false;
        Set<Place> known = new HashSet<>();
        for (var tenant : log.feed().tenants(WebhookTables.ENDPOINT)) {
            for (var row : log.read(tenant, Endpoints::rows)) {
                known.add(new Place(tenant, row.text("id")));
                if (row.text("status").equals(Endpoint.Status.ACTIVE.text())) {
                    more |= goOn(tenant, row);
                }
            }
        }
        seen.keySet().retainAll(known);
        return more;
    }

    private boolean goOn(Tenant tenant, Row row) {
        var place = new Place(tenant, row.text("id"));
        long head = log.head(log.partition(tenant)).number();
        // A log that was moved numbers its events anew, so that a place in the former one means nothing.
        if (!row.text("epoch").equals(log.epoch())) {
            move(new Context(tenant, ACTOR, row.text("id")), row, head, List.of());
            return false;
        }
        long position = row.number("position");
        var before = seen.get(place);
        long from = before != null && before.from() == position ? before.upTo() : position;
        if (from >= head) {
            return false;
        }
        var found = log.read(
                tenant, view -> new Found(view.after(from, PAGE), view.head().number()));
        var wanted = Wanted.read(row.text("pattern"), row.text("conditions"));
        var matching = found.events().stream()
                .filter(wanted::in)
                .limit(settings.batchMax())
                .toList();
        long upTo = matching.size() == settings.batchMax()
                ? matching.getLast().position().number()
                : found.events().size() == PAGE
                        ? found.events().getLast().position().number()
                        : found.head();
        if (matching.isEmpty() && upTo - position < UNWRITTEN_MAX) {
            seen.put(place, new Seen(position, upTo));
        } else {
            move(new Context(tenant, ACTOR, row.text("id")), row, upTo, matching);
        }
        return upTo < found.head();
    }

    private void move(Context context, Row row, long upTo, List<Event> events) {
        var id = row.text("id");
        var expectations = new ArrayList<RowExpectation>();
        expectations.add(unchanged(row, "position"));
        expectations.add(unchanged(row, "status"));
        var rows = new ArrayList<RowChange>();
        rows.add(new RowChange.Put(
                WebhookTables.ENDPOINT.row(Map.of("id", id, "epoch", log.epoch(), "position", upTo)),
                WebhookTables.ENDPOINT.values().stream()
                        .map(column -> column.name())
                        .filter(name -> !name.equals("epoch") && !name.equals("position"))
                        .collect(Collectors.toSet())));
        for (var event : events) {
            var enqueued = tasks.enqueue(
                    new Context(context.tenant(), ACTOR, event.correlation()),
                    deliveries.task(id, event, BODY_BYTES_MAX));
            expectations.addAll(enqueued.expectations());
            rows.addAll(enqueued.rows());
        }
        switch (log.append(new Unit(context, List.of(), expectations, rows))) {
            case Appended.Written written -> {}
            // Another node was faster, or the endpoint was changed: the next step finds it as it is now.
            case Appended.Unmet unmet -> {}
            case Appended.Conflict other -> throw unexpected(other);
            case Appended.Duplicate other -> throw unexpected(other);
            case Appended.Refused other -> throw unexpected(other);
        }
    }

    private static IllegalStateException unexpected(Appended outcome) {
        return new IllegalStateException("Enqueueing webhooks came to " + outcome);
    }

    private static RowExpectation unchanged(Row row, String column) {
        return new RowExpectation.Cell(WebhookTables.ENDPOINT, row.key(), column, row.cell(column));
    }
}
