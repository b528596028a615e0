package io.cairn.cli;

import io.cairn.client.wire.Wire;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// A wire between MCP over stdio and MCP over Streamable HTTP: a line in is a POST, each message of its
/// answer a line out.
///
/// Nothing but protocol goes to stdout. Requests run beside each other, so that one that takes long holds up
/// none; what opens the session and notifications go in their order. Each request gets an answer, an error if
/// need be. When the server was restarted and no longer knows the session, the bridge opens a new one with
/// the client's own first message.
final class McpBridge implements AutoCloseable {
    private static final String SESSION = "Mcp-Session-Id";
    private static final int NO_SERVER = -32_000;
    private static final int UNREADABLE = -32_700;

    private final Shell shell;
    private final URI endpoint;
    private final PrintStream out;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor();
    private final ReentrantLock reopening = new ReentrantLock();
    private volatile @Nullable String session;
    private volatile @Nullable String protocol;
    private volatile @Nullable String initialize;

    /// What a line asks for; `id` is null for a notification or an answer.
    private record Line(
            String json, String method, @Nullable JsonNode id) {}

    McpBridge(Shell shell) {
        this.shell = shell;
        this.out = shell.terminal().out();
        this.endpoint = URI.create(shell.connection().server().toString().replaceFirst("/+$", "") + "/mcp");
    }

