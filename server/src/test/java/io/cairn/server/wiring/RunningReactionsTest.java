package io.cairn.server.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cairn.event.Event;
import io.cairn.event.EventLog;
import io.cairn.event.EventType;
import io.cairn.event.Expected;
import io.cairn.event.Ids;
import io.cairn.event.LogStorage;
import io.cairn.event.NewEvent;
import io.cairn.event.StreamAppend;
import io.cairn.event.StreamId;
import io.cairn.event.Unit;
import io.cairn.feature.Feature;
import io.cairn.feature.Features;
import io.cairn.follow.Effects;
import io.cairn.follow.Reaction;
import io.cairn.follow.Rows;
import io.cairn.lease.LeaseSettings;
import io.cairn.lease.Leases;
import io.cairn.row.RowChange;
import io.cairn.row.Table;
import io.cairn.row.Table.Column;
import io.cairn.seal.MasterKey;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;

class RunningReactionsTest {
    private static final Tenant ACME = new Tenant("acme");
    private static final Table SEEN =
            new Table("seen", Table.Kind.STATE, List.of(Column.text("stream")), List.of(Column.number("version")));

    private record Noting(String name, List<Table> tables) implements Reaction {
        @Override
        public Effects react(Event event, Rows rows) {
            return event.type().name().equals("order.placed")
                    ? Effects.rows(new RowChange.Put(SEEN.row(
                            Map.of("stream", name + "/" + event.stream().id(), "version", event.version()))))
                    : Effects.none();
        }
    }

    @Test
    void whatAFeatureBringsReactsBesideWhatTheWiringAdds() {
        var features = Features.of(List.of(Feature.named("orders").reactions(new Noting("own", List.of(SEEN)))));
        var random = new SecureRandom();
        var ids = new Ids(Clock.systemUTC(), random);
        try (var log = EventLog.on(LogStorage.inMemory(features.tables()))
                        .sealedWith(MasterKey.random(random))
                        .ids(ids)
                        .random(random)
                        .start();
                var leases = new Leases(log, "node", LeaseSettings.defaults(), System::nanoTime).start();
                var running = RunningReactions.start(
                        features, List.of(new Noting("added", List.of(SEEN))), log, () -> leases, Clock.systemUTC())) {
            var event = new NewEvent(
                    ids.next(),
                    new EventType("order.placed"),
                    1,
                    "7",
                    JsonNodeFactory.instance.objectNode(),
                    ids.now(),
                    null);
            log.append(Unit.of(
                    new Context(ACME, "tester", "corr"),
                    new StreamAppend(new StreamId("order", "7"), Expected.none(), List.of(event))));

            assertThat(running.all()).hasSize(2);
            await().until(() -> seen(log), rows -> rows == 2);
        }
    }

    private static int seen(EventLog log) {
        return log.read(ACME, view -> view.rows(SEEN, List.of(SEEN.key("own/7"), SEEN.key("added/7"))))
                .size();
    }
}
