package io.cairn.server.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cairn.bus.EventBus;
import io.cairn.bus.Interest;
import io.cairn.event.StorageException;
import io.cairn.guard.Breaker;
import io.cairn.saga.Next;
import io.cairn.saga.SagaType;
import io.cairn.server.CheapEmbeddings;
import io.cairn.server.RunningCairn;
import io.cairn.task.Outcome;
import io.cairn.task.TaskType;
import io.cairn.testkit.ModelServer;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// `docs/OBSERVABILITY.md` and a running server name the same metrics, with the same labels.
class ObservabilityTest {
    private static final Pattern ROW =
            Pattern.compile("\\| `([a-z0-9_]+)` \\| ((?:`[a-z]+`(?:, )?)*)[^|]*\\| [^|]+ \\| .*");
    private static final Pattern ORIGIN = Pattern.compile(
            "^\\| `([a-z0-9_]+)(?:\\{([a-z,]+)})?` \\| `([a-z0-9_]+)` \\| [^|]*\\|$", Pattern.MULTILINE);
    private static final Pattern LABEL = Pattern.compile("`([a-z]+)`");
    private static final Pattern SAMPLE = Pattern.compile("([a-z0-9_]+)(?:\\{(.*)})? [^ ]+");
    private static final Pattern SAMPLE_LABEL = Pattern.compile("([a-z]+)=\"(?:[^\"\\\\]|\\\\.)*\"");

    /// What Prometheus adds to the parts of histograms and summaries.
    private static final Set<String> PARTS = Set.of("le", "quantile");

    /// A type of saga and one of task that has a breaker, so that there is something to be counted.
    @Configuration(proxyBeanMethods = false)
    static class Waiting {
        @Bean
        SagaType waiting() {
            return SagaType.named("wait", (at, input) -> Next.to(at.state()));
        }

        @Bean
        TaskType guarded() {
            var breaker = new Breaker(
                    "elsewhere",
                    StorageException.FAILURES,
                    new Breaker.Settings(3, Duration.ofMinutes(1)),
                    System::nanoTime);
            return TaskType.of("wait.guarded", "default", run -> Outcome.done()).guardedBy(breaker);
        }
    }

