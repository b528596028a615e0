package io.cairn.saga;

import io.cairn.event.EventLog;
import io.cairn.event.TenantView;
import io.cairn.event.Times;
import io.cairn.feature.Feature;
import io.cairn.follow.Reaction;
import io.cairn.row.Row;
import io.cairn.row.RowKey;
import io.cairn.task.Tasks;
import io.cairn.tenant.Tenant;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The sagas that there are, as those see them who look at them.
public final class Sagas {
    private static final int PAGE = 500;
    private static final List<SagaStatus> UNDER_WAY =
            List.of(SagaStatus.PENDING, SagaStatus.RUNNING, SagaStatus.COMPENSATING);

    private final EventLog log;
    private final SagaTypes types;

    public Sagas(EventLog log, SagaTypes types) {
        this.log = log;
        this.types = types;
    }

    public static Feature feature() {
        return Feature.named("sagas").tables(SagaTables.all());
    }

    /// What starts sagas and tells them of events: one reaction for each type.
    public List<Reaction> reactions(Tasks tasks) {
        return types.all().stream()
                .<Reaction>map(type -> new SagaReaction(type, log, tasks))
                .toList();
    }

    public SagaTypes types() {
        return types;
    }

    /// The sagas that are wanted: of a status, of a type, or of any.
    public record Filter(
            @Nullable SagaStatus status, @Nullable String type) {
        public static Filter all() {
            return new Filter(null, null);
        }

        public static Filter of(SagaStatus status) {
            return new Filter(status, null);
        }
    }

    /// A place in a list of sagas, which goes on behind it.
    public record Place(Instant startedAt, UUID id) {
        public static Place of(Saga saga) {
            return new Place(saga.startedAt(), saga.id());
        }
    }

    public Optional<Saga> find(Tenant tenant, UUID id) {
        return log.read(tenant, view -> row(view, id.toString()).map(Saga::of));
    }

    /// The saga of a type that is about something.
    public Optional<Saga> find(Tenant tenant, String type, String correlation) {
        return find(tenant, SagaErrands.saga(type, correlation));
    }

    private static Optional<Row> row(TenantView view, String id) {
        return view.row(SagaTables.SAGA, SagaTables.SAGA.key(id));
    }

    /// Sagas in the order in which they were started.
    public List<Saga> list(Tenant tenant, Filter filter, @Nullable Place after, int limit) {
        return log.read(tenant, view -> {
            var ids = listings(filter)
                    .flatMap(listing -> listed(view, listing, after, limit))
                    .sorted(Comparator.<Row>comparingLong(row -> row.number("started_at"))
                            .thenComparing(row -> row.text("id")))
                    .limit(limit)
                    .map(Sagas::keyOfListed)
                    .toList();
            return ordered(ids, view.rows(SagaTables.SAGA, ids));
        });
    }

    private static List<Saga> ordered(List<RowKey> ids, List<Row> rows) {
        var byKey = new LinkedHashMap<RowKey, Row>();
        rows.forEach(row -> byKey.put(row.key(), row));
        return ids.stream().map(byKey::get).map(Saga::of).toList();
    }

    private Stream<String> listings(Filter filter) {
        var statuses = filter.status() == null ? Arrays.asList(SagaStatus.values()) : List.of(filter.status());
        return statuses.stream()
                .flatMap(status -> types.all().stream()
                        .map(SagaType::name)
                        .filter(type -> filter.type() == null || type.equals(filter.type()))
                        .map(type -> SagaTables.listing(status, type)));
    }

    private static Stream<Row> listed(TenantView view, String listing, @Nullable Place after, int limit) {
        var from = after == null
                ? null
                : SagaTables.LISTED.key(
                        listing, Times.micros(after.startedAt()), after.id().toString());
        return view.rows(SagaTables.LISTED, SagaTables.LISTED.key(listing), from, limit).stream();
    }

    /// Under which [counts][#counts] has the sagas of a status and type.
    public static String listing(SagaStatus status, SagaType type) {
        return SagaTables.listing(status, type.name());
    }

    /// How many sagas of all tenants there are, by status and type.
    public Map<String, Long> counts() {
        return log.feed().read(snapshot -> snapshot.counts(SagaTables.LISTED));
    }

    /// Refuses to begin while a saga is under way that this process could not take on.
    ///
    /// @throws UnknownSagaException that names it, and what is missing
    public void requireAllKnown() {
        var underWay = counts().keySet().stream()
                .filter(listing -> UNDER_WAY.stream().anyMatch(status -> listing.startsWith(status.text() + "/")))
                .toList();
        for (var tenant : log.feed().tenants(SagaTables.LISTED)) {
            underWay.forEach(listing -> requireKnown(tenant, listing));
        }
    }

    private void requireKnown(Tenant tenant, String listing) {
        var page = List.<Row>of();
        do {
            var after = page.isEmpty() ? null : page.getLast().key();
            page = log.read(tenant, view -> {
                var listed = view.rows(SagaTables.LISTED, SagaTables.LISTED.key(listing), after, PAGE);
                view.rows(
                                SagaTables.SAGA,
                                listed.stream().map(Sagas::keyOfListed).toList())
                        .forEach(this::requireKnown);
                return listed;
            });
        } while (page.size() == PAGE);
    }

    private static RowKey keyOfListed(Row listed) {
        return SagaTables.SAGA.key(listed.text("id"));
    }

    private void requireKnown(Row saga) {
        int version = (int) saga.number("state_version");
        var why = types.find(saga.text("type"))
                .map(type -> type.reads(version) ? "" : type.cannotGoOn(version))
                .orElse("there is no saga of this type");
        if (!why.isEmpty()) {
            throw new UnknownSagaException(
                    "Saga %s/%s is %s and cannot go on: %s. Start with the code that knows it, or add a migration"
                            .formatted(saga.text("type"), saga.text("correlation"), saga.text("status"), why));
        }
    }
}
