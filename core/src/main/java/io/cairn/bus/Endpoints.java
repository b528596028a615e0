package io.cairn.bus;

import io.cairn.event.Appended;
import io.cairn.event.EventLog;
import io.cairn.event.EventType;
import io.cairn.event.Expected;
import io.cairn.event.Ids;
import io.cairn.event.NewEvent;
import io.cairn.event.StreamAppend;
import io.cairn.event.StreamId;
import io.cairn.event.TenantView;
import io.cairn.event.Times;
import io.cairn.event.Unit;
import io.cairn.row.Row;
import io.cairn.row.RowChange;
import io.cairn.row.RowExpectation;
import io.cairn.row.RowKey;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;

/// The endpoints of tenants: made, changed and switched off, each time with an event that says so.
///
/// An endpoint that is off keeps its place in the log. What it would have been sent is held there and nowhere else, and
/// is sent from that place on when it is switched on again.
public final class Endpoints {
    static final String STREAM = "cairn-webhook";
    static final int MAX = 100;

    /// What happens to endpoints.
    public enum Happened {
        CREATED,
        CHANGED,
        SECRET_ROTATED,
        ENABLED,
        DISABLED,
        DELETED;

        public EventType type() {
            return new EventType("cairn.webhook." + name().toLowerCase(Locale.ROOT));
        }
    }

    private final EventLog log;
    private final Sender sender;
    private final Ids ids;
    private final RandomGenerator random;
    private final Duration formerSecret;

    /// @param formerSecret how long a secret is still good after another has replaced it
    public Endpoints(EventLog log, Sender sender, Ids ids, RandomGenerator random, Duration formerSecret) {
        this.log = log;
        this.sender = sender;
        this.ids = ids;
        this.random = random;
        this.formerSecret = formerSecret;
    }

    public List<Endpoint> list(Tenant tenant) {
        return log.read(tenant, Endpoints::rows).stream().map(Endpoint::of).toList();
    }

    public Optional<Endpoint> find(Tenant tenant, String id) {
        return log.read(tenant, view -> row(view, id)).map(Endpoint::of);
    }

    static List<Row> rows(TenantView view) {
        return view.rows(WebhookTables.ENDPOINT, new RowKey(List.of()), null, MAX);
    }

    static Optional<Row> row(TenantView view, String id) {
        return view.row(WebhookTables.ENDPOINT, WebhookTables.ENDPOINT.key(id));
    }

    /// Makes one that is told of what is appended from now on.
    ///
    /// @param secret null if one is to be made
    public EndpointChanged create(Context context, URI url, Wanted wanted, @Nullable WebhookSecret secret) {
        var refused = refusal(url);
        if (refused.isPresent()) {
            return refused.get();
        }
        if (log.read(context.tenant(), view -> view.count(WebhookTables.ENDPOINT)) >= MAX) {
            return new EndpointChanged.Refused("url", "a tenant has at most %d endpoints".formatted(MAX));
        }
        var id = ids.next().toString();
        var chosen = secret == null ? WebhookSecret.random(random) : secret.requireStandard();
        var cells = new HashMap<String, @Nullable Object>();
        cells.put("id", id);
        cells.put("url", url.toString());
        cells.put("pattern", wanted.pattern().text());
        cells.put("conditions", wanted.conditionsText());
        cells.put("status", Endpoint.Status.ACTIVE.text());
        cells.put("epoch", log.epoch());
        cells.put("position", log.head(log.partition(context.tenant())).number());
        cells.put("created_at", Times.micros(ids.now()));
        return write(context, cells, EndpointSecrets.of(chosen), Happened.CREATED, "", List.of())
                        instanceof Appended.Written
                ? new EndpointChanged.Secret(Endpoint.of(WebhookTables.ENDPOINT.row(cells)), chosen)
                : new EndpointChanged.Raced();
    }

    private Optional<EndpointChanged> refusal(URI url) {
        return sender.refusal(url).map(why -> new EndpointChanged.Refused("url", why));
    }