    void run(InputStream in) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (!line.isBlank()) {
                take(line);
            }
        }
    }

    private void take(String json) {
        Line line;
        try {
            JsonNode message = Wire.responses().readTree(json);
            line = new Line(json, message.path("method").asString(""), message.get("id"));
        } catch (JacksonException unreadable) {
            error(null, UNREADABLE, "This line is no JSON: " + unreadable.getOriginalMessage());
            return;
        }
        if (line.id() == null || line.method().equals("initialize")) {
            forward(line);
        } else {
            requests.execute(() -> forward(line));
        }
    }

    private void forward(Line line) {
        Set<JsonNode> answered = new HashSet<>();
        try {
            String problem = exchange(line, answered);
            if (problem == null && line.id() != null && !answered.contains(line.id())) {
                problem = "The server ended its answer before the result.";
            }
            fail(line, problem);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (IOException | IllegalArgumentException broken) {
            fail(
                    line,
                    answered.isEmpty()
                            ? Failures.nobodyAnswers(shell)
                            : "The connection broke: " + broken.getMessage());
        }
    }

    private void fail(Line line, @Nullable String problem) {
        if (problem == null) {
            return;
        }
        shell.note("cairn mcp: " + problem);
        if (line.id() != null) {
            error(line.id(), NO_SERVER, problem);
        }
    }

    /// Sends a line and passes its answers on; returns what went wrong, if something did.
    private @Nullable String exchange(Line line, Set<JsonNode> answered) throws IOException, InterruptedException {
        String usedSession = session;
        HttpResponse<InputStream> answer = post(line.json());
        if (answer.statusCode() == 404 && usedSession != null && !line.method().equals("initialize")) {
            answer.body().close();
            reopen(usedSession);
            answer = post(line.json());
        }
        try (InputStream body = answer.body()) {
            if (answer.statusCode() >= 300) {
                return refusal(answer.statusCode(), body);
            }
            if (line.method().equals("initialize")) {
                initialize = line.json();
                session = answer.headers().firstValue(SESSION).isPresent()
                        ? answer.headers().firstValue(SESSION).get()
                        : null;
            }
            messages(answer, body, answered);
            return null;
        }
    }

    private void messages(HttpResponse<InputStream> answer, InputStream body, Set<JsonNode> answered)
            throws IOException {
        String type = answer.headers().firstValue("Content-Type").orElse("");
        if (type.startsWith("text/event-stream")) {
            events(body, answered);
        } else {
            String text = new String(body.readAllBytes(), StandardCharsets.UTF_8);
            if (!text.isBlank()) {
                pass(text, answered);
            }
        }
    }

    private void events(InputStream body, Set<JsonNode> answered) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
        StringBuilder data = new StringBuilder();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("data:")) {
                data.append(data.isEmpty() ? "" : "\n").append(line.substring(5).stripLeading());
            } else if (line.isEmpty()) {
                passEvent(data, answered);
            }
        }
    }

    private void passEvent(StringBuilder data, Set<JsonNode> answered) {
        if (!data.toString().isBlank()) {
            pass(data.toString(), answered);
        }
        data.setLength(0);
    }

    private void pass(String text, Set<JsonNode> answered) {
        try {
            JsonNode message = Wire.responses().readTree(text);
            JsonNode id = message.get("id");
            if (id != null && !message.has("method")) {
                answered.add(id);
            }
            JsonNode version = message.path("result").get("protocolVersion");
            if (version != null && version.isString()) {
                protocol = version.stringValue();
            }
            write(message.toString());
        } catch (JacksonException unreadable) {
            shell.note("cairn mcp: the server sent something that is no JSON; left out.");
        }
    }

    /// Opens a session like the one that the server forgot; its answer is for the bridge alone.
    private void reopen(String lost) throws IOException, InterruptedException {
        reopening.lockInterruptibly();
        try {
            String first = initialize;
            if (first == null || !lost.equals(session)) {
                return;
            }
            shell.note("cairn mcp: the server no longer knows the session; opening a new one.");
            session = null;
            HttpResponse<InputStream> answer = post(first);
            answer.body().readAllBytes();
            Optional<String> fresh = answer.headers().firstValue(SESSION);
            if (fresh.isPresent()) {
                session = fresh.get();
            }
            post("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}")
                    .body()
                    .close();
        } finally {
            reopening.unlock();
        }
    }

    private HttpResponse<InputStream> post(String json) throws IOException, InterruptedException {
        HttpRequest.Builder request = request()
                .setHeader("Content-Type", "application/json")
                .setHeader("Accept", "application/json, text/event-stream")
                .POST(BodyPublishers.ofString(json));
        return http.send(request.build(), BodyHandlers.ofInputStream());
    }

    private HttpRequest.Builder request() {
        HttpRequest.Builder request = HttpRequest.newBuilder(endpoint).timeout(Duration.ofMinutes(5));
        shell.connection().key().ifPresent(key -> request.setHeader("Authorization", "Bearer " + key));
        shell.connection().tenant().ifPresent(tenant -> request.setHeader("Cairn-Tenant", tenant));
        String open = session;
        if (open != null) {
            request.setHeader(SESSION, open);
        }
        String negotiated = protocol;
        if (negotiated != null) {
            request.setHeader("MCP-Protocol-Version", negotiated);
        }
        return request;
    }

    private String refusal(int status, InputStream body) throws IOException {
        String said = new String(body.readNBytes(2000), StandardCharsets.UTF_8)
                .replaceAll("\\s+", " ")
                .strip();
        String advice = status == 401 ? " " + shell.connection().keyAdvice() : "";
        return endpoint + " answered with status " + status + "." + advice
                + (said.isEmpty() ? "" : " It said: " + said);
    }

    private void error(@Nullable JsonNode id, int code, String message) {
        JsonNode nullable = id == null ? Wire.responses().nullNode() : id;
        var error = Wire.responses().createObjectNode().put("jsonrpc", "2.0").set("id", nullable);
        write(((tools.jackson.databind.node.ObjectNode) error)
                .set("error", Wire.responses().valueToTree(Map.of("code", code, "message", message)))
                .toString());
    }

    private void write(String line) {
        synchronized (out) {
            out.print(line + "\n");
            out.flush();
        }
    }

    @Override
    public void close() {
        requests.close();
        if (session != null) {
            try {
                http.send(request().DELETE().timeout(Duration.ofSeconds(2)).build(), BodyHandlers.discarding());
            } catch (IOException serverIsGone) {
                shell.note("cairn mcp: the session could not be ended: " + serverIsGone.getMessage());
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        http.close();
    }
}
