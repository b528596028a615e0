package io.cairn.bus;

import io.cairn.event.Appended;
import io.cairn.event.Event;
import io.cairn.event.EventLog;
import io.cairn.event.Ids;
import io.cairn.event.StreamId;
import io.cairn.event.StreamVersion;
import io.cairn.event.TenantView;
import io.cairn.event.Times;
import io.cairn.event.Unit;
import io.cairn.follow.Parked;
import io.cairn.follow.Skipped;
import io.cairn.follow.SkippedEvents;
import io.cairn.row.Row;
import io.cairn.row.RowChange;
import io.cairn.row.RowExpectation;
import io.cairn.row.RowKey;
import io.cairn.row.Table;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The streams that durable subscriptions have put aside, each since its reader could not deal with one of its events.
///
/// The events of such a stream wait, from that one on, and the subscription goes on with all others. An operator
/// retries the stream, so that they come again, or skips what waits.
///
/// **Why nothing is lost in between.** A page that was given out while a stream was parked lacks the stream's events
/// and may be acknowledged at any time later, so the place of the subscription does not tell which of them its reader
/// has seen. Hence a stream that is retried comes again from the event that failed to the stream's end, wherever that
/// place is, and until it has, no other page is given out. All pages that lack events of it were given out before,
/// and what they lack was in the stream by then. An event may come twice this way, as after a crash of the reader.
public final class ParkedStreams {
    private static final int REASON_LENGTH_MAX = 2000;
    private static final int AT_ONCE = 500;

    private final EventLog log;
    private final Ids ids;

    public ParkedStreams(EventLog log, Ids ids) {
        this.log = log;
        this.ids = ids;
    }

    /// As those who skip for a subscription are found among the projections' skips, whose names have no slash.
    private static String skips(String name) {
        return "subscription/" + name;
    }

    /// Puts the stream of an event aside, from that event on.
    ///
    /// @return whether there is such an event, and the subscription wants it
    public boolean park(Context context, Reader reader, UUID eventId, String reason) {
        var found = event(context.tenant(), eventId).filter(reader.wanted()::in);
        found.ifPresent(event -> {
            while (!triedToPark(context, reader.name(), event, reason)) {
                // The stream was parked, retried or skipped meanwhile, and is looked at as it is now.
            }
        });
        return found.isPresent();
    }

    private Optional<Event> event(Tenant tenant, UUID id) {
        return log.read(
                tenant,
                view -> view.find(id)
                        .flatMap(at -> view.events(List.of(new StreamVersion(at.stream(), at.version()))).stream()
                                .findFirst()));
    }

    private boolean triedToPark(Context context, String name, Event event, String reason) {
        var key = WebhookTables.PARKED.key(name, event.stream().toString());
        var before = log.read(context.tenant(), view -> view.row(WebhookTables.PARKED, key));
        long from = before.map(row -> row.number("version")).orElse(event.version());
        if (before.filter(ParkedStreams::waits).isPresent() && from <= event.version()) {
            return true;
        }
        var error = reason.substring(0, Math.min(reason.length(), REASON_LENGTH_MAX));
        var row = WebhookTables.PARKED.row(Map.of(
                "name", name,
                "key", event.stream().toString(),
                "version", Math.min(from, event.version()),
                "event_id", event.id().toString(),
                "event_type", event.type().name(),
                "error", log.concealed(event, error),
                "attempts", before.map(parked -> parked.number("attempts")).orElse(0L) + 1,
                "parked_at", Times.micros(ids.now())));
        return written(context, unchanged(key, before), List.of(new RowChange.Put(row)));
    }

    private boolean written(Context context, List<RowExpectation> expected, List<RowChange> changes) {
        return log.append(new Unit(context, List.of(), expected, changes)) instanceof Appended.Written;
    }

    private static List<RowExpectation> unchanged(RowKey key, Optional<Row> before) {
        return before.map(row -> List.<RowExpectation>of(cell(row, "version"), cell(row, "retried_at")))
                .orElseGet(() -> List.of(new RowExpectation.Absent(WebhookTables.PARKED, key)));
    }

    private static RowExpectation cell(Row row, String column) {
        return new RowExpectation.Cell(WebhookTables.PARKED, row.key(), column, row.numberOrNull(column));
    }

