package io.cairn.bench;

import static io.cairn.bench.Table.number;

import io.cairn.testkit.ModelReply;
import io.cairn.testkit.ModelServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/// What a call of a chat model takes longer through Cairn than without it, from 50 callers at once.
///
/// The model is a server in this process that answers after 100 ms. Callers know nothing of each other, so they begin
/// 2 ms one after another, spread over the time that the model takes. With `--apart 0` all of them begin together, and
/// go on doing so, as the model always takes as long. Cairn, in a process of its own, keeps account of
/// the calls and holds them to a budget. With `--portkey URL` the same calls also go through that gateway, which has
/// to be started before: `npx @portkey-ai/gateway@1.15.2 --headless`.
final class GatewayBench {
    private static final Duration MODEL_TAKES = Duration.ofMillis(100);
    private static final int CALLERS = 50;
    private static final int ROUNDS = 5;
    private static final String CAIRN = "Cairn";
    private static final int WARM_UP_ROUNDS = 4;
    private static final String BODY =
            "{\"model\":\"small\",\"max_tokens\":100,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}],\"stream\":%s}";

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Map<String, Way> ways = new LinkedHashMap<>();
    private final int calls;
    private final Duration between;

    /// By which a call reaches the model.
    private record Way(URI url, Map<String, String> headers) {}

    /// What callers saw of some calls.
    private record Seen(List<Double> millis, AtomicInteger failed) {
        Seen() {
            this(Collections.synchronizedList(new ArrayList<>()), new AtomicInteger());
        }

        int calls() {
            return millis.size() + failed.get();
        }
    }

    private GatewayBench(int calls, Duration between) {
        this.calls = calls;
        this.between = between;
    }

    static void run(Options options) throws Exception {
        var folder = Files.createTempDirectory("cairn-bench");
        var data = Files.createDirectory(folder.resolve("data"));
        try (var model = ModelServer.start().otherwise(ModelReply.well().after(MODEL_TAKES));
                var server = ServerProcess.start(List.of("./cairn"), data, true, settings(model))) {
            var bench = new GatewayBench(options.number("calls", 2_000), Duration.ofMillis(options.number("apart", 2)));
            bench.ways.put("direct", new Way(model.url().resolve("/v1/chat/completions"), Map.of()));
            bench.ways.put(
                    CAIRN,
                    new Way(
                            server.address().resolve("/openai/v1/chat/completions"),
                            Map.of("Authorization", "Bearer " + server.adminKey())));
            Optional.ofNullable(options.named().get("portkey"))
                    .ifPresent(url -> bench.ways.put(
                            "Portkey",
                            new Way(
                                    URI.create(url).resolve("/v1/chat/completions"),
                                    Map.of(
                                            "Authorization",
                                            "Bearer none",
                                            "x-portkey-provider",
                                            "openai",
                                            "x-portkey-custom-host",
                                            model.url() + "/v1"))));
            bench.measure(false, server);
            bench.measure(true, server);
        } finally {
            Folders.delete(folder);
        }
    }

    private static Map<String, String> settings(ModelServer model) {
        return Map.of(
                "CAIRN_MODELS_PROVIDERS_MAIN_URL", model.url() + "/v1",
                "CAIRN_MODELS_CHAT_SMALL_PROVIDER", "main",
                "CAIRN_MODELS_PRICES_SMALL_INPUT", "1",
                "CAIRN_MODELS_PRICES_SMALL_OUTPUT", "2",
                "CAIRN_MODELS_BUDGETS_ALL_MONEY", "1000000",
                "CAIRN_MODELS_BUDGETS_ALL_PER", "day",
                "CAIRN_MODELS_CALLS", Integer.toString(8 * CALLERS));
    }

    private void measure(boolean streamed, ServerProcess server) throws Exception {
        var table = Table.begin(
                "%s, %d callers, %,d calls in each of %d rounds"
                        .formatted(
                                streamed ? "Until the first byte of a stream" : "Whole answers",
                                CALLERS,
                                calls,
                                ROUNDS),
                "by",
                "p50",
                "p99",
                "p50 more than direct",
                "p99 more than direct",
                "failed",
                "goal");
        var seen = new LinkedHashMap<String, Seen>();
        var worked = Duration.ZERO;
        for (int round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
            for (var way : ways.entrySet()) {
                var before = server.processorTime();
                var into = round < 0 ? new Seen() : seen.computeIfAbsent(way.getKey(), first -> new Seen());
                round(way.getValue(), streamed, into);
                worked = round < 0 || !way.getKey().equals(CAIRN)
                        ? worked
                        : worked.plus(server.processorTime()).minus(before);
            }
        }
        var direct = sample(seen.getOrDefault("direct", new Seen()));
        seen.forEach((way, all) -> row(table, way, all, direct));
        int calls = seen.getOrDefault(CAIRN, new Seen()).calls();
        System.out.printf("%nA call takes Cairn %.2f ms of processor time%n", worked.toNanos() / 1e6 / calls);
    }

    private static void row(Table table, String way, Seen seen, Sample direct) {
        if (seen.millis().isEmpty()) {
            table.row(way, "", "", "", "", "all", "");
            return;
        }
        var millis = sample(seen);
        double p50 = millis.median() - direct.median();
        double p99 = millis.quantile(.99) - direct.quantile(.99);
        table.row(
                way,
                number("%.1f ms", millis.median()),
                number("%.1f ms", millis.quantile(.99)),
                number("%.1f ms", p50),
                number("%.1f ms", p99),
                seen.failed(),
                way.equals(CAIRN) ? "≤ 1 ms, ≤ 5 ms " + Table.met(p50 <= 1 && p99 <= 5) : "");
    }

    private static Sample sample(Seen seen) {
        return new Sample(seen.millis().stream().mapToDouble(value -> value).toArray());
    }

    private void round(Way way, boolean streamed, Seen seen) throws Exception {
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            var all = new ArrayList<Callable<Boolean>>();
            for (int i = 0; i < CALLERS; i++) {
                var begins = between.multipliedBy(i);
                all.add(() -> {
                    Thread.sleep(begins);
                    for (int call = 0; call < calls / CALLERS; call++) {
                        call(way, streamed, seen);
                    }
                    return true;
                });
            }
            for (var done : callers.invokeAll(all)) {
                done.get();
            }
        }
    }

    private void call(Way way, boolean streamed, Seen seen) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(way.url())
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(BODY.formatted("How late is it?", streamed)));
        way.headers().forEach(request::header);
        long start = System.nanoTime();
        var answer = http.send(request.build(), BodyHandlers.ofInputStream());
        try (InputStream body = answer.body()) {
            int first = body.read();
            long begun = System.nanoTime();
            body.readAllBytes();
            if (answer.statusCode() != 200 || first < 0) {
                seen.failed().incrementAndGet();
            } else {
                seen.millis().add(((streamed ? begun : System.nanoTime()) - start) / 1e6);
            }
        }
    }
}
