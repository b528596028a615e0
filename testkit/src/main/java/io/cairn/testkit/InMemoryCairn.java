package io.cairn.testkit;

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
import io.cairn.feature.Features;
import io.cairn.follow.FollowSettings;
import io.cairn.follow.Parked;
import io.cairn.knowledge.Documents;
import io.cairn.knowledge.TextExtractor;
import io.cairn.lease.LeaseSettings;
import io.cairn.lease.Leases;
import io.cairn.memory.Conversations;
import io.cairn.projection.RowProjection;
import io.cairn.projection.RunningRows;
import io.cairn.row.Row;
import io.cairn.row.RowKey;
import io.cairn.row.Table;
import io.cairn.seal.MasterKey;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import io.cairn.text.LanguageDetector;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A whole Cairn in memory: the log, conversations, documents and the projections under test, with a clock that the
/// test
/// sets.
///
/// It has no threads. What is appended is durable at once, as far as memory is; projections take it in when the test
/// [lets them][#runUntilIdle()] or reads their rows.
///
/// ```java
/// try (var cairn = InMemoryCairn.with(new OrdersByDay())) {
///     cairn.event("order/17", "order.placed", """
///             {"day": "2026-11-25", "cents": 990}""");
///     assertThat(cairn.rows(OrdersByDay.TABLE).getFirst().number("cents")).isEqualTo(990);
/// }
/// ```
public final class InMemoryCairn implements AutoCloseable {
    /// The default tenant, on whose behalf a test acts unless it says otherwise.
    public static final Context CONTEXT = new Context(Tenant.DEFAULT, "test", "test");

    private static final Instant BEGINNING = Instant.parse("2026-01-01T00:00:00Z");

    private final SettableClock clock = SettableClock.at(BEGINNING);
    private final Ids ids;
    private final EventLog log;
    private final Leases leases;
    private final List<RunningRows> projections;
    private final Conversations conversations;
    private final Documents documents;

    private InMemoryCairn(List<RowProjection> tried) {
        var random = new SecureRandom();
        ids = new Ids(clock, random);
        var features = Features.of(List.of(Conversations.feature(), Documents.feature()));
        log = EventLog.on(LogStorage.inMemory(features.tables()))
                .sealedWith(MasterKey.random(random))
                .inline(features.inline())
                .ids(ids)
                .random(random)
                .open();
        leases = new Leases(log, "test", LeaseSettings.defaults(), System::nanoTime);
        projections = tried.stream()
                .map(projection -> new RunningRows(projection, log, leases, FollowSettings.defaults(), clock))
                .toList();
        conversations = new Conversations(log, LanguageDetector.undecided(), ids);
        documents = new Documents(log, TextExtractor.plainText(), LanguageDetector.undecided(), ids);
    }

    /// A Cairn whose log is empty, with the projections under test, if any.
    public static InMemoryCairn with(RowProjection... projections) {
        return new InMemoryCairn(List.of(projections));
    }

    public SettableClock clock() {
        return clock;
    }

    public EventLog log() {
        return log;
    }

    public Ids ids() {
        return ids;
    }

    public Conversations conversations() {
        return conversations;
    }

    public Documents documents() {
        return documents;
    }

    /// Appends an event of the default tenant, now.
    ///
    /// @param stream as `type/id`
    /// @param json the payload
    public InMemoryCairn event(String stream, String type, String json) {
        return event(stream, type, JsonMapper.shared().readTree(json));
    }

    /// @param stream as `type/id`
    public InMemoryCairn event(String stream, String type, JsonNode payload) {
        var event = new NewEvent(ids.next(), new EventType(type), 1, stream, payload, ids.now(), null);
        var append = new StreamAppend(streamId(stream), Expected.any(), List.of(event));
        var outcome = log.append(Unit.of(CONTEXT, append));
        if (!(outcome instanceof Appended.Written)) {
            throw new IllegalArgumentException("The event was not written: " + outcome);
        }
        return this;
    }

    private static StreamId streamId(String stream) {
        int slash = stream.indexOf('/');
        if (slash < 1) {
            throw new IllegalArgumentException("A stream is named as type/id, not '%s'".formatted(stream));
        }
        return new StreamId(stream.substring(0, slash), stream.substring(slash + 1));
    }

    /// Lets every projection take in all that was appended, and finish the rebuilds that were begun.
    public InMemoryCairn runUntilIdle() {
        boolean busy = true;
        while (busy) {
            busy = false;
            for (var projection : projections) {
                busy |= projection.step();
            }
        }
        return this;
    }

    /// The default tenant's rows in a table, in the order of their keys, once everything is taken in.
    public List<Row> rows(Table table) {
        runUntilIdle();
        return log.read(Tenant.DEFAULT, view -> view.rows(table, new RowKey(List.of()), null, Integer.MAX_VALUE));
    }

    /// The default tenant's streams that some projection could not take in, with the reason.
    public List<Parked> parked() {
        runUntilIdle();
        var parked = new ArrayList<Parked>();
        projections.forEach(projection -> parked.addAll(projection.parked(Tenant.DEFAULT, null, Integer.MAX_VALUE)));
        return parked;
    }

    /// Has the rows of every projection made anew, from the first event on.
    public InMemoryCairn rebuild() {
        projections.forEach(RunningRows::rebuild);
        return this;
    }

    @Override
    public void close() {
        projections.forEach(RunningRows::close);
        leases.close();
        log.close();
    }
}
