package io.cairn.projection;

import io.cairn.event.Appended;
import io.cairn.event.EventLog;
import io.cairn.event.EventType;
import io.cairn.event.Expected;
import io.cairn.event.Ids;
import io.cairn.event.LogStorage;
import io.cairn.event.NewEvent;
import io.cairn.event.StreamAppend;
import io.cairn.event.StreamId;
import io.cairn.event.Unit;
import io.cairn.lease.LeaseSettings;
import io.cairn.lease.Leases;
import io.cairn.row.Row;
import io.cairn.row.RowKey;
import io.cairn.row.Table;
import io.cairn.seal.MasterKey;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A row projection on a whole log in memory: for tests of projections.
///
/// ```java
/// try (var trial = ProjectionTrial.of(new OrdersByDay())) {
///     trial.event("order/17", "order.placed", """
///             {"day": "2026-11-25", "cents": 990}""");
///     assertThat(trial.rows(OrdersByDay.TABLE).getFirst().number("cents")).isEqualTo(990);
/// }
/// ```
public final class ProjectionTrial implements AutoCloseable {
    private static final Context CONTEXT = new Context(Tenant.DEFAULT, "trial", "trial");

    private final EventLog log;
    private final Leases leases;
    private final SharedProjection projection;
    private final Ids ids;

    private ProjectionTrial(RowProjection tried) {
        var random = new SecureRandom();
        ids = new Ids(Clock.systemUTC(), random);
        log = EventLog.on(LogStorage.inMemory(Stream.of(
                                EventLog.tables(), ProjectionHost.tables(), Leases.tables(), SharedProjection.tables())
                        .flatMap(List::stream)
                        .toList()))
                .sealedWith(MasterKey.random(random))
                .ids(ids)
                .random(random)
                .open();
        leases = new Leases(log, "trial", LeaseSettings.defaults(), System::nanoTime);
        projection = new SharedProjection(tried, log, leases, ProjectionSettings.defaults(), Clock.systemUTC());
    }

    public static ProjectionTrial of(RowProjection projection) {
        return new ProjectionTrial(projection);
    }

    /// Appends an event of the default tenant.
    ///
    /// @param stream as `type/id`
    /// @param json the payload
    public ProjectionTrial event(String stream, String type, String json) {
        return event(stream, type, JsonMapper.shared().readTree(json));
    }

    /// @param stream as `type/id`
    public ProjectionTrial event(String stream, String type, JsonNode payload) {
        int slash = stream.indexOf('/');
        if (slash < 1) {
            throw new IllegalArgumentException("A stream is named as type/id, not '%s'".formatted(stream));
        }
        var id = new StreamId(stream.substring(0, slash), stream.substring(slash + 1));
        var event = new NewEvent(ids.next(), new EventType(type), 1, stream, payload, ids.now(), null);
        var outcome = log.append(Unit.of(CONTEXT, new StreamAppend(id, Expected.any(), List.of(event))));
        if (!(outcome instanceof Appended.Written)) {
            throw new IllegalArgumentException("The event was not written: " + outcome);
        }
        return this;
    }

    /// What the projection has made of all events so far, in the order of the rows' keys.
    public List<Row> rows(Table table) {
        follow();
        return log.read(Tenant.DEFAULT, view -> view.rows(table, new RowKey(List.of()), null, Integer.MAX_VALUE));
    }

    /// The streams that the projection could not take in, with the reason.
    public List<ParkedKeys.Parked> parked() {
        follow();
        return projection.parked(Tenant.DEFAULT, null, Integer.MAX_VALUE);
    }

    /// Makes the rows anew from the first event on.
    public ProjectionTrial rebuild() {
        projection.rebuild();
        return this;
    }

    private void follow() {
        while (projection.step()) {
            // until there is nothing to do
        }
    }

    @Override
    public void close() {
        projection.close();
        leases.close();
        log.close();
    }
}
