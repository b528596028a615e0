package io.cairn.bench;

import io.cairn.client.Cairn;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A Cairn server as its users run it: a process of its own on this machine.
final class ServerProcess implements AutoCloseable {
    private static final Duration READY_MAX = Duration.ofMinutes(3);
    private static final long POLL_MILLIS = 10;

    private final Process process;
    private final URI address;
    private final Path data;
    private final double readySeconds;

    private ServerProcess(Process process, URI address, Path data, double readySeconds) {
        this.process = process;
        this.address = address;
        this.data = data;
        this.readySeconds = readySeconds;
    }

    /// Starts a server and waits until it says that it is ready.
    ///
    /// @param launcher what comes before `serve` on the command line
    static ServerProcess start(List<String> launcher, Path data, boolean aot) throws IOException, InterruptedException {
        return start(launcher, data, aot, Map.of());
    }

    /// The same with settings as environment variables.
    static ServerProcess start(List<String> launcher, Path data, boolean aot, Map<String, String> settings)
            throws IOException, InterruptedException {
        int port = freePort();
        var command = new ArrayList<>(launcher);
        command.addAll(List.of("serve", "--data", data.toString(), "--port", Integer.toString(port)));
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(data.resolveSibling(data.getFileName() + ".log").toFile());
        builder.environment().putAll(settings);
        builder.environment().put("CAIRN_AOT", aot ? "on" : "off");
        long start = System.nanoTime();
        var process = builder.start();
        var address = URI.create("http://127.0.0.1:" + port);
        awaitReady(process, address);
        return new ServerProcess(process, address, data, (System.nanoTime() - start) / 1e9);
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static void awaitReady(Process process, URI address) throws InterruptedException {
        var ready = HttpRequest.newBuilder(address.resolve("/health/ready")).build();
        long deadline = System.nanoTime() + READY_MAX.toNanos();
        try (var client = HttpClient.newHttpClient()) {
            while (!answers(client, ready)) {
                if (System.nanoTime() > deadline || process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                    throw new IllegalStateException("The server did not get ready");
                }
            }
        }
    }

    private static boolean answers(HttpClient client, HttpRequest ready) throws InterruptedException {
        try {
            return client.send(ready, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            // nobody listens yet
            return false;
        }
    }

    double readySeconds() {
        return readySeconds;
    }

    URI address() {
        return address;
    }

    String adminKey() throws IOException {
        return Files.readString(data.resolve("admin.key")).strip();
    }

    Cairn connect() throws IOException {
        return Cairn.connect(address, adminKey());
    }

    /// What the process has worked so far, on all processors together.
    Duration processorTime() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /// What the process holds in memory.
    long residentBytes() throws IOException {
        try (var lines = Files.lines(Path.of("/proc/%d/status".formatted(process.pid())))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .findFirst()
                    .orElse(0);
        }
    }

    /// SIGKILL.
    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
