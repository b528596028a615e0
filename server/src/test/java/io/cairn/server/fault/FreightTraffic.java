package io.cairn.server.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.databind.json.JsonMapper;

/// Somebody who goes on telling where things went, and some who go on asking for what was told before. Whoever is cut
/// off by a kill says the same again.
final class FreightTraffic implements AutoCloseable {
    private static final int ASKERS = 2;
    private static final Duration PACE = Duration.ofMillis(50);
    private static final Duration PATIENCE = Duration.ofMillis(100);

    private final Freight freight = new Freight();
    private final List<CairnProcess> nodes;
    private final int known;
    private final AtomicInteger told;
    private final AtomicInteger asked = new AtomicInteger();
    private final Queue<String> faults = new ConcurrentLinkedQueue<>();
    private final Queue<Long> micros = new ConcurrentLinkedQueue<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Future<?>> running = new ArrayList<>();
    private final CountDownLatch stopping = new CountDownLatch(1);

    private FreightTraffic(List<CairnProcess> nodes, int known, int told) {
        this.nodes = List.copyOf(nodes);
        this.known = known;
        this.told = new AtomicInteger(told);
        IntStream.range(0, ASKERS).forEach(asker -> running.add(threads.submit(() -> ask(new Random(asker)))));
        running.add(threads.submit(this::tell));
    }

    /// @param known messages that questions are about
    /// @param told messages that are there
    static FreightTraffic start(List<CairnProcess> nodes, int known, int told) {
        return new FreightTraffic(nodes, known, told);
    }

    private Void ask(Random random) throws InterruptedException {
        while (stopping.getCount() > 0) {
            var node = nodes.get(random.nextInt(nodes.size()));
            int number = random.nextInt(known);
            try {
                long begun = System.nanoTime();
                var answer = node.post("/v1/recall", freight.recall(number));
                micros.add((System.nanoTime() - begun) / 1000);
                var fault = answer.statusCode() == 200
                        ? Freight.fault(number, JsonMapper.shared().readTree(answer.body()))
                        : "it failed";
                if (!fault.isEmpty()) {
                    faults.add("%s: %d %s%n%s".formatted(fault, answer.statusCode(), answer.body(), warnings(node)));
                }
                asked.incrementAndGet();
            } catch (IOException e) {
                node.awaitUp(PATIENCE);
            }
        }
        return null;
    }

    private Void tell() throws InterruptedException {
        var random = new Random(ASKERS);
        while (stopping.getCount() > 0) {
            var node = nodes.get(random.nextInt(nodes.size()));
            int number = told.get();
            try {
                var answer = node.post(
                        "/v1/conversations/%s/messages".formatted(Freight.CONVERSATION),
                        freight.messages(number, number + 1));
                if (answer.statusCode() == 201 || answer.statusCode() == 200) {
                    told.incrementAndGet();
                    pause();
                } else {
                    faults.add("message %d: %d %s".formatted(number, answer.statusCode(), answer.body()));
                }
            } catch (IOException e) {
                node.awaitUp(PATIENCE);
            }
        }
        return null;
    }

    /// What is told has to be embedded, twice while the model changes.
    private void pause() throws InterruptedException {
        stopping.await(PACE.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static String warnings(CairnProcess node) {
        return node.log()
                .lines()
                .filter(line -> line.contains("WARN") || line.contains("ERROR") || line.contains("Caused by"))
                .collect(Collectors.joining("\n"));
    }

    int told() {
        return told.get();
    }

    int asked() {
        return asked.get();
    }

    /// Waits for so many more answers.
    void awaitMore(int count) {
        int enough = asked.get() + count;
        await().atMost(Duration.ofMinutes(1))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> asked.get() >= enough || !faults.isEmpty());
        isWell();
    }

    void isWell() {
        assertThat(faults).isEmpty();
    }

    /// Milliseconds of the answers since the last time this was asked: of 50 and of 95 of 100.
    String latency() {
        var taken = new ArrayList<Long>();
        for (var each = micros.poll(); each != null; each = micros.poll()) {
            taken.add(each);
        }
        Collections.sort(taken);
        return taken.isEmpty()
                ? "none"
                : "p50 %.1f ms, p95 %.1f ms of %d"
                        .formatted(
                                taken.get(taken.size() / 2) / 1e3,
                                taken.get(taken.size() * 95 / 100) / 1e3,
                                taken.size());
    }

    @Override
    public void close() throws Exception {
        stopping.countDown();
        for (var each : running) {
            each.get();
        }
        threads.close();
        isWell();
    }
}
