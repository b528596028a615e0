package io.cairn.server.models;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.cairn.server.RunningCairn;
import io.cairn.testkit.ModelReply;
import io.cairn.testkit.ModelRequest;
import io.cairn.testkit.ModelServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The keys of providers are files of a folder, as Docker and Kubernetes give secrets to a container.
@Timeout(60)
class ProviderKeyFolderTest {
    private static final int CALLERS = 20;
    private static final String CHAT = "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}";

    private final ModelServer provider = ModelServer.start();

    @TempDir
    Path data;

    @TempDir
    Path secrets;

    @AfterEach
    void close() {
        provider.close();
    }

    private RunningCairn start(String... more) {
        var settings = new ArrayList<>(List.of(
                "--cairn.models.key-folder=" + secrets,
                "--cairn.models.providers.main.url=" + provider.url() + "/v1",
                "--cairn.models.providers.main.attempts=1",
                "--cairn.models.providers.other.url=" + provider.url() + "/v1",
                "--cairn.models.providers.other.key=of-its-own",
                "--cairn.models.providers.open.url=" + provider.url() + "/v1",
                "--cairn.models.chat.small.provider=main",
                "--cairn.models.chat.large.provider=other",
                "--cairn.models.chat.free.provider=open"));
        settings.addAll(List.of(more));
        return RunningCairn.startCheaply(data, settings.toArray(String[]::new));
    }

    private Optional<String> keySentFor(RunningCairn cairn, String model) {
        cairn.post("/openai/v1/chat/completions", CHAT.formatted(model)).has(200);
        return provider.lastRequest().header("Authorization");
    }

    @Test
    void eachProviderHasItsOwnKeyAndARotatedOneIsInUseWithoutARestart() throws IOException {
        var file = Files.writeString(secrets.resolve("main"), "sk-old\n");
        Files.writeString(secrets.resolve("other"), "not this one");
        try (var cairn = start()) {
            assertThat(keySentFor(cairn, "small")).contains("Bearer sk-old");
            assertThat(keySentFor(cairn, "large")).contains("Bearer of-its-own");
            assertThat(keySentFor(cairn, "free")).isEmpty();

            Files.writeString(file, "sk-new\n");
            Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(2)));
            assertThat(keySentFor(cairn, "small")).contains("Bearer sk-new");
        }
    }

    @Test
    void aKeyThatIsRotatedWhileCallsAreUnderWayFailsNoneOfThem() throws Exception {
        var file = Files.writeString(secrets.resolve("strict"), "sk-old\n");
        try (var strict = new StrictProvider("sk-old");
                var cairn = start(
                        "--cairn.models.providers.strict.url=" + strict.url(),
                        "--cairn.models.providers.strict.attempts=1",
                        "--cairn.models.chat.strict.provider=strict");
                var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = new ArrayList<Future<Integer>>();
            for (int i = 0; i < CALLERS; i++) {
                answers.add(callers.submit(() -> cairn.post("/openai/v1/chat/completions", CHAT.formatted("strict"))
                        .status()));
            }
            await().until(() -> strict.asked().size() == CALLERS);
            Files.writeString(file, "sk-new\n");
            strict.rotate("sk-new");

            for (var answer : answers) {
                assertThat(answer.get()).isEqualTo(200);
            }
            cairn.post("/openai/v1/chat/completions", CHAT.formatted("strict")).has(200);
            assertThat(strict.asked())
                    .startsWith(Collections.nCopies(CALLERS, "Bearer sk-old").toArray(String[]::new))
                    .endsWith(Collections.nCopies(CALLERS + 1, "Bearer sk-new").toArray(String[]::new))
                    .hasSize(2 * CALLERS + 1);
        }
    }

    /// A provider that takes one key, and answers nobody before it is told which one from now on.
    private static final class StrictProvider implements AutoCloseable {
        private final HttpServer server;
        private final List<String> asked = new CopyOnWriteArrayList<>();
        private final CountDownLatch answering = new CountDownLatch(1);
        private volatile String key;

        StrictProvider(String key) throws IOException {
            this.key = key;
            this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.createContext("/", this::answer);
            server.start();
        }

        String url() {
            return "http://127.0.0.1:%d/v1".formatted(server.getAddress().getPort());
        }

        /// The keys that came, in their order.
        List<String> asked() {
            return List.copyOf(asked);
        }

        void rotate(String newKey) {
            key = newKey;
            answering.countDown();
        }

        private void answer(HttpExchange exchange) throws IOException {
            try (exchange) {
                var sent = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
                asked.add(sent);
                exchange.getRequestBody().readAllBytes();
                answering.await();
                boolean right = sent.equals("Bearer " + key);
                var body = (right
                                ? "{\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"hello\"}}]}"
                                : "{\"error\":{\"message\":\"Incorrect API key\"}}")
                        .getBytes(UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.sendResponseHeaders(right ? 200 : 401, body.length);
                exchange.getResponseBody().write(body);
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }

        @Override
        public void close() {
            answering.countDown();
            server.stop(0);
        }
    }

    @Test
    void aKeyThatIsRefusedIsReadAgainAndToldToNobody() throws IOException {
        var file = Files.writeString(secrets.resolve("main"), "sk-old\n");
        var at = Files.getLastModifiedTime(file);
        try (var cairn = start()) {
            keySentFor(cairn, "small");
            Files.writeString(file, "sk-new\n");
            Files.setLastModifiedTime(file, at);
            provider.then(ModelReply.status(401, "{\"error\":{\"message\":\"Incorrect API key: sk-old\"}}"));

            assertThat(keySentFor(cairn, "small")).contains("Bearer sk-new");

            provider.then(ModelReply.status(401, "{\"error\":{\"message\":\"Incorrect API key: sk-new\"}}"));
            assertThat(cairn.post("/openai/v1/chat/completions", CHAT.formatted("small"))
                            .has(502)
                            .response()
                            .body())
                    .doesNotContain("sk-new");
        }
        assertThat(provider.requests()).extracting(ModelRequest::path).containsOnly("/v1/chat/completions");
    }

    @Test
    void aFolderThatIsNotThereStopsTheStart() {
        assertThatThrownBy(() -> start("--cairn.models.key-folder=" + secrets.resolve("none")))
                .hasStackTraceContaining("cairn.models.key-folder is a folder that is there");
    }
}
