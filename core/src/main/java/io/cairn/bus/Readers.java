package io.cairn.bus;

import io.cairn.event.Appended;
import io.cairn.event.Event;
import io.cairn.event.EventLog;
import io.cairn.event.EventPattern;
import io.cairn.event.Ids;
import io.cairn.event.Names;
import io.cairn.event.TenantView;
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
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The durable subscriptions of tenants.
///
/// A reader gets events in the order of the log, and gets them again until it has acknowledged them: each at least
/// once, also when it or the server dies in between. A stream of which it cannot deal with an event it
/// [puts aside][ParkedStreams], and goes on with the others.
public final class Readers {
    private static final int MAX = 1000;
    private static final int SCAN = 1000;

    /// Where few events match, a page ends early rather than reading a whole log.
    private static final int SCANNED_MAX = 20_000;

    /// Up to so many events the lag is counted.
    public static final int LAG_MAX = 10_000;

    private final EventLog log;
    private final Ids ids;
    private final ParkedStreams parked;

    public Readers(EventLog log, Ids ids) {
        this.log = log;
        this.ids = ids;
        this.parked = new ParkedStreams(log, ids);
    }

    /// The streams that they have put aside.
    public ParkedStreams parked() {
        return parked;
    }

    /// Events that a reader has not acknowledged.
    ///
    /// @param upTo what to acknowledge once they are dealt with, also where there are none
    /// @param again what to acknowledge instead, if the events are of a stream that was parked and comes again
    /// @param more whether there may be more at once
    public record Page(List<Event> events, long upTo, ParkedStreams.@Nullable ComingAgain again, boolean more) {
        public Page {
            events = List.copyOf(events);
        }

        private Page(List<Event> events, long upTo, boolean more) {
            this(events, upTo, null, more);
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
        return readers(tenant, view -> view.rows(WebhookTables.SUBSCRIPTION, new RowKey(List.of()), null, MAX));
    }

    public Optional<Reader> find(Tenant tenant, String name) {
        return readers(tenant, view -> row(view, name).stream().toList()).stream()
                .findFirst();
    }

    private List<Reader> readers(Tenant tenant, Function<TenantView, List<Row>> some) {
        return log.read(tenant, view -> {
            var rows = some.apply(view);
            var places = rows.stream().map(this::place).collect(Collectors.toSet());
            var behind = view.behind(places, LAG_MAX);
            var parkedEach = rows.isEmpty() ? Map.<String, Long>of() : ParkedStreams.counts(view);
            return rows.stream()
                    .map(row -> Reader.of(
                            row,
                            place(row),
                            behind.getOrDefault(place(row), 0L),
                            parkedEach.getOrDefault(row.text("name"), 0L)))
                    .toList();
        });
    }

    /// The lag of that subscription of all tenants which is furthest behind: for an operator.
    public long lagMost() {
        return log.feed().tenants(WebhookTables.SUBSCRIPTION).stream()
                .mapToLong(tenant -> log.<Long, RuntimeException>operation(
                        () -> "the lag of subscriptions", 1, () -> lagMost(tenant)))
                .max()
                .orElse(0);
    }

    private long lagMost(Tenant tenant) {
        return log.<Long>read(
                tenant,
                view -> view.rows(WebhookTables.SUBSCRIPTION, new RowKey(List.of()), null, MAX).stream()
                        .map(this::place)
                        .min(Long::compare)
                        .map(place -> view.behind(Set.of(place), LAG_MAX).getOrDefault(place, 0L))
                        .orElse(0L));
    }

    /// A log that was moved numbers its events anew: nothing of it was acknowledged.
    private long place(Row row) {
        return row.text("epoch").equals(log.epoch()) ? row.number("position") : 0;
    }

    private static Optional<Row> row(TenantView view, String name) {
        return view.row(WebhookTables.SUBSCRIPTION, WebhookTables.SUBSCRIPTION.key(name));
    }

    private Optional<Row> row(Tenant tenant, String name) {
        return log.read(tenant, view -> row(view, name));
    }

    /// What comes next for a reader: of streams that were parked and come again, before anything else.
    public Page next(Context context, Reader reader, int limit) {
        var page = page(context.tenant(), reader, limit);
        for (int scanned = 0;
                page.again() != null && page.events().isEmpty() && scanned < SCANNED_MAX;
                scanned += SCAN) {
            // Nothing in this part is wanted, so there is nothing that the reader could acknowledge.
            parked.acknowledge(context, reader.name(), page.again());
            page = page(context.tenant(), reader, limit);
        }
        return page;
    }

    private Page page(Tenant tenant, Reader reader, int limit) {
        return log.read(tenant, view -> {
            var held = ParkedStreams.of(view, reader.name());
            return held.again(view, limit)
                    .map(again -> new Page(
                            again.events().stream().filter(reader.wanted()::in).toList(),
                            reader.position(),
                            again.part(),
                            true))
                    .orElseGet(() -> page(view, held, reader, limit));
        });
    }

    private static Page page(TenantView view, ParkedStreams.Held held, Reader reader, int limit) {
        var events = new ArrayList<Event>();
        long from = reader.position();
        for (int scanned = 0; scanned < SCANNED_MAX; scanned += SCAN) {
            var found = view.after(from, SCAN);
            for (var event : found) {
                if (reader.wanted().in(event) && !held.holds(event)) {
                    events.add(event);
                }
                if (events.size() == limit) {
                    return new Page(events, event.position().number(), true);
                }
            }
            if (found.size() < SCAN) {
                return new Page(events, Math.max(from, view.head().number()), false);
            }
            from = found.getLast().position().number();
        }
        return new Page(events, from, true);
    }

    /// Takes note that a reader has dealt with part of a stream that comes again.
    ///
    /// @return the reader as it then is; empty if there is none of this name
    public Optional<Reader> acknowledge(Context context, String name, ParkedStreams.ComingAgain part) {
        parked.acknowledge(context, name, part);
        return find(context.tenant(), name);
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
            if (place(row.get()) >= upTo) {
                return find(context.tenant(), name);
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
        found.ifPresent(row -> {
            var changes = new ArrayList<>(ParkedStreams.forget(name));
            changes.add(new RowChange.Remove(WebhookTables.SUBSCRIPTION, row.key()));
            log.append(Unit.rows(context, changes));
        });
        return found.isPresent();
    }
}