    /// Whether it waits for an operator.
    private static boolean waits(Row row) {
        return row.numberOrNull("retried_at") == null;
    }

    /// Those that wait for an operator, in the order of their keys.
    public List<Parked> list(Tenant tenant, String name, @Nullable String afterKey, int limit) {
        var after = afterKey == null ? null : WebhookTables.PARKED.key(name, afterKey);
        return log
                .<List<Row>>read(
                        tenant,
                        view ->
                                view
                                        .rows(
                                                WebhookTables.PARKED,
                                                WebhookTables.PARKED.key(name),
                                                after,
                                                Integer.MAX_VALUE)
                                        .stream()
                                        .filter(ParkedStreams::waits)
                                        .limit(limit)
                                        .toList())
                .stream()
                .map(row -> new Parked(
                        tenant,
                        stream(row),
                        row.number("version"),
                        UUID.fromString(row.text("event_id")),
                        row.text("event_type"),
                        log.revealed(tenant, row.text("error")),
                        row.number("attempts"),
                        Times.instant(row.number("parked_at"))))
                .toList();
    }

    /// How many streams of each subscription wait for an operator.
    static Map<String, Long> counts(TenantView view) {
        return view.rows(WebhookTables.PARKED, new RowKey(List.of()), null, Integer.MAX_VALUE).stream()
                .filter(ParkedStreams::waits)
                .collect(Collectors.groupingBy(row -> row.text("name"), Collectors.counting()));
    }

