package io.cairn.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cairn.event.Event;
import io.cairn.event.EventLog;
import io.cairn.event.EventType;
import io.cairn.event.Expected;
import io.cairn.event.LogPlace;
import io.cairn.event.NewEvent;
import io.cairn.event.StreamAppend;
import io.cairn.event.StreamId;
import io.cairn.event.Unit;
import io.cairn.feature.Features;
import io.cairn.seal.MasterKey;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.node.JsonNodeFactory;

/// What handlers in the process are promised on every storage.
@Timeout(30)
public abstract class EventBusContract {
    private static final Tenant OTHER = new Tenant("other");

    private final LogPlace place;
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private EventLog log;
    private EventBus bus;

    protected EventBusContract(LogPlace place) {
        this.place = place;
    }

    @BeforeEach
    void open() {
        log = EventLog.on(place.create(Features.of(List.of()).tables()))
                .sealedWith(MasterKey.random(new SecureRandom()))
                .start();
        bus = new EventBus(log, new BusWatch() {
            @Override
            public void handled(String handler, Event event) {
                told.add(handler + " " + event.type() + " " + event.version());
            }

            @Override
            public void failed(String handler, Event event, Throwable failure) {
                failures.add(handler + " " + event.type() + " " + event.correlation());
            }
        });
    }

    @AfterEach
    void close() {
        bus.close();
        log.close();
    }

    @Test
    void aHandlerThatFailsHurtsNoOtherAndGoesOnItself() {
        bus.subscribe("broken", Interest.matching("*"), event -> {
            if (event.version() == 1) {
                throw new IllegalStateException("as it must");
            }
        });
        bus.subscribe("confused", Interest.matching("*").where(event -> event.version() / 0 == 1), event -> {});
        bus.subscribe("whole", Interest.matching("*"), event -> {});
        append("lead.received", "7", 2);

        await().untilAsserted(() ->
                assertThat(told).contains("whole lead.received 1", "whole lead.received 2", "broken lead.received 2"));
        await().untilAsserted(() -> assertThat(failures)
                .containsExactlyInAnyOrder(
                        "broken lead.received c7", "confused lead.received c7", "confused lead.received c7"));
    }

    @Test
    void aHandlerThatHangsHurtsNoOther() {
        var hanging = new CountDownLatch(1);
        bus.subscribe("hanging", Interest.matching("*"), event -> hanging.await());
        bus.subscribe("whole", Interest.matching("*"), event -> {});
        append("lead.received", "7", 500);
        await().untilAsserted(() -> assertThat(told).hasSize(500));
        hanging.countDown();
    }

    @Test
    void handlersAreToldOfWhatTheyWant() {
        bus.subscribe("exact", Interest.exactly("document.added"), event -> {});
        bus.subscribe("pattern", Interest.matching("document.*"), event -> {});
        bus.subscribe("predicate", Interest.matching("*").where(event -> event.version() == 2), event -> {});
        bus.subscribe("tenant", Interest.of(OTHER).and(Interest.matching("*")), event -> {});
        bus.route("lead.received", Map.of("score", event -> {}, "greet", event -> {}));
        append("document.added", "1", 1);
        append("document.removed", "2", 1);
        append("lead.received", "3", 2);

        await().untilAsserted(() -> assertThat(told)
                .containsExactlyInAnyOrder(
                        "exact document.added 1",
                        "pattern document.added 1",
                        "pattern document.removed 1",
                        "predicate lead.received 2",
                        "score lead.received 1",
                        "score lead.received 2",
                        "greet lead.received 1",
                        "greet lead.received 2"));
    }

    @Test
    void eachHandlerGetsTheEventsOfAStreamInTheirOrder() {
        bus.subscribe("a", Interest.matching("*"), event -> {});
        append("lead.received", "7", 300);
        append("lead.received", "8", 300);
        await().untilAsserted(() -> assertThat(told).hasSize(600));
        assertThat(told.subList(0, 300))
                .isEqualTo(IntStream.rangeClosed(1, 300)
                        .mapToObj(version -> "a lead.received " + version)
                        .toList());
    }

    @Test
    void nothingFromBeforeTheSubscriptionOrAfterItsEndIsTold() {
        append("lead.received", "7", 1);
        var subscription = bus.subscribe("a", Interest.matching("*"), event -> {});
        append("lead.scored", "7", 1);
        await().untilAsserted(() -> assertThat(told).containsExactly("a lead.scored 2"));
        subscription.close();
        append("lead.scored", "7", 1);
        assertThat(told).hasSize(1);
        assertThat(bus.subscriptions()).isZero();
    }

    @Test
    void aHandlerMayEndItsOwnSubscription() {
        var one = new CopyOnWriteArrayList<Subscription>();
        one.add(bus.subscribe(
                "once", Interest.matching("*"), event -> one.getFirst().close()));
        append("lead.received", "7", 5);
        await().until(() -> bus.subscriptions() == 0);
        assertThat(told).containsExactly("once lead.received 1");
    }

    private void append(String type, String id, int count) {
        var events = IntStream.range(0, count)
                .mapToObj(index -> new NewEvent(
                        UUID.randomUUID(),
                        new EventType(type),
                        1,
                        "subject",
                        JsonNodeFactory.instance.objectNode(),
                        Instant.EPOCH,
                        null))
                .toList();
        log.append(new Unit(
                new Context(Tenant.DEFAULT, "test", "c" + id),
                List.of(new StreamAppend(new StreamId("lead", id), Expected.any(), events)),
                List.of(),
                List.of()));
    }
}
