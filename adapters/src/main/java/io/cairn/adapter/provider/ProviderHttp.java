package io.cairn.adapter.provider;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cairn.guard.Deadline;
import io.cairn.model.ModelException;
import io.cairn.model.ModelException.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Posts JSON to a provider with the JDK's client.
///
/// It follows no redirect, so that the key goes nowhere else. Whoever is interrupted, or runs out of time, takes the
/// exchange down with them.
public final class ProviderHttp implements AutoCloseable {
    private static final Duration CONNECT_MAX = Duration.ofSeconds(5);
    private static final int ERROR_BYTES_MAX = 64 << 10;
    private static final int ANSWER_BYTES_MAX = 64 << 20;

    private final Provider provider;
    private final ProviderErrors errors;
    private final HttpClient client;

    public ProviderHttp(Provider provider, InstantSource clock) {
        this.provider = provider;
        this.errors = new ProviderErrors(provider.name(), clock);
        boolean tls = "https".equals(provider.base().getScheme());
        this.client = HttpClient.newBuilder()
                .connectTimeout(CONNECT_MAX)
                .followRedirects(HttpClient.Redirect.NEVER)
                .version(tls ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1)
                .build();
    }

    public String name() {
        return provider.name();
    }

    ProviderErrors errors() {
        return errors;
    }

    /// The whole answer of a success.
    String whole(String path, byte[] json, Deadline deadline) {
        try (var body = post(path, json, deadline)) {
            return read(body, ANSWER_BYTES_MAX, deadline);
        }
    }

    /// The body of a success, which the caller closes. A key that was refused is read once more.
    PulledBody post(String path, byte[] json, Deadline deadline) {
        var key = key();
        var answer = send(path, json, key, deadline);
        if (answer.statusCode() == 401 && isRenewed(key)) {
            answer.body().close();
            key = key();
            answer = send(path, json, key, deadline);
        }
        if (answer.statusCode() / 100 == 2) {
            return answer.body();
        }
        try (var body = answer.body()) {
            throw refused(answer.statusCode(), answer.headers(), body, key, deadline);
        }
    }

    /// @param sent the key that the provider was given, and may repeat
    private ModelException refused(
            int status, HttpHeaders headers, PulledBody body, Optional<String> sent, Deadline deadline) {
        var text = read(body, ERROR_BYTES_MAX, deadline);
        return errors.of(
                status, headers, sent.map(key -> text.replace(key, "[key]")).orElse(text));
    }

    private HttpResponse<PulledBody> send(String path, byte[] json, Optional<String> key, Deadline deadline) {
        var begun = client.sendAsync(request(path, json, key), headers -> new PulledBody());
        try {
            return begun.get(deadline.left().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            giveUp(begun);
            throw silent();
        } catch (ExecutionException e) {
            throw away(e.getCause() == null ? e : e.getCause());
        } catch (InterruptedException e) {
            giveUp(begun);
            throw interrupted(e);
        }
    }

    /// The answer may come at this very moment, and then it is the body that has to be closed.
    private static void giveUp(CompletableFuture<HttpResponse<PulledBody>> begun) {
        begun.cancel(true);
        begun.thenAccept(answer -> answer.body().close());
    }

    private HttpRequest request(String path, byte[] json, Optional<String> key) {
        var request = HttpRequest.newBuilder(provider.at(path))
                .header("Content-Type", "application/json")
                .header("User-Agent", "Cairn")
                .POST(BodyPublishers.ofByteArray(json));
        key.ifPresent(secret -> {
            switch (provider.auth()) {
                case BEARER -> request.header("Authorization", "Bearer " + secret);
                case API_KEY -> request.header("api-key", secret);
                case X_API_KEY -> request.header("x-api-key", secret);
            }
        });
        provider.headers().forEach(request::setHeader);
        return request.build();
    }

    private Optional<String> key() {
        try {
            return provider.key().value();
        } catch (IOException e) {
            throw keyUnreadable(e);
        }
    }

    private boolean isRenewed(Optional<String> refused) {
        try {
            return provider.key().isRenewed(refused);
        } catch (IOException e) {
            throw keyUnreadable(e);
        }
    }

    private ModelException keyUnreadable(IOException e) {
        return ModelException.of(
                name(), Kind.KEY_REFUSED, "The key of provider '%s' cannot be read".formatted(name()), e);
    }

    private String read(PulledBody body, int bytesMax, Deadline deadline) {
        var text = new ByteArrayOutputStream();
        for (var piece = next(body, deadline.left()); piece.isPresent(); piece = next(body, deadline.left())) {
            for (ByteBuffer buffer : piece.get()) {
                var bytes = new byte[buffer.remaining()];
                buffer.get(bytes);
                text.writeBytes(bytes);
            }
            if (text.size() > bytesMax) {
                throw garbled("more than %d bytes".formatted(bytesMax));
            }
        }
        return text.toString(UTF_8);
    }

    /// The next bytes of a body; none at its end. Where no time is left, also bytes that are there come too late.
    Optional<List<ByteBuffer>> next(PulledBody body, Duration limit) {
        if (!limit.isPositive()) {
            throw silent();
        }
        try {
            return body.next(limit);
        } catch (TimeoutException e) {
            throw silent();
        } catch (IOException e) {
            throw away(e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /// What the provider says has to be JSON.
    JsonNode json(String said) {
        return json(said, this::garbled);
    }

    /// @param garbled makes the exception that says what is wrong
    static JsonNode json(String said, Function<String, ModelException> garbled) {
        try {
            return Json.MAPPER.readTree(said);
        } catch (JacksonException e) {
            throw garbled.apply("what is no JSON");
        }
    }

    ModelException garbled(String what) {
        return ModelException.of(name(), Kind.GARBLED, "Provider '%s' answered %s".formatted(name(), what));
    }

    ModelException silent() {
        return ModelException.of(name(), Kind.SILENT, "Provider '%s' did not answer in time".formatted(name()));
    }

    ModelException brokeOff() {
        return ModelException.of(
                name(), Kind.AWAY, "Provider '%s' ended its answer before it was whole".formatted(name()));
    }

    private ModelException away(Throwable why) {
        return ModelException.of(
                name(),
                Kind.AWAY,
                "Provider '%s' cannot be reached: %s"
                        .formatted(name(), why.getClass().getSimpleName()),
                why);
    }

    /// Says nothing about the provider.
    private ModelException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return ModelException.of(name(), Kind.GIVEN_UP, "The call was given up", e);
    }

    /// Ends all calls.
    @Override
    public void close() {
        client.shutdownNow();
    }
}
