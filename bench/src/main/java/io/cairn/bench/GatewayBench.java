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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;

/// What a call of a chat model takes longer through Cairn than without it, from 50 callers at once.
///
/// The model is a server in this process that answers after 100 ms. Cairn, in a process of its own, keeps account of
/// the calls and holds them to a budget. With `--portkey URL` the same calls also go through that gateway, which has
/// to be started before: `npx @portkey-ai/gateway@1.15.2 --headless`.
final class GatewayBench {
    private static final Duration MODEL_TAKES = Duration.ofMillis(100);
    private static final int CALLERS = 50;
    private static final int ROUNDS = 5;
    private static final String BODY =
            "{\"model\":\"small\",\"max_tokens\":100,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}],\"stream\":%s}";

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Map<String, Way> ways = new LinkedHashMap<>();
    private final int calls;

    /// By which a call reaches the model.
    private record Way(URI url, Map<String, String> headers) {}

    private GatewayBench(int calls) {
        this.calls = calls;
    }

    static void run(Options options) throws Exception {
        var folder = Files.createTempDirectory("cairn-bench");
        var data = Files.createDirectory(folder.resolve("data"));
        try (var model = ModelServer.start().otherwise(ModelReply.well().after(MODEL_TAKES));
                var server = ServerProcess.start(List.of("./cairn"), data, true, settings(model))) {
            var bench = new GatewayBench(options.number("calls", 2_000));
            bench.ways.put("direct", new Way(model.url().resolve("/v1/chat/completions"), Map.of()));
            bench.ways.put(
                    "Cairn",
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
            bench.measure(false);
            bench.measure(true);
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

    private void measure(boolean streamed) throws Exception {
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
                "goal");
        var taken = new LinkedHashMap<String, List<Double>>();
        for (var way : ways.entrySet()) {
            round(way.getValue(), streamed, CALLERS * 4);
        }
        for (int round = 0; round < ROUNDS; round++) {
            for (var way : ways.entrySet()) {
                taken.computeIfAbsent(way.getKey(), first -> new ArrayList<>())
                        .addAll(round(way.getValue(), streamed, calls));
            }
        }
        var direct = sample(taken.getOrDefault("direct", List.of()));
        taken.forEach((way, millis) -> row(table, way, sample(millis), direct));
    }

    private static void row(Table table, String way, Sample millis, Sample direct) {
        double p50 = millis.median() - direct.median();
        double p99 = millis.quantile(.99) - direct.quantile(.99);
        table.row(
                way,
                number("%.1f ms", millis.median()),
                number("%.1f ms", millis.quantile(.99)),
                number("%.1f ms", p50),
                number("%.1f ms", p99),
                way.equals("Cairn") ? "≤ 1 ms, ≤ 5 ms " + Table.met(p50 <= 1 && p99 <= 5) : "");
    }

    private static Sample sample(List<Double> millis) {
        return new Sample(millis.stream().mapToDouble(value -> value).toArray());
    }

    private List<Double> round(Way way, boolean streamed, int some) throws Exception {
        var millis = new ArrayList<Double>();
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<List<Double>> caller = () -> {
                var own = new ArrayList<Double>();
                for (int i = 0; i < some / CALLERS; i++) {
                    own.add(call(way, streamed));
                }
                return own;
            };
            var all = new ArrayList<Callable<List<Double>>>();
            for (int i = 0; i < CALLERS; i++) {
                all.add(caller);
            }
            for (var done : callers.invokeAll(all)) {
                millis.addAll(done.get());
            }
        }
        return millis;
    }

    private double call(Way way, boolean streamed) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(way.url())
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(BODY.formatted("How late is it?", streamed)));
        way.headers().forEach(request::header);
        long start = System.nanoTime();
        var answer = http.send(request.build(), BodyHandlers.ofInputStream());
        try (InputStream body = answer.body()) {
            int first = body.read();
            long begun = System.nanoTime();
            var rest = body.readAllBytes();
            if (answer.statusCode() != 200 || first < 0) {
                throw new IOException("%s answered %d: %s".formatted(way.url(), answer.statusCode(), new String(rest)));
            }
            return ((streamed ? begun : System.nanoTime()) - start) / 1e6;
        }
    }
}
