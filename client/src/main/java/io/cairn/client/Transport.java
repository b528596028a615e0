package io.cairn.client;

import io.cairn.client.wire.Page;
import io.cairn.client.wire.Wire;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.json.JsonMapper;

/// Sends calls, repeats those that may be repeated, and turns refusals into exceptions.
///
/// A call is sent again when the server said 429 or 503 (it did nothing), when no connection came about, and,
/// if a second sending is harmless, also after 502, 504 or a connection that broke. Everything else is final.
final class Transport implements AutoCloseable {
    private static final JsonMapper JSON = Wire.responses();

    private final HttpClient http;
    private final Settings settings;

    /// What every call of one client has in common.
    record Settings(
            String server,
            @Nullable String key,
            @Nullable String tenant,
            Supplier<String> correlation,
            Duration connectTimeout,
            Duration answerTimeout,
            Patience patience,
            Pause pause,
            DoubleSupplier chance,
            InstantSource clock) {
        @Override
        public String toString() {
            return server;
        }
    }

    Transport(Settings settings) {
        this.settings = settings;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(settings.connectTimeout())
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    <T> T send(Call call, Class<T> type) {
        return repeating(call, answer -> type.cast(read(answer, JSON.constructType(type))));
    }

    @SuppressWarnings("unchecked")
    <T> Page<T> page(Call call, Class<T> item) {
        JavaType type = JSON.getTypeFactory().constructParametricType(Page.class, item);
        return (Page<T>) repeating(call, answer -> read(answer, type));
    }

    /// The answer's body as it comes. A break in the middle is the caller's to mend, who knows how far it
    /// came.
    InputStream open(Call call) {
        return repeating(call, Answer::body);
    }

    /// The same of a server that may say nothing for longer than other answers take.
    InputStream open(Call call, Duration silence) {
        var allowed = silence.compareTo(settings.answerTimeout()) > 0 ? silence : settings.answerTimeout();
        return repeating(call, allowed, Answer::body);
    }

    /// Waits as between two tries, however many there were.
    void pause(int tries, CairnException why) {
        pause(settings.patience().between(tries, settings.chance().getAsDouble()), why);
    }

    CairnUnreachable broken(IOException cause) {
        return CairnUnreachable.at(settings.server(), cause);
    }

    private <T> T repeating(Call call, Use<T> use) {
        return repeating(call, settings.answerTimeout(), use);
    }

    private <T> T repeating(Call call, Duration silence, Use<T> use) {
        HttpRequest request = request(call);
        for (int tries = 1; ; tries++) {
            switch (attempt(call, request, silence, use)) {
                case Attempt.Done<T>(T result) -> {
                    return result;
                }
                case Attempt.Failed<T> failed -> await(failed, tries);
            }
        }
    }

    @FunctionalInterface
    private interface Use<T> {
        T of(Answer answer) throws IOException;
    }

    private sealed interface Attempt<T> {
        record Done<T>(T result) implements Attempt<T> {}

        record Failed<T>(CairnException why, boolean mayBeRepeated, Optional<Duration> asked) implements Attempt<T> {}
    }

    private <T> Attempt<T> attempt(Call call, HttpRequest request, Duration silence, Use<T> use) {
        try {
            Answer answer = new Answer(settings.server(), call, http.send(request, head -> new BodyStream(silence)));
            if (answer.status() < 300) {
                return new Attempt.Done<>(use.of(answer));
            }
            CairnProblem problem = new CairnProblem(answer.problem());
            return new Attempt.Failed<>(
                    problem, mayBeRepeated(answer.status(), call), answer.retryAfter(settings.clock()));
        } catch (InterruptedIOException | InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CairnUnreachable("Interrupted while waiting for " + settings.server() + ".", interrupted);
        } catch (IOException broken) {
            boolean harmless = call.again() == Call.Again.HARMLESS || CairnUnreachable.neverConnected(broken);
            return new Attempt.Failed<>(broken(broken), harmless, Optional.empty());
        }
    }

    private static boolean mayBeRepeated(int status, Call call) {
        return switch (status) {
            case 429, 503 -> true;
            case 502, 504 -> call.again() == Call.Again.HARMLESS;
            default -> false;
        };
    }

    private void await(Attempt.Failed<?> failed, int tries) {
        Optional<Duration> wait = failed.mayBeRepeated()
                ? settings.patience()
                        .after(tries, failed.asked(), settings.chance().getAsDouble())
                : Optional.empty();
        pause(wait.orElseThrow(failed::why), failed.why());
    }

    private void pause(Duration wait, CairnException why) {
        try {
            settings.pause().of(wait);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw why;
        }
    }

    private HttpRequest request(Call call) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(settings.server() + call.path()))
                .method(call.method(), call.body())
                .timeout(settings.answerTimeout())
                .setHeader("Accept", "application/json, application/x-ndjson, application/problem+json")
                .setHeader("X-Correlation-ID", settings.correlation().get());
        if (settings.key() != null) {
            request.setHeader("Authorization", "Bearer " + settings.key());
        }
        if (settings.tenant() != null) {
            request.setHeader("Cairn-Tenant", settings.tenant());
        }
        call.headers().forEach(request::setHeader);
        return request.build();
    }

    private static Object read(Answer answer, JavaType type) throws IOException {
        byte[] body = answer.bytes();
        try {
            Object value = JSON.readValue(body, type);
            if (value != null) {
                return value;
            }
            throw new CairnUnintelligible(answer + " and nothing else.", null);
        } catch (JacksonException unreadable) {
            throw new CairnUnintelligible(answer + ", but not with Cairn's JSON. Is that a Cairn server?", unreadable);
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
