package io.cairn.server.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cairn.testkit.ModelServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The embedding model is changed, and changed back, while nodes are killed at random, questions are asked and messages
/// come in. Both models have vectors of one size, so that nothing but the answers could tell if they were mixed.
@Tag("fault")
@Timeout(600)
abstract class RefreshKillContract {
    private static final int UNITS = 2_000;
    private static final int JUDGED = 100;
    private static final int BATCH = 100;
    private static final int SOME = 60;
    private static final int KILLS = Rounds.of(4);
    private static final String DIMENSIONS = "256";
    private static final Duration PHASE_MAX = Duration.ofMinutes(2);

    private final ModelServer provider = ModelServer.start();
    private final Random random = new Random(20261130);
    private int kills;

    @TempDir
    Path folder;

    /// The server, on one node or more, on a log that outlives it.
    abstract Nodes start(Path folder, List<String> settings) throws IOException;

    /// Running nodes.
    interface Nodes extends AutoCloseable {
        List<CairnProcess> all();

        @Override
        void close() throws InterruptedException;
    }

    @AfterEach
    void stopProvider() {
        provider.close();
    }

    private Nodes before() throws IOException {
        return start(folder, settings("embedding", "small"));
    }

    private Nodes after() throws IOException {
        var settings = new ArrayList<>(settings("embedding", "large"));
        settings.addAll(settings("former-embedding", "small"));
        settings.add("--cairn.models.refresh.batch=" + BATCH);
        // About six seconds for all, so that there is time to be killed in.
        settings.add("--cairn.models.refresh.texts-per-minute=20000");
        settings.add("--cairn.models.refresh.questions="
                + Files.writeString(folder.resolve("questions"), new Freight().judged(JUDGED)));
        // How long queries take while two processes start is not what is looked at here.
        settings.add("--cairn.models.refresh.slower-by-max=30s");
        return start(folder, settings);
    }

    private List<String> settings(String which, String model) {
        var prefix = "--cairn.models.%s.".formatted(which);
        return List.of(
                "--cairn.models.providers.main.url=" + provider.url() + "/v1",
                prefix + "provider=main",
                prefix + "model=" + model,
                prefix + "ask-dimensions=true",
                prefix + "encoding=base64",
                prefix + "dimensions=" + DIMENSIONS);
    }

    @Test
    void noQuestionFailsOrMixesModelsWhateverIsKilledUntilTheChangeIsDoneAndTakenBack() throws Exception {
        try (var nodes = before()) {
            fill(nodes.all().getFirst());
        }
        int told = UNITS;
        try (var nodes = after()) {
            var node = nodes.all().getFirst();
            assertThat(models(node).path("answering").asString()).startsWith("small");
            var seen = new LinkedHashSet<String>();
            try (var traffic = FreightTraffic.start(nodes.all(), UNITS, told)) {
                traffic.awaitMore(SOME);
                System.out.printf("Before the change: %s%n", traffic.latency());
                assertThat(node.post("/v1/models/refresh", "{}").statusCode()).isEqualTo(202);
                while (!phase(nodes).equals("switched") || kills < KILLS) {
                    traffic.awaitMore(random.nextInt(1, SOME));
                    seen.add(phase(nodes));
                    assertThat(last(nodes).path("phase").asString()).isNotIn("refused", "cancelled");
                    if (kills < KILLS) {
                        kill(nodes, traffic);
                    }
                }
                System.out.printf("During the change: %s, killed %d times, in %s%n", traffic.latency(), kills, seen);
                assertThat(models(node).path("answering").asString()).startsWith("large");
                var comparison = last(nodes).path("comparison");
                assertThat(comparison.path("judged").asInt()).isEqualTo(JUDGED);
                assertThat(comparison.path("recall_after").asDouble()).isGreaterThan(0.99);
                traffic.awaitMore(SOME);
                System.out.printf("After the change: %s%n", traffic.latency());

                assertThat(node.post("/v1/models/refresh/rollback", "{}").statusCode())
                        .isEqualTo(202);
                traffic.awaitMore(random.nextInt(1, SOME));
                kill(nodes, traffic);
                awaitPhase(nodes, "rolled_back");
                traffic.awaitMore(SOME);
                told = traffic.told();
            }
            for (var each : nodes.all()) {
                assertThat(models(each).path("answering").asString()).startsWith("small");
                awaitEmbedded(each);
                findsAll(each, told);
                assertThat(new Answers(each).parked()).isEmpty();
            }
        }
        assertThat(sentToLarge().values().stream().mapToInt(times -> times - 1).sum())
                .as("texts that the new model was given once more")
                .isLessThanOrEqualTo((kills + 1) * 2 * BATCH);
    }

    private void kill(Nodes nodes, FreightTraffic traffic) throws InterruptedException {
        var victim = nodes.all().get(random.nextInt(nodes.all().size()));
        victim.kill();
        kills++;
        if (nodes.all().size() > 1) {
            // The others go on alone.
            traffic.awaitMore(SOME);
        }
        victim.restart();
    }

    private void fill(CairnProcess node) throws IOException, InterruptedException {
        for (int from = 0; from < UNITS; from += 500) {
            var answer = node.post(
                    "/v1/conversations/%s/messages".formatted(Freight.CONVERSATION),
                    new Freight().messages(from, from + 500));
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        }
        awaitEmbedded(node);
    }

    private static void awaitEmbedded(CairnProcess node) {
        await().atMost(PHASE_MAX).until(() -> new Answers(node).hasCaughtUp());
    }

    private static void findsAll(CairnProcess node, int told) throws IOException, InterruptedException {
        var freight = new Freight();
        for (int number = 0; number < told; number += 23) {
            var answer = JsonMapper.shared()
                    .readTree(node.post("/v1/recall", freight.recall(number)).body());
            assertThat(Freight.fault(number, answer)).as(answer.toString()).isEmpty();
        }
    }

    private static JsonNode models(CairnProcess node) throws IOException, InterruptedException {
        return node.get("/v1/models");
    }

    private static JsonNode last(Nodes nodes) throws IOException, InterruptedException {
        return models(nodes.all().getFirst()).path("refresh");
    }

    private static String phase(Nodes nodes) throws IOException, InterruptedException {
        return last(nodes).path("phase").asString();
    }

    private static void awaitPhase(Nodes nodes, String phase) {
        await().atMost(PHASE_MAX).untilAsserted(() -> assertThat(phase(nodes)).isEqualTo(phase));
    }

    /// How often each passage was.
    private Map<String, Integer> sentToLarge() {
        var times = new HashMap<String, Integer>();
        for (var request : provider.requests()) {
            if (request.json().path("model").asString().equals("large")) {
                request.json().path("input").forEach(text -> times.merge(text.asString(), 1, Integer::sum));
            }
        }
        times.keySet().removeIf(text -> !text.startsWith("user: "));
        return times;
    }
}
