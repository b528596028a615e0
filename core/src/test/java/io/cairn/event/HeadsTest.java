package io.cairn.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cairn.seal.MasterKey;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;

/// What a node knows of the log's end when it is not the only one that appends.
class HeadsTest {
    private static final Tenant ACME = new Tenant("acme");

    private final InMemoryLogStorage storage = LogStorage.inMemory(EventLog.tables(), 3);
    private final AtomicInteger reads = new AtomicInteger();
    private final AtomicBoolean broken = new AtomicBoolean();
    private final SecureRandom random = new SecureRandom();
    private final MasterKey master = MasterKey.random(random);
    private final List<EventLog> nodes = new ArrayList<>();

    @AfterEach
    void stop() {
        nodes.forEach(EventLog::close);
    }

    private EventLog node() {
        var node = EventLog.on(counting()).sealedWith(master).random(random).start();
        nodes.add(node);
        return node;
    }

    /// The store, with its reads counted.
    private LogStorage counting() {
        return new LastingStorage(storage) {
            @Override
            public <T> T read(Function<ReadSnapshot, T> work) {
                reads.incrementAndGet();
                if (broken.get()) {
                    throw new StorageException(StorageException.Kind.BUSY, "away", new IllegalStateException());
                }
                return super.read(work);
            }
        };
    }

    private static void append(EventLog log) {
        var event = new NewEvent(
                UUID.randomUUID(),
                new EventType("thing.happened"),
                1,
                "subject",
                JsonNodeFactory.instance.objectNode(),
                Instant.EPOCH,
                null);
        log.append(Unit.of(
                new Context(ACME, "tester", "corr"),
                new StreamAppend(new StreamId("thing", "a"), Expected.any(), List.of(event))));
    }

    @Test
    void whoeverWaitsOnAnotherNodeNoticesAnAppend() throws Exception {
        storage.sharedByNodes();
        var writing = node();
        var waiting = node();
        int partition = waiting.partition(ACME);
        assertThat(waiting.head(partition).number()).isZero();

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Boolean> noticed = threads.submit(() -> waiting.awaitPast(partition, 0, Duration.ofSeconds(20)));
            append(writing);
            assertThat(noticed.get()).isTrue();
        }
    }

    @Test
    void whoeverReadsOnAnotherNodeSoonSeesTheNewHead() {
        storage.sharedByNodes();
        var writing = node();
        var reading = node();
        int partition = reading.partition(ACME);
        assertThat(reading.head(partition).number()).isZero();
        append(writing);

        await().atMost(Duration.ofSeconds(2))
                .until(() -> reading.head(partition).number() == 1);
    }

    @Test
    void manyReadersAskTheStorageOnceForAll() throws Exception {
        storage.sharedByNodes();
        var log = node();
        log.heads();
        reads.set(0);
        long began = System.nanoTime();

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int reader = 0; reader < 50; reader++) {
                threads.submit(() -> {
                    for (int i = 0; i < 500; i++) {
                        log.head(i % 3);
                    }
                });
            }
        }

        long asksMax = Duration.ofNanos(System.nanoTime() - began).toMillis() / 100 + 1;
        assertThat(reads.get()).isLessThanOrEqualTo((int) asksMax);
    }

    @Test
    void aStorageOfOneProcessIsAskedOnceOnly() throws Exception {
        var log = node();
        log.heads();
        append(log);
        reads.set(0);

        assertThat(log.awaitPast(log.partition(ACME), 1, Duration.ofMillis(300)))
                .isFalse();
        assertThat(log.head(log.partition(ACME)).number()).isEqualTo(1);
        assertThat(reads).hasValue(0);
    }

    @Test
    void aStorageThatIsAwayIsToldToWhoeverAsksAndAskedAgain() {
        broken.set(true);
        var log = node();
        assertThatThrownBy(log::heads).isInstanceOf(StorageException.class);

        broken.set(false);
        assertThat(log.heads()).hasSize(3);
    }
}