    /// @param url null if it stays
    /// @param wanted null if it stays
    public EndpointChanged change(Context context, String id, @Nullable URI url, @Nullable Wanted wanted) {
        var refused = url == null ? Optional.<EndpointChanged>empty() : refusal(url);
        return refused.orElseGet(() -> edit(context, id, Happened.CHANGED, "", cells -> {
            if (url != null) {
                cells.put("url", url.toString());
            }
            if (wanted != null) {
                cells.put("pattern", wanted.pattern().text());
                cells.put("conditions", wanted.conditionsText());
            }
        }));
    }

    /// Sends again, beginning with what was held.
    public EndpointChanged enable(Context context, String id) {
        return edit(context, id, Happened.ENABLED, "", cells -> {
            cells.put("status", Endpoint.Status.ACTIVE.text());
            cells.remove("reason");
            cells.remove("failing_since");
        });
    }

    /// Sends nothing more, and holds what there would be to send.
    public EndpointChanged disable(Context context, String id, String reason) {
        return edit(context, id, Happened.DISABLED, reason, off(reason));
    }

    /// Switches one off that has been failing too long, unless somebody else has.
    ///
    /// @return whether it was this one who did
    boolean giveUp(Context context, String id, String reason) {
        return log.read(context.tenant(), view -> row(view, id))
                .filter(row -> !row.text("status").equals(Endpoint.Status.DISABLED.text()))
                .map(row -> edit(context, row, Happened.DISABLED, reason, off(reason)))
                .filter(changed -> changed instanceof EndpointChanged.Changed)
                .isPresent();
    }

    private static Edit off(String reason) {
        return cells -> {
            cells.put("status", Endpoint.Status.DISABLED.text());
            cells.put("reason", reason);
        };
    }

    /// Writes down that an endpoint fails, and since when; nothing if that is already known.
    void noteFailing(Context context, String id, String reason, Instant since) {
        note(context, id, Endpoint.Status.FAILING, Map.of("reason", reason, "failing_since", Times.micros(since)));
    }

    /// Writes down that an endpoint does not fail any more; nothing if that is already known.
    void noteActive(Context context, String id) {
        note(context, id, Endpoint.Status.ACTIVE, Map.of());
    }

    private void note(Context context, String id, Endpoint.Status status, Map<String, Object> why) {
        log.read(context.tenant(), view -> row(view, id))
                .filter(row -> !row.text("status").equals(Endpoint.Status.DISABLED.text())
                        && !row.text("status").equals(status.text()))
                .ifPresent(row -> {
                    var cells = new HashMap<String, @Nullable Object>(why);
                    cells.put("id", id);
                    cells.put("status", status.text());
                    var changed = new RowChange.Put(
                            WebhookTables.ENDPOINT.row(cells),
                            Set.of(
                                    "url",
                                    "pattern",
                                    "conditions",
                                    "epoch",
                                    "position",
                                    "created_at",
                                    "key_id",
                                    "secrets"));
                    log.append(new Unit(context, List.of(), List.of(unchanged(row, "status")), List.of(changed)));
                });
    }

    private interface Edit {
        void of(Map<String, @Nullable Object> cells);
    }

    private EndpointChanged edit(Context context, String id, Happened happened, String reason, Edit edit) {
        return log.read(context.tenant(), view -> row(view, id))
                .map(row -> edit(context, row, happened, reason, edit))
                .orElseGet(EndpointChanged.Missing::new);
    }

    private EndpointChanged edit(Context context, Row row, Happened happened, String reason, Edit edit) {
        var cells = cells(row);
        edit.of(cells);
        // The place in the log is the dispatcher's to change.
        var changed = new RowChange.Put(WebhookTables.ENDPOINT.row(cells), Set.of("epoch", "position"));
        var outcome = log.append(new Unit(
                context,
                List.of(said(row.text("id"), happened, String.valueOf(cells.get("url")), reason)),
                unchanged(row),
                List.of(changed)));
        return outcome instanceof Appended.Written
                ? new EndpointChanged.Changed(Endpoint.of(WebhookTables.ENDPOINT.row(cells)))
                : new EndpointChanged.Raced();
    }

