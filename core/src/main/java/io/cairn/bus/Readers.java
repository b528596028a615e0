package io.cairn.bus;

import io.cairn.event.Appended;
import io.cairn.event.Event;
import io.cairn.event.EventLog;
import io.cairn.event.EventPattern;
import io.cairn.event.Ids;
import io.cairn.event.Names;
import io.cairn.event.Times;
import io.cairn.event.Unit;
import io.cairn.row.Row;
import io.cairn.row.RowChange;
import io.cairn.row.RowExpectation;
import io.cairn.row.RowKey;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The durable subscriptions of tenants.
///
/// A reader gets events in the order of the log, and gets them again until it has acknowledged them: each at least
/// once, also when it or the server dies in between.
public final class Readers {
    private static final int MAX = 1000;
    private static final int SCAN = 1000;

    /// Where few events match, a page ends early rather than reading a whole log.
    private static final int SCANNED_MAX = 20_000;

    private final EventLog log;
    private final Ids ids;

    public Readers(EventLog log, Ids ids) {
        this.log = log;
        this.ids = ids;
    }

    /// Events that a reader has not acknowledged.
    ///
    /// @param upTo what to acknowledge once they are dealt with, also where there are none
    /// @param more whether there may be more at once
    public record Page(List<Event> events, long upTo, boolean more) {
        public Page {
            events = List.copyOf(events);
        }
    }

    /// Makes a reader that begins after a place in the log; one of this name stays as it is.
    ///
    /// @return whether it is new, or the same as before
    public boolean create(Context context, String name, EventPattern pattern, long after) {
        Names.id("subscription", name);
        var key = WebhookTables.SUBSCRIPTION.key(name);
        var row = WebhookTables.SUBSCRIPTION.row(Map.of(
                "name",
                name,
                "pattern",
                pattern.text(),
                "epoch",
                log.epoch(),
                "position",
                after,
                "created_at",
                Times.micros(ids.now())));
        var outcome = log.append(new Unit(
                context,
                List.of(),
                List.of(new RowExpectation.Absent(WebhookTables.SUBSCRIPTION, key)),
                List.of(new RowChange.Put(row))));
        return outcome instanceof Appended.Written
                || row(context.tenant(), name)
                        .filter(found -> found.text("pattern").equals(pattern.text()))
                        .isPresent();
    }

    public List<Reader> list(Tenant tenant) {
        long head = head(tenant);
        return log
                .read(
                        tenant,
                        view -> new ArrayList<>(
                                view.rows(WebhookTables.SUBSCRIPTION, new RowKey(List.of()), null, MAX)))
                .stream()
                .map(row -> Reader.of(row, log.epoch(), head))
                .toList();
    }

    public Optional<Reader> find(Tenant tenant, String name) {
        return row(tenant, name).map(row -> Reader.of(row, log.epoch(), head(tenant)));
    }

    private Optional<Row> row(Tenant tenant, String name) {
        return log.read(tenant, view -> view.row(WebhookTables.SUBSCRIPTION, WebhookTables.SUBSCRIPTION.key(name)));
    }

    private long head(Tenant tenant) {
        return log.head(log.partition(tenant)).number();
    }

    /// What comes next for a reader.
    public Page next(Tenant tenant, Reader reader, int limit) {
        var events = new ArrayList<Event>();
        long from = reader.position();
        for (int scanned = 0; scanned < SCANNED_MAX; scanned += SCAN) {
            long position = from;
            record Found(List<Event> events, long head) {}
            var found = log.read(
                    tenant,
                    view -> new Found(view.after(position, SCAN), view.head().number()));
            for (var event : found.events()) {
                if (reader.wanted().in(event)) {
                    events.add(event);
                }
                if (events.size() == limit) {
                    return new Page(events, event.position().number(), true);
                }
            }
            if (found.events().size() < SCAN) {
                return new Page(events, Math.max(position, found.head()), false);
            }
            from = found.events().getLast().position().number();
        }
        return new Page(events, from, true);
    }

    /// Takes note that a reader has dealt with everything up to a place. It never goes back.
    ///
    /// @return the reader as it then is; empty if there is none of this name
    public Optional<Reader> acknowledge(Context context, String name, long upTo) {
        while (true) {
            var row = row(context.tenant(), name);
            if (row.isEmpty()) {
                return Optional.empty();
            }
            var before = Reader.of(row.get(), log.epoch(), head(context.tenant()));
            if (before.position() >= upTo) {
                return Optional.of(before);
            }
            var moved = new RowChange.Put(
                    WebhookTables.SUBSCRIPTION.row(Map.of(
                            "name",
                            name,
                            "epoch",
                            log.epoch(),
                            "position",
                            upTo,
                            "acknowledged_at",
                            Times.micros(ids.now()))),
                    Set.of("pattern", "created_at"));
            var unchanged = new RowExpectation.Cell(
                    WebhookTables.SUBSCRIPTION,
                    row.get().key(),
                    "position",
                    row.get().number("position"));
            if (log.append(new Unit(context, List.of(), List.of(unchanged), List.of(moved)))
                    instanceof Appended.Written) {
                return find(context.tenant(), name);
            }
        }
    }

    /// Forgets a reader.
    ///
    /// @return whether there was one
    public boolean delete(Context context, String name) {
        var found = row(context.tenant(), name);
        found.ifPresent(row ->
                log.append(Unit.rows(context, List.of(new RowChange.Remove(WebhookTables.SUBSCRIPTION, row.key())))));
        return found.isPresent();
    }
}
