package io.cairn.bench;

import static io.cairn.bench.Table.number;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.cairn.client.Cairn;
import io.cairn.client.Expected;
import io.cairn.client.wire.NewEvent;
import io.cairn.client.wire.NewWebhook;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import tools.jackson.databind.node.JsonNodeFactory;

/// What one endpoint of ten that never answers costs the nine others: how long until these have been told of all
/// events, beside ten that answer. A server in a process of its own tells HTTP servers of this process.
final class WebhookBench {
    private static final int ENDPOINTS = 10;
    private static final int STREAMS = 50;
    private static final int ROUNDS = 3;
    private static final double SLOWED_MAX = 1.05;

    private final int events;

    private WebhookBench(int events) {
        this.events = events;
    }

    static void run(Options options) throws Exception {
        var bench = new WebhookBench(options.number("events", 2_000));
        var table = Table.begin(
                "%,d events told to nine endpoints, median of %d".formatted(bench.events, ROUNDS),
                "the tenth",
                "until the nine know all",
                "ratio [least–most]",
                "goal");
        var answering = new ArrayList<Double>();
        var hanging = new ArrayList<Double>();
        bench.seconds(false); // warms up
        for (int round = 0; round < ROUNDS; round++) {
            answering.add(bench.seconds(false));
            hanging.add(bench.seconds(true));
        }
        var ratios = Sample.of(IntStream.range(0, ROUNDS), i -> hanging.get(i) / answering.get(i));
        table.row("answers", number("%.2f s", median(answering)), "", "");
        table.row(
                "never answers",
                number("%.2f s", median(hanging)),
                number("%.2f [%.2f–%.2f]", ratios.median(), ratios.quantile(0), ratios.quantile(1)),
                number("≤ %.2f %s", SLOWED_MAX, Table.met(ratios.median() <= SLOWED_MAX)));
    }

    private static double median(List<Double> some) {
        return new Sample(some.stream().mapToDouble(value -> value).toArray()).median();
    }

    private double seconds(boolean hanging) throws Exception {
        var folder = Files.createTempDirectory("cairn-bench");
        var data = Files.createDirectory(folder.resolve("data"));
        var told = new CountDownLatch(events * (ENDPOINTS - 1));
        var over = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor();
                var receivers = new Receivers();
                var server = ServerProcess.start(
                        List.of("./cairn"), data, true, Map.of("CAIRN_WEBHOOKS_ALLOWED_HOSTS", "127.0.0.1"));
                var cairn = server.connect()) {
            for (int i = 1; i < ENDPOINTS; i++) {
                cairn.webhooks().create(NewWebhook.to(receivers.add(threads, told::countDown), "order.*"));
            }
            cairn.webhooks()
                    .create(NewWebhook.to(
                            receivers.add(threads, () -> {
                                if (hanging) {
                                    over.await();
                                }
                            }),
                            "order.*"));
            append(cairn);
            long begun = System.nanoTime();
            told.await();
            double took = (System.nanoTime() - begun) / (double) TimeUnit.SECONDS.toNanos(1);
            over.countDown();
            return took;
        } finally {
            Folders.delete(folder);
        }
    }

    private void append(Cairn cairn) {
        for (int stream = 0; stream < STREAMS; stream++) {
            var some = new ArrayList<NewEvent>();
            for (int i = 0; i < events / STREAMS; i++) {
                some.add(NewEvent.of(
                        "order.placed", JsonNodeFactory.instance.objectNode().put("total", i)));
            }
            cairn.streams().append("order", "order-" + stream, Expected.any(), some);
        }
    }

    /// What a receiver does before it answers.
    @FunctionalInterface
    private interface Before {
        void answer() throws InterruptedException;
    }

    /// Servers that are told of events.
    private static final class Receivers implements AutoCloseable {
        private final List<HttpServer> servers = new ArrayList<>();

        String add(ExecutorService threads, Before before) throws IOException {
            var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setExecutor(threads);
            server.createContext("/", exchange -> answer(exchange, before));
            server.start();
            servers.add(server);
            return "http://127.0.0.1:%d/".formatted(server.getAddress().getPort());
        }

        private static void answer(HttpExchange exchange, Before before) throws IOException {
            try (exchange) {
                exchange.getRequestBody().readAllBytes();
                before.answer();
                exchange.sendResponseHeaders(204, -1);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void close() {
            servers.forEach(server -> server.stop(0));
        }
    }
}
