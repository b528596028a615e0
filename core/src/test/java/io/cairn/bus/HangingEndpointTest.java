package io.cairn.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
import io.cairn.lease.LeaseSettings;
import io.cairn.lease.Leases;
import io.cairn.seal.MasterKey;
import io.cairn.task.Lane;
import io.cairn.task.TaskEngine;
import io.cairn.task.TaskMeter;
import io.cairn.task.TaskSettings;
import io.cairn.task.TaskTypes;
import io.cairn.task.TaskWorker;
import io.cairn.task.Tasks;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.node.JsonNodeFactory;

/// Ten endpoints of which one never answers, in real time.
@Timeout(120)
class HangingEndpointTest {
    private static final Context ACME = new Context(new Tenant("acme"), "tester", "c1");
    private static final int ENDPOINTS = 10;
    private static final int EVENTS = 60;
    private static final Duration TIME = Duration.ofSeconds(60);

    private final CountDownLatch over = new CountDownLatch(1);
    private final Map<URI, AtomicInteger> taken = new ConcurrentHashMap<>();
    private final Map<URI, AtomicInteger> atOnce = new ConcurrentHashMap<>();
    private final Map<URI, Integer> atOnceMax = new ConcurrentHashMap<>();

    private static URI url(int number) {
        return URI.create("https://e%d.example/".formatted(number));
    }

    @Test
    void theOthersAreToldAsIfItWereNotThere() {
        var random = new SecureRandom();
        var ids = new Ids(Clock.systemUTC(), random);
        var settings =
                new WebhookSettings(WebhookSettings.LANE, TIME, Duration.ofSeconds(30), Duration.ofHours(1), 100, 4);
        var storage = LogStorage.inMemory(Features.of(List.of(TaskEngine.feature(), WebhookTables.feature()))
                .tables());
        try (var sender = new Hanging();
                var log = EventLog.on(storage)
                        .sealedWith(MasterKey.random(random))
                        .ids(ids)
                        .open()
                        .start()) {
            var endpoints = new Endpoints(log, sender, ids, random, Duration.ofHours(1));
            var deliveries = new Deliveries(
                    () -> log, () -> endpoints, sender, ids, random, System::nanoTime, settings, (t, e, o, d) -> {});
            var types = new TaskTypes(
                    List.of(new Lane(WebhookSettings.LANE, Lane.Order.SEQUENTIAL_PASS, 64)),
                    List.of(deliveries.taskType()));
            var tasks = new Tasks(log, types, TaskSettings.defaults(), ids);
            IntStream.range(0, ENDPOINTS).forEach(i -> endpoints.create(ACME, url(i), Wanted.of("*"), null));
            var leases = new Leases(log, "a", LeaseSettings.defaults(), System::nanoTime);
            var engine = new TaskEngine(
                    log, leases, tasks, ids, random, System::nanoTime, TaskMeter.none(), TaskWorker::begin);
            try (var worker = TaskWorker.start(engine, Duration.ofMillis(1));
                    var thread = DispatcherLoop.start(log, new Dispatcher(log, tasks, deliveries, settings))) {
                assertThat(worker).isNotNull();
                assertThat(thread).isNotNull();
                IntStream.range(0, EVENTS).forEach(i -> append(log, i));
                await().atMost(TIME.minusSeconds(5))
                        .until(() -> IntStream.range(1, ENDPOINTS)
                                .mapToObj(i -> taken.get(url(i)))
                                .allMatch(count -> count != null && count.get() == EVENTS));
                assertThat(atOnceMax).allSatisfy((url, most) -> assertThat(most).isLessThanOrEqualTo(4));
                over.countDown();
            }
        }
    }

    private static void append(EventLog log, int number) {
        log.append(Unit.of(
                ACME,
                new StreamAppend(
                        new StreamId("lead", "s" + number),
                        Expected.any(),
                        List.of(new NewEvent(
                                UUID.randomUUID(),
                                new EventType("lead.received"),
                                1,
                                "s",
                                JsonNodeFactory.instance.objectNode(),
                                Instant.EPOCH,
                                null)))));
    }

    /// Answers for all but the first endpoint.
    private final class Hanging implements Sender {
        @Override
        public Optional<String> refusal(URI target) {
            return Optional.empty();
        }

        @Override
        public Sent send(Request request) {
            var now = atOnce.computeIfAbsent(request.target(), url -> new AtomicInteger());
            atOnceMax.merge(request.target(), now.incrementAndGet(), Math::max);
            try {
                if (request.target().equals(url(0))) {
                    over.await(TIME.toMillis(), TimeUnit.MILLISECONDS);
                    return new Sent.Failed("no answer");
                }
                taken.computeIfAbsent(request.target(), url -> new AtomicInteger())
                        .incrementAndGet();
                return new Sent.Answered(200, null, "");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return new Sent.Failed("interrupted");
            } finally {
                now.decrementAndGet();
            }
        }

        @Override
        public void close() {}
    }
}
