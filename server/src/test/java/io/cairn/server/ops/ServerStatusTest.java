package io.cairn.server.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cairn.client.wire.ProjectionState;
import io.cairn.client.wire.ProjectionStatus;
import io.cairn.event.Event;
import io.cairn.event.EventLog;
import io.cairn.event.EventType;
import io.cairn.event.Expected;
import io.cairn.event.Ids;
import io.cairn.event.InlineProjection;
import io.cairn.event.LogStorage;
import io.cairn.event.NewEvent;
import io.cairn.event.StreamAppend;
import io.cairn.event.StreamId;
import io.cairn.event.Unit;
import io.cairn.feature.Features;
import io.cairn.follow.Effects;
import io.cairn.follow.FollowSettings;
import io.cairn.follow.Reaction;
import io.cairn.follow.Rows;
import io.cairn.follow.RunningReaction;
import io.cairn.lease.LeaseSettings;
import io.cairn.lease.Leases;
import io.cairn.row.RowChange;
import io.cairn.row.Table;
import io.cairn.seal.MasterKey;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;

class ServerStatusTest {
    private static final Tenant ACME = new Tenant("acme");
    private static final Table SEEN = new Table(
            "seen", Table.Kind.DERIVED, List.of(Table.Column.text("stream")), List.of(Table.Column.number("version")));

    private final Ids ids = new Ids(Clock.systemUTC(), new SecureRandom());
    private final Slow slow = new Slow();
    private EventLog log;
    private Leases leases;
    private Tenant elsewhere;

    /// A rebuild of it stands still until it is let go on.
    private static final class Slow implements InlineProjection {
        private final CountDownLatch let = new CountDownLatch(1);

        @Override
        public String name() {
            return "slow";
        }

        @Override
        public List<Table> tables() {
            return List.of(SEEN);
        }

        @Override
        public List<RowChange> changes(Tenant tenant, StreamId stream, NewEvent event) {
            if (Thread.currentThread().getName().equals("cairn-rebuild-slow")) {
                try {
                    let.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
            return changesOfForgotten(tenant, stream, event.type());
        }

        @Override
        public List<RowChange> changesOfForgotten(Tenant tenant, StreamId stream, EventType type) {
            return List.of(new RowChange.Put(SEEN.row(Map.of("stream", stream.id(), "version", 1L))));
        }
    }

    private static final class Nothing implements Reaction {
        @Override
        public String name() {
            return "nothing";
        }

        @Override
        public List<Table> tables() {
            return List.of();
        }

        @Override
        public Effects react(Event event, Rows rows) {
            return Effects.none();
        }
    }

    @BeforeEach
    void start() {
        var tables = new ArrayList<>(Features.of(List.of()).tables());
        tables.add(SEEN);
        var random = new SecureRandom();
        log = EventLog.on(LogStorage.inMemory(tables, 8))
                .sealedWith(MasterKey.random(random))
                .inline(List.of(slow))
                .ids(ids)
                .random(random)
                .start();
        leases = new Leases(log, "node", LeaseSettings.defaults(), System::nanoTime).start();
        elsewhere = IntStream.range(0, 100)
                .mapToObj(i -> new Tenant("globex-" + i))
                .filter(tenant -> log.partition(tenant) != log.partition(ACME))
                .findFirst()
                .orElseThrow();
    }

    @AfterEach
    void stop() {
        slow.let.countDown();
        leases.close();
        log.close();
    }

    private void append(Tenant tenant, String stream) {
        var event = new NewEvent(
                ids.next(),
                new EventType("thing.seen"),
                1,
                stream,
                JsonNodeFactory.instance.objectNode(),
                ids.now(),
                null);
        log.append(Unit.of(
                new Context(tenant, "tester", "corr"),
                new StreamAppend(new StreamId("thing", stream), Expected.any(), List.of(event))));
    }

    @Test
    void aTenantIsToldHowFarItsOwnPartitionIs() {
        try (var reaction =
                new RunningReaction(new Nothing(), log, leases, FollowSettings.defaults(), Clock.systemUTC())) {
            reaction.step();
            append(ACME, "a");
            append(elsewhere, "b");
            append(elsewhere, "c");
            var status = new ServerStatus(log, List.of(reaction));

            assertThat(status.projections(ACME, true).getFirst().eventsBehind()).isEqualTo(3);
            assertThat(status.projections(ACME, false).getFirst().eventsBehind())
                    .isEqualTo(1);
            assertThat(status.projections(elsewhere, false).getFirst().eventsBehind())
                    .isEqualTo(2);
        }
    }

    @Test
    void aTenantIsNotToldHowManyEventsOfAllARebuildTakes() {
        append(ACME, "a");
        append(elsewhere, "b");
        log.inline().begin("slow");
        var status = new ServerStatus(log, List.of());

        await().until(() -> status.inline(ACME, true).getFirst().rebuild() != null);
        var told = status.inline(ACME, false).getFirst();

        assertThat(told).extracting(ProjectionStatus::state).isEqualTo(ProjectionState.REBUILDING);
        assertThat(told).extracting(ProjectionStatus::rebuild).isNull();
    }
}