    /// How many streams of a tenant's subscriptions wait for an operator.
    public static long count(EventLog log, Tenant tenant) {
        return log.read(tenant, ParkedStreams::counts).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    /// How many streams of all tenants' subscriptions are parked or come again: for an operator, never for a door.
    public static long count(EventLog log) {
        return log.feed().read(snapshot -> snapshot.counts(WebhookTables.PARKED)).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    private static StreamId stream(Row row) {
        var key = row.text("key");
        int slash = key.indexOf('/');
        return new StreamId(key.substring(0, slash), key.substring(slash + 1));
    }

    /// Lets parked streams come again.
    ///
    /// @param key a single stream, or null for all
    /// @return how many
    public int retry(Context context, String name, @Nullable String key) {
        while (true) {
            var waiting = log.<List<Row>>read(
                    context.tenant(),
                    view -> rows(view, name).stream()
                            .filter(row -> waits(row)
                                    && (key == null || row.text("key").equals(key)))
                            .limit(AT_ONCE)
                            .toList());
            var expected = new ArrayList<RowExpectation>();
            waiting.forEach(row -> expected.addAll(unchanged(row.key(), Optional.of(row))));
            var changes = waiting.stream()
                    .map(row -> comingAgain(row, row.number("version")))
                    .toList();
            if (waiting.isEmpty() || written(context, expected, changes)) {
                return waiting.size();
            }
        }
    }

    private RowChange comingAgain(Row row, long from) {
        return changed(row, Map.of("version", from, "retried_at", ids.micros()));
    }

    private static RowChange changed(Row row, Map<String, Object> cells) {
        var all = new HashMap<String, Object>(cells);
        all.put("name", row.text("name"));
        all.put("key", row.text("key"));
        return new RowChange.Put(
                WebhookTables.PARKED.row(all),
                WebhookTables.PARKED.values().stream()
                        .map(Table.Column::name)
                        .filter(column -> !cells.containsKey(column))
                        .collect(Collectors.toSet()));
    }

    /// Gives up, for good, what waits in a stream: up to the stream's end as it is now.
    public Skipped skip(Context context, String name, String key) {
        while (true) {
            record Found(Optional<Row> row, long end) {}
            var found = log.read(context.tenant(), view -> {
                var row = view.row(WebhookTables.PARKED, WebhookTables.PARKED.key(name, key));
                return new Found(
                        row, row.map(parked -> view.version(stream(parked))).orElse(0L));
            });
            if (found.row().isEmpty() || found.row().get().number("version") > found.end()) {
                return new Skipped.NotParked();
            }
            var row = found.row().get();
            long from = row.number("version");
            var decided = new SkippedEvents(log, skips(name))
                    .change(stream(row), from, found.end(), context.actor(), ids.now());
            var changes = List.of(decided, comingAgain(row, found.end() + 1));
            if (written(context, unchanged(row.key(), found.row()), changes)) {
                return new Skipped.Done(found.end() - from + 1);
            }
        }
    }

    /// Takes note that a stream which comes again was dealt with up to a version.
    void acknowledge(Context context, String name, ComingAgain part) {
        var key = WebhookTables.PARKED.key(name, part.stream().toString());
        log.read(context.tenant(), view -> view.row(WebhookTables.PARKED, key))
                .filter(row -> Objects.equals(row.numberOrNull("retried_at"), part.since()))
                .filter(row -> row.number("version") <= part.upTo() + 1)
                .ifPresent(row -> {
                    var change = part.last()
                            ? new RowChange.Remove(WebhookTables.PARKED, key)
                            : changed(row, Map.of("version", part.upTo() + 1));
                    // If it was parked again meanwhile, it stays so.
                    written(context, unchanged(key, Optional.of(row)), List.of(change));
                });
    }

    /// Part of a stream that comes again, as it is acknowledged.
    ///
    /// @param since when an operator let it come again, in microseconds: what was given out before does not count
    /// @param last whether the stream ended there when this part was read
    public record ComingAgain(StreamId stream, long upTo, long since, boolean last) {
        private static final Pattern WIRE =
                Pattern.compile("again-([0-9]{1,18})-([0-9]{1,18})(-last)?@([^/]+)/(.+)", Pattern.DOTALL);

        /// As readers get it, and give it back.
        public String wire() {
            return "again-%d-%d%s@%s".formatted(upTo, since, last ? "-last" : "", stream);
        }

        /// @return nothing if it is something else, such as a position
        public static Optional<ComingAgain> parse(String wire) {
            var match = WIRE.matcher(wire);
            return match.matches()
                    ? Optional.of(new ComingAgain(
                            new StreamId(match.group(4), match.group(5)),
                            Long.parseLong(match.group(1)),
                            Long.parseLong(match.group(2)),
                            match.group(3) != null))
                    : Optional.empty();
        }
    }

    private static List<Row> rows(TenantView view, String name) {
        return view.rows(WebhookTables.PARKED, WebhookTables.PARKED.key(name), null, Integer.MAX_VALUE);
    }

    /// The changes that forget all of a subscription.
    static List<RowChange> forget(String name) {
        return List.of(
                new RowChange.Remove(WebhookTables.PARKED, WebhookTables.PARKED.key(name)),
                new RowChange.Remove(SkippedEvents.TABLE, SkippedEvents.TABLE.key(skips(name))));
    }

    static Held of(TenantView view, String name) {
        var parked = new LinkedHashMap<String, Row>();
        rows(view, name).forEach(row -> parked.put(row.text("key"), row));
        var skipped = view.rows(SkippedEvents.TABLE, SkippedEvents.TABLE.key(skips(name)), null, Integer.MAX_VALUE);
        return new Held(parked, skipped.stream().collect(Collectors.groupingBy(row -> row.text("key"))));
    }

    /// What is kept from the reader of one subscription, by stream, as one view has it.
    record Held(Map<String, Row> parked, Map<String, List<Row>> skipped) {
        /// The events of the first stream that is to come again.
        Optional<Again> again(TenantView view, int limit) {
            return parked.values().stream()
                    .filter(row -> !waits(row))
                    .findFirst()
                    .map(row -> again(view, row, limit));
        }

        private Again again(TenantView view, Row row, int limit) {
            var stream = stream(row);
            long from = row.number("version");
            var events = view.stream(stream, from - 1, limit);
            long upTo = events.isEmpty() ? from - 1 : events.getLast().version();
            var part = new ComingAgain(stream, upTo, row.number("retried_at"), events.size() < limit);
            return new Again(events.stream().filter(event -> !isSkipped(event)).toList(), part);
        }

        boolean holds(Event event) {
            var row = parked.get(event.stream().toString());
            return isSkipped(event) || row != null && row.number("version") <= event.version();
        }

        private boolean isSkipped(Event event) {
            return skipped.getOrDefault(event.stream().toString(), List.of()).stream()
                    .anyMatch(row -> row.number("from_version") <= event.version()
                            && event.version() <= row.number("to_version"));
        }
    }

    /// Events that come again, and how that is acknowledged.
    record Again(List<Event> events, ComingAgain part) {}
}