    /// A new secret signs from now on, and the former one signs too for a while.
    public EndpointChanged rotate(Context context, String id, @Nullable WebhookSecret secret) {
        var chosen = secret == null ? WebhookSecret.random(random) : secret.requireStandard();
        record Known(Row row, EndpointSecrets secrets) {}
        var found = log.read(
                context.tenant(),
                view -> row(view, id)
                        .map(row -> new Known(
                                row,
                                EndpointSecrets.opened(view, log, row).orElseGet(() -> EndpointSecrets.of(chosen)))));
        if (found.isEmpty()) {
            return new EndpointChanged.Missing();
        }
        var row = found.get().row();
        var outcome = write(
                context,
                cells(row),
                found.get().secrets().replacedBy(chosen, ids.now().plus(formerSecret)),
                Happened.SECRET_ROTATED,
                "",
                unchanged(row));
        return outcome instanceof Appended.Written
                ? new EndpointChanged.Secret(Endpoint.of(row), chosen)
                : new EndpointChanged.Raced();
    }

    private Appended write(
            Context context,
            Map<String, @Nullable Object> cells,
            EndpointSecrets secrets,
            Happened happened,
            String reason,
            List<RowExpectation> expectations) {
        var id = String.valueOf(cells.get("id"));
        var sealed = secrets.sealed(log, context.tenant(), id);
        cells.put("key_id", sealed.keyId().toString());
        cells.put("secrets", sealed.bytes());
        var rows = new ArrayList<>(sealed.rows());
        rows.add(new RowChange.Put(
                WebhookTables.ENDPOINT.row(cells),
                happened == Happened.CREATED ? Set.of() : Set.of("epoch", "position")));
        return log.append(new Unit(
                context, List.of(said(id, happened, String.valueOf(cells.get("url")), reason)), expectations, rows));
    }

    /// Forgets it, with what was held for it.
    public EndpointChanged delete(Context context, String id) {
        var found = log.read(context.tenant(), view -> row(view, id));
        if (found.isEmpty()) {
            return new EndpointChanged.Missing();
        }
        var outcome = log.append(new Unit(
                context,
                List.of(said(id, Happened.DELETED, found.get().text("url"), "")),
                List.of(),
                List.of(new RowChange.Remove(WebhookTables.ENDPOINT, WebhookTables.ENDPOINT.key(id)))));
        return outcome instanceof Appended.Written
                ? new EndpointChanged.Changed(Endpoint.of(found.get()))
                : new EndpointChanged.Raced();
    }

    private StreamAppend said(String id, Happened happened, String url, String reason) {
        var payload = JsonNodeFactory.instance.objectNode().put("endpoint", id).put("url", url);
        if (!reason.isEmpty()) {
            payload.put("reason", reason);
        }
        var event = new NewEvent(ids.next(), happened.type(), 1, EndpointSecrets.subject(id), payload, ids.now(), null);
        return new StreamAppend(new StreamId(STREAM, id), Expected.any(), List.of(event));
    }

    private static List<RowExpectation> unchanged(Row row) {
        return List.of(unchanged(row, "url"), unchanged(row, "status"), unchanged(row, "secrets"));
    }

    private static RowExpectation unchanged(Row row, String column) {
        return new RowExpectation.Cell(WebhookTables.ENDPOINT, row.key(), column, row.cell(column));
    }

    private static Map<String, @Nullable Object> cells(Row row) {
        var cells = new HashMap<String, @Nullable Object>();
        WebhookTables.ENDPOINT.columns().forEach(column -> cells.put(column.name(), row.cell(column.name())));
        return cells;
    }
}
