package io.cairn.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cairn.archive.Archive;
import io.cairn.archive.LogCopy;
import io.cairn.event.Appended;
import io.cairn.event.EventLog;
import io.cairn.event.EventSteps;
import io.cairn.event.EventType;
import io.cairn.event.Expected;
import io.cairn.event.Ids;
import io.cairn.event.InMemoryLogStorage;
import io.cairn.event.LastingStorage;
import io.cairn.event.LogStorage;
import io.cairn.event.NewEvent;
import io.cairn.event.StreamAppend;
import io.cairn.event.StreamId;
import io.cairn.event.Unit;
import io.cairn.follow.FollowSettings;
import io.cairn.follow.ReactionSteps;
import io.cairn.follow.RunningReaction;
import io.cairn.lease.LeaseSettings;
import io.cairn.lease.LeaseSteps;
import io.cairn.lease.Leases;
import io.cairn.row.RowKey;
import io.cairn.row.Table;
import io.cairn.schema.EventSchemas;
import io.cairn.schema.JsonSchemas;
import io.cairn.schema.SchemaSettings;
import io.cairn.seal.MasterKey;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;

/// A feature that only the one list knows: nothing that goes over all features misses any of what it brings.
class FeatureTest {
    private static final Features FEATURES = Features.of(List.of(Orders.feature()));
    private static final Tenant ACME = new Tenant("acme");
    private static final Context CONTEXT = new Context(ACME, "tester", "corr");

    private final SecureRandom random = new SecureRandom();
    private final MasterKey master = MasterKey.random(random);
    private final Ids ids = new Ids(Clock.fixed(Instant.parse("2026-01-02T03:04:05Z"), ZoneOffset.UTC), random);

    private static LogStorage storage(String epoch) {
        return new LastingStorage(new InMemoryLogStorage(epoch, FEATURES.tables(), 2, step -> {}));
    }

    private EventLog log(LogStorage storage) {
        var schemas = new EventSchemas(
                JsonSchemas.trusting(), FEATURES.types(), FEATURES.reserved(), SchemaSettings.defaults());
        return EventLog.on(storage)
                .sealedWith(master)
                .inline(FEATURES.inline())
                .upcasting(schemas)
                .admittedBy(schemas)
                .ids(ids)
                .random(random)
                .open();
    }

    /// A log with two orders, to which every reaction has reacted.
    private EventLog filled(LogStorage storage) {
        var log = log(storage);
        place(log, "o-1");
        place(log, "o-2");
        var leases = new Leases(log, "node", LeaseSettings.defaults(), System::nanoTime);
        for (var reaction : FEATURES.reactions()) {
            var running = new RunningReaction(reaction, log, leases, FollowSettings.defaults(), ids.clock());
            do {
                LeaseSteps.step(leases);
            } while (ReactionSteps.step(running));
        }
        return log;
    }

    private void place(EventLog log, String order) {
        var payload = JsonNodeFactory.instance.objectNode();
        var event = new NewEvent(ids.next(), Orders.PLACED, 1, order, payload, ids.now(), null);
        var append = new StreamAppend(new StreamId("order", order), Expected.none(), List.of(event));
        assertThat(log.append(Unit.of(CONTEXT, append))).isInstanceOf(Appended.Written.class);
    }

    private static List<String> orders(EventLog log, Table table) {
        return log.read(ACME, view -> view.rows(table, new RowKey(List.of()), null, 10)).stream()
                .map(row -> row.text("order"))
                .toList();
    }

    @Test
    void anExportCarriesItsStateIntoAnotherLog() {
        var source = storage("source");
        var lines = new ArrayList<String>();
        new Archive(filled(source), source, FEATURES.tables(), ids).export(null, line -> lines.add(line.toString()));

        var target = storage("target");
        var imported = log(target);
        new Archive(imported, target, FEATURES.tables(), ids).take(CONTEXT, lines);

        assertThat(orders(imported, Orders.WAITING)).containsExactly("o-1", "o-2");
        assertThat(orders(imported, Orders.KNOWN)).containsExactly("o-1", "o-2");
    }

    @Test
    void aCopyCarriesItsState() {
        var source = storage("source");
        filled(source);
        var target = storage("target");
        var copied = log(target);

        var outcome =
                new LogCopy(source, target, copied, FEATURES.tables(), ids).run(List.of(), (step, done, total) -> {});

        assertThat(outcome).isInstanceOf(LogCopy.Outcome.Whole.class);
        assertThat(orders(copied, Orders.WAITING)).containsExactly("o-1", "o-2");
    }

    @Test
    void aRebuildOfItsReadModelLeavesItsStateAlone() {
        var log = filled(storage("source"));

        var rebuild = EventSteps.rebuild(log, "orders");
        do {
            rebuild.step();
        } while (!rebuild.ready());
        rebuild.finish();

        assertThat(orders(log, Orders.KNOWN)).containsExactly("o-1", "o-2");
        assertThat(orders(log, Orders.WAITING)).containsExactly("o-1", "o-2");
    }

    @Test
    void itsNamesAreNobodyElses() {
        var reserved = FEATURES.reserved();

        assertThat(reserved.event(Orders.PLACED)).isTrue();
        assertThat(reserved.event(new EventType("orders.counted"))).isFalse();
        assertThat(reserved.stream("Order")).isTrue();
        assertThat(reserved.stream("cairn.anything")).isTrue();
        assertThat(reserved.stream("thing")).isFalse();
    }

    @Test
    void whatTwoFeaturesBringIsRefusedWithBothNames() {
        var twin = Feature.named("twin").tables(List.of(Orders.WAITING));

        assertThatThrownBy(() -> Features.of(List.of(Orders.feature(), twin)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("The features orders and twin both bring the table orders_waiting; rename one");
    }
}
