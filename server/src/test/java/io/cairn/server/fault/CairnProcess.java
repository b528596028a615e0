package io.cairn.server.fault;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A server in a process of its own, on a data folder that outlives it.
final class CairnProcess {
    private static final Duration START_MAX = Duration.ofMinutes(2);

    private final Path data;
    private final int port;
    private final List<String> settings;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private Process process;

    private CairnProcess(Path data, int port, List<String> settings) {
        this.data = data;
        this.port = port;
        this.settings = settings;
        this.process = launch();
    }

    /// @param settings such as `--cairn.limits.json=1MB`
    static CairnProcess start(Path data, String... settings) throws IOException {
        var started = new CairnProcess(data, freePort(), List.of(settings));
        started.awaitLive();
        return started;
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private Process launch() {
        var arguments = new ArrayList<>(List.of("serve", "--data", data.toString(), "--port", Integer.toString(port)));
        arguments.addAll(settings);
        return run(arguments.toArray(String[]::new));
    }

    /// Another process of the server's, such as an offline command.
    Process run(String... arguments) {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "io.cairn.server.CairnServer"));
        command.addAll(List.of(arguments));
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            data.resolveSibling("server.log").toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitLive() {
        await().atMost(START_MAX).pollInterval(Duration.ofMillis(50)).until(this::isLive);
    }

    private boolean isLive() {
        if (!process.isAlive()) {
            throw new IllegalStateException("The server ended while it started: " + log());
        }
        try {
            var request = HttpRequest.newBuilder(uri("/health/live")).timeout(Duration.ofSeconds(2));
            return http.send(request.build(), HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// SIGKILL, then a new process on the same folder.
    void killAndRestart() throws InterruptedException {
        process.destroyForcibly().waitFor();
        process = launch();
        awaitLive();
    }

    void stop() throws InterruptedException {
        process.destroy();
        process.waitFor(60, TimeUnit.SECONDS);
    }

    /// The exit code of an offline check.
    int verify() throws InterruptedException {
        return run("verify", "--data", data.toString()).waitFor();
    }

    HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        return post(path, "application/json", body);
    }

    HttpResponse<String> post(String path, String type, String body) throws IOException, InterruptedException {
        return http.send(
                request(path)
                        .header("Content-Type", type)
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /// The answer, whatever it is.
    HttpResponse<String> any(String path) throws IOException, InterruptedException {
        return http.send(request(path).build(), HttpResponse.BodyHandlers.ofString());
    }

    JsonNode get(String path) throws IOException, InterruptedException {
        var answer = http.send(request(path).build(), HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IllegalStateException("%s answered %d: %s".formatted(path, answer.statusCode(), answer.body()));
        }
        return JsonMapper.shared().readTree(answer.body());
    }

    String log() {
        try {
            return Files.readString(data.resolveSibling("server.log"));
        } catch (IOException e) {
            return "no log: " + e.getMessage();
        }
    }

    private HttpRequest.Builder request(String path) throws IOException {
        return HttpRequest.newBuilder(uri(path))
                .timeout(Duration.ofSeconds(60))
                .header(
                        "Authorization",
                        "Bearer " + Files.readString(data.resolve("admin.key")).strip());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }
}
