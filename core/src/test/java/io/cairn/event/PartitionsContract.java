package io.cairn.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.tenant.Tenant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// Each partition of a log has positions without gaps, whoever writes and however many follow.
public abstract class PartitionsContract extends EventLogFixture {
    protected PartitionsContract(LogPlace place) {
        super(place);
    }

    @Test
    void concurrentWritersGetGaplessPositionsAndLoseNothing() throws Exception {
        int writers = 16;
        int each = 25;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = new ArrayList<Future<?>>();
            for (int writer = 0; writer < writers; writer++) {
                var stream = new StreamId("thing", "w" + writer);
                running.add(threads.submit(() -> {
                    for (int i = 0; i < each; i++) {
                        assertThat(log.append(unit(stream, Expected.version(i), event("{\"n\":" + i + "}"))))
                                .isInstanceOf(Appended.Written.class);
                    }
                }));
            }
            for (var writer : running) {
                writer.get();
            }
        }
        var events = log.feed().after(partition(ACME), 0, 10_000, Long.MAX_VALUE);
        assertThat(events)
                .map(event -> event.position().number())
                .containsExactlyElementsOf(IntStream.rangeClosed(1, writers * each)
                        .mapToObj(Long::valueOf)
                        .toList());
        assertThat(verify().problems()).isEmpty();
    }

    @Test
    void everyPartitionIsGaplessWhileAllAreWritten() throws Exception {
        var tenants = IntStream.range(0, 12).mapToObj(i -> new Tenant("t" + i)).toList();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = new ArrayList<Future<?>>();
            for (var tenant : tenants) {
                running.add(threads.submit(() -> IntStream.range(0, 20).forEach(i -> append(tenant, i))));
            }
            for (var writer : running) {
                writer.get();
            }
        }
        long written = 0;
        for (var head : log.heads()) {
            var events = log.feed().after(head.partition(), 0, 10_000, Long.MAX_VALUE);
            assertThat(events)
                    .map(event -> event.position().number())
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, head.number()).boxed().toList());
            assertThat(events).allMatch(event -> log.partition(event.tenant()) == head.partition());
            written += events.size();
        }
        assertThat(written).isEqualTo(tenants.size() * 20L);
        assertThat(tenants)
                .allSatisfy(tenant -> assertThat(
                                log.<Long>read(tenant, view -> row(view).number("version")))
                        .isEqualTo(20));
        assertThat(verify().problems()).isEmpty();
    }

    @Test
    void aWaitEndsWhenAnyPartitionMovesPastWhatWasReached() throws Exception {
        var reached = log.heads().stream().map(Head::number).toList();

        assertThat(log.feed().awaitPast(reached::get, Duration.ofMillis(10))).isFalse();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var waiting = threads.submit(() -> log.feed().awaitPast(reached::get, Duration.ofSeconds(20)));
            append(OTHER, 0);
            assertThat(waiting.get()).isTrue();
        }
    }

    @Test
    void aFollowerIsGivenAtLeastOneEventAndStopsAtTheByteLimit() {
        for (int i = 0; i < 5; i++) {
            log.append(unit(STREAM, Expected.any(), event("{\"text\":\"" + "x".repeat(1000) + "\"}")));
        }

        assertThat(log.feed().after(partition(ACME), 0, 10, 1)).hasSize(1);
        assertThat(log.feed().after(partition(ACME), 1, 10, 1500)).hasSize(2);
        assertThat(log.feed().after(partition(ACME), 1, 3, Long.MAX_VALUE)).hasSize(3);
        assertThat(log.feed().after(partition(ACME), 5, 10, Long.MAX_VALUE)).isEmpty();
    }
}
