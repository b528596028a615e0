package io.cairn.bus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.json.JsonMapper;

/// What Cairn signs is genuine to the Standard Webhooks library of JavaScript, and the other way round.
@Timeout(120)
class StandardWebhooksOfNodeTest {
    private static final String LIBRARY = "standardwebhooks@1.1.1";
    private static final Path FOLDER = Path.of("target", "node").toAbsolutePath();
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int WEBHOOKS = 50;

    private static @Nullable Process node;

    @SuppressWarnings("NullAway.Init")
    private static BufferedWriter to;

    @SuppressWarnings("NullAway.Init")
    private static BufferedReader from;

    private final RandomGenerator random = new Random(3);
    private final Instant now = Instant.ofEpochSecond(Instant.now().getEpochSecond());

    @BeforeAll
    static void startNode() throws IOException, InterruptedException, URISyntaxException {
        Files.createDirectories(FOLDER);
        if (!Files.exists(FOLDER.resolve("node_modules").resolve("standardwebhooks"))) {
            install();
        }
        var script =
                Path.of(Objects.requireNonNull(StandardWebhooksOfNodeTest.class.getResource("standardwebhooks.cjs"))
                        .toURI());
        var started = new ProcessBuilder("node", script.toString(), FOLDER.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        node = started;
        to = started.outputWriter(UTF_8);
        from = started.inputReader(UTF_8);
    }

    private static void install() throws InterruptedException {
        try {
            var npm = new ProcessBuilder("npm", "install", "--no-save", "--prefix", FOLDER.toString(), LIBRARY)
                    .redirectErrorStream(true)
                    .redirectOutput(FOLDER.resolve("npm.log").toFile())
                    .start();
            if (!npm.waitFor(90, TimeUnit.SECONDS) || npm.exitValue() != 0) {
                npm.destroy();
                missing("npm could not install %s; see %s".formatted(LIBRARY, FOLDER.resolve("npm.log")));
            }
        } catch (IOException notThere) {
            missing("There is no npm here: " + notThere.getMessage());
        }
    }

    private static void missing(String why) {
        if ("required".equals(System.getenv("CAIRN_TEST_SERVERS"))) {
            fail(why);
        }
        abort(why);
    }

    @AfterAll
    static void stopNode() {
        if (node != null) {
            node.destroy();
        }
    }

    @Test
    void whatCairnSignsIsGenuineThere() throws IOException {
        for (int i = 0; i < WEBHOOKS; i++) {
            var secrets = List.of(WebhookSecret.random(random), WebhookSecret.random(random));
            var body = body();
            var headers = StandardWebhook.headers(secrets, "msg-" + i, now, body.getBytes(UTF_8));
            for (var secret : secrets) {
                assertThat(asked(Map.of("secret", secret.reveal(), "headers", headers, "body", body)))
                        .isEqualTo("genuine");
            }
            var changed = new HashMap<>(headers);
            changed.put("webhook-id", "msg-other");
            assertThat(asked(Map.of("secret", secrets.getFirst().reveal(), "headers", changed, "body", body)))
                    .isEqualTo("refused");
        }
    }

    @Test
    void whatIsSignedThereIsGenuineToCairn() throws IOException {
        for (int i = 0; i < WEBHOOKS; i++) {
            var secret = WebhookSecret.random(random);
            var body = body();
            var id = "msg-" + i;
            var seconds = now.getEpochSecond();
            var signature = asked(Map.of("secret", secret.reveal(), "id", id, "seconds", seconds, "body", body));
            var headers = Map.of(
                    StandardWebhook.ID, id,
                    StandardWebhook.TIMESTAMP, Long.toString(seconds),
                    StandardWebhook.SIGNATURE, signature);
            assertThat(SignatureStyle.STANDARD.verify(
                            name -> List.of(headers.get(name)),
                            body.getBytes(UTF_8),
                            List.of(secret),
                            now,
                            Duration.ofMinutes(5)))
                    .isEqualTo(new Verdict.Genuine(id));
        }
    }

    private String body() {
        var text = random.ints(1 + random.nextInt(200), 0x20, 0x2fff)
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
        return JSON.writeValueAsString(Map.of("type", "lead.scored", "data", text));
    }

    private static String asked(Object question) throws IOException {
        to.write(JSON.writeValueAsString(question));
        to.write('\n');
        to.flush();
        return Objects.requireNonNull(from.readLine(), "node ended");
    }
}