    @Test
    void theDocumentAndAScrapeNameTheSameMetrics(@TempDir Path data) throws IOException {
        try (var models = ModelServer.start();
                var cairn = RunningCairn.start(
                        data,
                        List.of(
                                "--cairn.webhooks.allowed-hosts=127.0.0.1",
                                "--cairn.models.providers.away.url=http://127.0.0.1:9/v1",
                                "--cairn.models.providers.away.attempts=1",
                                "--cairn.models.providers.here.url=" + models.url(),
                                "--cairn.models.chat.first.provider=away",
                                "--cairn.models.chat.first.fallbacks=second",
                                "--cairn.models.chat.second.provider=here",
                                "--cairn.models.embedding.provider=here",
                                "--cairn.models.embedding.model=embedder",
                                "--cairn.models.embedding.dimensions=8",
                                "--cairn.models.embedding.fallbacks[0].provider=away",
                                "--cairn.models.budgets.all.per=day",
                                "--cairn.models.budgets.all.tokens=1000000",
                                "--cairn.hooks.crm.secrets=whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
                        CheapEmbeddings.class,
                        Waiting.class)) {
            useAll(cairn);
            assertThat(scraped(cairn)).isEqualTo(documented());
        }
    }

    @Test
    void whatHadANameInTheOriginsIsFoundUnderThatNameWithAtLeastTheSameLabels() throws IOException {
        var documented = documented();
        var document = Files.readString(Path.of("../docs/OBSERVABILITY.md"));
        var rows = ORIGIN.matcher(document).results().toList();
        assertThat(rows).hasSize(17);
        assertThat(rows).allSatisfy(row -> {
            assertThat(row.group(3)).isEqualTo(row.group(1));
            assertThat(documented).containsKey(row.group(3));
            var labels = row.group(2) == null
                    ? List.<String>of()
                    : List.of(row.group(2).split(","));
            assertThat(documented.get(row.group(3))).as(row.group(1)).containsAll(labels);
        });
    }

    /// Something that leaves its mark in each metric.
    private static void useAll(RunningCairn cairn) {
        webhooks(cairn);
        cairn.post(
                        "/openai/v1/chat/completions",
                        "{\"model\":\"first\",\"stream\":true,\"messages\":[{\"content\":\"hi\"}]}")
                .has(200);
        var position = cairn.post(
                        "/v1/conversations/c/messages", "{\"messages\":[{\"role\":\"user\",\"content\":\"Low tide\"}]}")
                .has(201)
                .text("/position");
        cairn.post("/v1/documents/batch", "{\"documents\":[{\"content\":\"Tides\"}]}")
                .has(200);
        cairn.send(HttpRequest.newBuilder(cairn.uri("/v1/status"))).has(401);
        await().untilAsserted(() -> assertThat(cairn.get("/v1/status")
                        .json()
                        .at("/projections/1/events_behind")
                        .asLong())
                .isZero());
        cairn.post("/v1/recall", "{\"query\":\"tide\",\"min_position\":\"%s\"}".formatted(position))
                .has(200);
        var initialized = cairn.post("/mcp", """
            {"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18",
             "capabilities":{},"clientInfo":{"name":"test","version":"1"}}}\
            """, "Accept", "application/json," + " text/event-stream")
                .has(200);
        cairn.post(
                        "/mcp",
                        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"status\",\"arguments\":{}}}",
                        "Accept",
                        "application/json, text/event-stream",
                        "Mcp-Session-Id",
                        String.valueOf(initialized.header("Mcp-Session-Id")))
                .has(200);
    }

    /// One that this server sends to itself, and one that is not signed.
    private static void webhooks(RunningCairn cairn) {
        cairn.bean(EventBus.class).subscribe("whole", Interest.matching("*"), event -> {});
        cairn.bean(EventBus.class).subscribe("broken", Interest.matching("*"), event -> {
            throw new IllegalStateException("as it must");
        });
        var id = cairn.post("/v1/webhooks", "{\"url\":\"%s\"}".formatted(cairn.uri("/v1/status")))
                .has(201)
                .text("/id");
        cairn.post("/v1/webhooks/%s/ping".formatted(id), "{}").has(200);
        cairn.send(HttpRequest.newBuilder(cairn.uri("/hooks/crm")).POST(BodyPublishers.ofString("{}")))
                .has(401);
        await().untilAsserted(() -> assertThat(
                        cairn.get("/metrics").has(200).response().body())
                .contains("webhook_deliveries_seconds_count", "bus_handled_total", "bus_failures_total"));
    }

    /// Labels by metric; what belongs to one histogram or summary counts as one, and Micrometer's own are
    /// left out.
    private static Map<String, Set<String>> scraped(RunningCairn cairn) {
        var body = cairn.get("/metrics").has(200).response().body();
        var families = body.lines()
                .filter(line -> line.startsWith("# TYPE "))
                .map(line -> line.split(" ", 4)[2])
                .collect(Collectors.toSet());
        var labels = new TreeMap<String, Set<String>>();
        body.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
            var sample = SAMPLE.matcher(line);
            assertThat(sample.matches()).as(line).isTrue();
            var family = family(sample.group(1), families);
            if (!family.startsWith("jvm_") && !family.startsWith("process_") && !family.startsWith("system_")) {
                labels.computeIfAbsent(family, name -> new TreeSet<>()).addAll(labels(sample.group(2)));
            }
        });
        return labels;
    }

    private static String family(String sample, Set<String> families) {
        var base = sample.replaceFirst("_(bucket|count|sum|max)$", "");
        return families.contains(base) ? base : sample;
    }

    private static Set<String> labels(@org.jspecify.annotations.Nullable String text) {
        return text == null
                ? Set.of()
                : SAMPLE_LABEL
                        .matcher(text)
                        .results()
                        .map(found -> found.group(1))
                        .filter(label -> !PARTS.contains(label))
                        .collect(Collectors.toSet());
    }

    private static Map<String, Set<String>> documented() throws IOException {
        var metrics = new TreeMap<String, Set<String>>();
        var document = Files.readString(Path.of("../docs/OBSERVABILITY.md"));
        var section = document.substring(document.indexOf("\n## Metrics"), document.indexOf("\n## Logs"));
        for (var line : section.lines().toList()) {
            var row = ROW.matcher(line);
            if (row.matches()) {
                metrics.put(
                        row.group(1),
                        LABEL.matcher(row.group(2))
                                .results()
                                .map(found -> found.group(1))
                                .collect(Collectors.toCollection(TreeSet::new)));
            }
        }
        assertThat(metrics).hasSizeGreaterThan(20);
        return metrics;
    }
}
