package io.cairn.bench;

import io.cairn.bench.DataSet.Question;
import io.cairn.client.Cairn;
import io.cairn.client.CairnException;
import io.cairn.client.wire.DenseLeg;
import io.cairn.client.wire.Hit;
import io.cairn.client.wire.NewMessage;
import io.cairn.client.wire.RecallRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/// Questions whose answers are known, asked over and over, and messages that come in beside them.
///
/// The server may be replaced meanwhile; what was cut off by that is no query that failed.
final class RefreshTraffic implements AutoCloseable {
    static final int ASKERS = 4;
    private static final int BEST = 10;
    private static final Duration PAUSE = Duration.ofMillis(25);

    /// The server went from one phase to the next while it answered.
    static final String BETWEEN = "between two phases";

    /// A query: what the server was at, how long it took, and the share of the sources among the ten best hits.
    ///
    /// @param meant whether the server says that it was searched by meaning, be it behind
    /// @param cosine the greatest between the query and a hit; NaN if no hit has one
    record Asked(String question, String stage, double millis, double found, boolean meant, double cosine) {}

    private final DataSet set;
    private final ConcurrentLinkedQueue<Asked> asked = new ConcurrentLinkedQueue<>();
    private final AtomicInteger failed = new AtomicInteger();
    private final AtomicInteger told = new AtomicInteger();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Future<?>> running = new ArrayList<>();
    private volatile Optional<ServerProcess> server;
    private volatile String stage;

    /// @param stage what the server is at
    RefreshTraffic(DataSet set, ServerProcess server, String stage) {
        this.stage = stage;
        this.set = set;
        this.server = Optional.of(server);
        for (int asker = 0; asker < ASKERS; asker++) {
            int first = asker;
            running.add(threads.submit(() -> ask(first)));
        }
        running.add(threads.submit(this::tell));
    }

    /// What the server is at from now on.
    void at(String newStage) {
        stage = newStage;
    }

    /// Who is asked from now on; nobody while it is started again.
    void to(Optional<ServerProcess> newServer) {
        server = newServer;
    }

    List<Asked> asked() {
        return List.copyOf(asked);
    }

    int failed() {
        return failed.get();
    }

    int told() {
        return told.get();
    }

    private Void ask(int first) throws Exception {
        for (int i = first; !paused(); i += ASKERS) {
            var question = set.questions().get(i % set.questions().size());
            var now = server;
            if (now.isPresent()) {
                ask(now.get(), question);
            }
        }
        return null;
    }

    private void ask(ServerProcess now, Question question) throws Exception {
        var before = stage;
        long begun = System.nanoTime();
        try (var cairn = client(now, question.group())) {
            var answer = cairn.recall(
                    RecallRequest.of(question.text()).withLimit(BEST).explained());
            double millis = (System.nanoTime() - begun) / 1e6;
            if (isStill(now)) {
                asked.add(new Asked(
                        question.id(),
                        before.equals(stage) ? before : BETWEEN,
                        millis,
                        found(question, answer.hits()),
                        DenseLeg.COMPLETE.equals(answer.dense()) || DenseLeg.BEHIND.equals(answer.dense()),
                        cosine(answer.hits())));
            }
        } catch (CairnException e) {
            if (isStill(now)) {
                failed.incrementAndGet();
                System.err.println(e);
            }
        }
    }

    private boolean isStill(ServerProcess now) {
        return server.filter(found -> found == now).isPresent();
    }

    private double found(Question question, List<Hit> hits) {
        var sources = set.answers().getOrDefault(question.id(), Map.of()).keySet();
        long there = hits.stream()
                .map(hit -> hit.citation().messageId())
                .filter(Objects::nonNull)
                .distinct()
                .filter(sources::contains)
                .count();
        return (double) there / sources.size();
    }

    private static double cosine(List<Hit> hits) {
        return hits.stream()
                .flatMap(hit -> Stream.ofNullable(hit.scores()))
                .flatMap(scores -> scores.legs().stream())
                .filter(leg -> leg.leg().equals("dense"))
                .flatMap(leg -> Stream.ofNullable(leg.raw()))
                .mapToDouble(Double::doubleValue)
                .max()
                .orElse(Double.NaN);
    }

    private Void tell() throws Exception {
        while (!paused()) {
            var now = server;
            if (now.isPresent()) {
                try (var cairn = client(now.get(), "told")) {
                    var text = "Message number %d came in while the model was changed.".formatted(told.get());
                    cairn.conversations().append("told", NewMessage.of("user", text));
                    told.incrementAndGet();
                } catch (CairnException e) {
                    if (isStill(now.get())) {
                        failed.incrementAndGet();
                        System.err.println(e);
                    }
                }
            }
        }
        return null;
    }

    static Cairn client(ServerProcess server, String tenant) throws Exception {
        return Cairn.at(server.address()).key(server.adminKey()).tenant(tenant).connect();
    }

    /// Waits a little between two requests.
    private boolean paused() throws InterruptedException {
        return stopping.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() throws Exception {
        stopping.countDown();
        for (var each : running) {
            each.get();
        }
        threads.close();
    }
}
