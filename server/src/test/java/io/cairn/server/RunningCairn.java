package io.cairn.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.client.wire.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

/// The real server on a free port, with its data in a folder of the test's. What needs no server of its own shares one:
/// [SharedCairn].
public final class RunningCairn implements AutoCloseable {
    public static final String KEY = "test-admin-key";

    private final ConfigurableApplicationContext context;
    private final HttpClient http;
    private final @Nullable String tenant;

    private RunningCairn(ConfigurableApplicationContext context, HttpClient http, @Nullable String tenant) {
        this.context = context;
        this.http = http;
        this.tenant = tenant;
    }

    public static RunningCairn start(Path data, String... settings) {
        return start(data, List.of(settings));
    }

    /// Without the model, for tests in which texts need not be understood.
    public static RunningCairn startCheaply(Path data, String... settings) {
        return start(data, List.of(settings), CheapEmbeddings.class);
    }

    /// @param more configuration that takes the place of the usual
    public static RunningCairn start(Path data, List<String> settings, Class<?>... more) {
        var all = new ArrayList<>(List.of(
                "--cairn.data=" + data,
                "--cairn.port=0",
                "--cairn.api-key=" + KEY,
                "--cairn.development=true",
                "--spring.main.register-shutdown-hook=false",
                "--logging.level.root=warn",
                "--logging.level.org.apache.lucene=error",
                "--logging.level.io.cairn.server.security=error"));
        settings.forEach(setting -> {
            all.removeIf(usual -> usual.startsWith(setting.substring(0, setting.indexOf('=') + 1)));
            all.add(setting);
        });
        return new RunningCairn(Serve.start(all, more), HttpClient.newHttpClient(), null);
    }

    /// The same server, as a tenant sees it.
    RunningCairn as(String tenant) {
        return new RunningCairn(context, http, tenant);
    }

    /// What the settings say of a key instead of its secret.
    public static String digest(String secret) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(secret.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    public int port() {
        return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    public ConfigurableApplicationContext context() {
        return context;
    }

    public URI uri(String path) {
        return URI.create("http://127.0.0.1:%d%s".formatted(port(), path));
    }

    /// A request with the admin key.
    public HttpRequest.Builder request(String path) {
        var request = HttpRequest.newBuilder(uri(path)).header("Authorization", "Bearer " + KEY);
        return tenant == null ? request : request.header("Cairn-Tenant", tenant);
    }

    public Answer get(String path) {
        return send(request(path));
    }

    public Answer delete(String path) {
        return send(request(path).DELETE());
    }

    public Answer put(String path, String json) {
        return send(request(path).header("Content-Type", "application/json").PUT(BodyPublishers.ofString(json)));
    }

    public Answer post(String path, String json, String... headers) {
        var request = request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(json));
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    public Answer send(HttpRequest.Builder request) {
        try {
            return new Answer(http.send(request.build(), BodyHandlers.ofString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        http.close();
        context.close();
    }

    /// What the server answered.
    public record Answer(HttpResponse<String> response) {
        public int status() {
            return response.statusCode();
        }

        public JsonNode json() {
            return Wire.responses().readTree(response.body());
        }

        public String text(String pointer) {
            return json().at(pointer).asString("");
        }

        public @Nullable String header(String name) {
            return response.headers().firstValue(name).orElse(null);
        }

        /// Fails with the whole answer if it is not this one.
        public Answer has(int status) {
            assertThat(status()).as(response.body()).isEqualTo(status);
            return this;
        }

        /// A problem in the one form, with this code.
        public Answer isProblem(int status, String code) {
            has(status);
            assertThat(header("Content-Type")).startsWith("application/problem+json");
            assertThat(text("/code")).as(response.body()).isEqualTo(code);
            assertThat(text("/correlation_id")).isEqualTo(header("X-Correlation-ID"));
            assertThat(text("/title")).isNotBlank();
            assertThat(text("/detail")).isNotBlank();
            assertThat(text("/remedy")).isNotBlank();
            assertThat(json().at("/status").asInt()).isEqualTo(status);
            assertThat(text("/type")).endsWith(code);
            return this;
        }
    }
}
