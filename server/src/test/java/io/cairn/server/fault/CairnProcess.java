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
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A server in a process of its own, on a data folder that outlives it.
final class CairnProcess {
    private static final Duration START_MAX = Duration.ofMinutes(2);

    private final Path data;
    private final int port;
    private final List<String> options;
    private final List<String> settings;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private volatile CountDownLatch up = new CountDownLatch(1);
    private volatile Process process;

    private CairnProcess(Path data, int port, List<String> options, List<String> settings) {
        this.data = data;
        this.port = port;
        this.options = options;
        this.settings = settings;
        this.process = launch();
    }

    /// @param settings such as `--cairn.limits.json=1MB`
    static CairnProcess start(Path data, String... settings) throws IOException {
        return start(data, List.of(), settings);
    }

    /// @param options for its JVM, such as `-Xmx256m`
    static CairnProcess start(Path data, List<String> options, String... settings) throws IOException {
        var started = new CairnProcess(data, freePort(), options, List.of(settings));
        started.awaitLive();
        return started;
    }

    static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private Process launch() {
        var place = Stream.of("serve", "--data", data.toString(), "--port", Integer.toString(port));
        return run(Stream.concat(place, settings.stream()).toList());
    }

    /// Another process of the server's, such as an offline command. It works beside its data, not among the sources.
    Process run(List<String> arguments) {
        try {
            return new ProcessBuilder(Program.command(options, arguments))
                    .directory(data.toAbsolutePath().resolveSibling("").toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile().toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitLive() {
        await().atMost(START_MAX).pollInterval(Duration.ofMillis(20)).until(this::isLive);
        up.countDown();
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

    /// Waits until the server is up, so that its clients need not ask it over and over while it starts.
    ///
    /// @return whether it is
    boolean awaitUp(Duration timeMax) throws InterruptedException {
        return up.await(timeMax.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// SIGKILL.
    void kill() throws InterruptedException {
        up = new CountDownLatch(1);
        process.destroyForcibly().waitFor();
    }

    /// A new process on the same folder.
    void restart() {
        process = launch();
        awaitLive();
    }

    void killAndRestart() throws InterruptedException {
        kill();
        restart();
    }

    void stop() throws InterruptedException {
        process.destroy();
        process.waitFor(60, TimeUnit.SECONDS);
    }

    /// The exit code of a check of the log, with the settings that the server has.
    int verify() throws InterruptedException {
        var place = Stream.of("verify", "--data", data.toString());
        return run(Stream.concat(place, settings.stream()).toList()).waitFor();
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

    HttpResponse<String> put(String path, String body) throws IOException, InterruptedException {
        return http.send(
                request(path)
                        .header("Content-Type", "application/json")
                        .PUT(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /// The exit code, once the process has ended by itself.
    int exit(Duration timeMax) throws InterruptedException {
        if (!process.waitFor(timeMax.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("The server goes on: " + log());
        }
        return process.exitValue();
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
            return Files.readString(logFile());
        } catch (IOException e) {
            return "no log: " + e.getMessage();
        }
    }

    private Path logFile() {
        return data.resolveSibling(data.getFileName() + ".log");
    }

    private HttpRequest.Builder request(String path) throws IOException {
        return HttpRequest.newBuilder(uri(path))
                .timeout(Duration.ofSeconds(60))
                .header(
                        "Authorization",
                        "Bearer " + Files.readString(data.resolve("admin.key")).strip());
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }
}
