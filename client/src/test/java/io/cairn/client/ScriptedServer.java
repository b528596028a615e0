package io.cairn.client;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/// A server that gives the answers it was told to give, in that order, and remembers what it was asked.
public final class ScriptedServer implements AutoCloseable {
    private final HttpServer server;
    private final Queue<Reply> script = new ConcurrentLinkedQueue<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final CountDownLatch closing = new CountDownLatch(1);

    public record Request(String line, Map<String, List<String>> headers, String body) {
        public String header(String name) {
            return String.join(",", headers.getOrDefault(name, List.of()));
        }
    }

    public sealed interface Reply {
        record Full(int status, String mediaType, String body, Map<String, String> headers) implements Reply {}

        /// Promises more than it sends, then ends the connection.
        record Cut(String body) implements Reply {}

        /// Sends this much and then nothing, until the server is closed.
        record Silent(String body) implements Reply {}
    }

    public ScriptedServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    public URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    public ScriptedServer then(int status, String json) {
        return then(new Reply.Full(status, "application/json", json, Map.of()));
    }

    public ScriptedServer then(Reply reply) {
        script.add(reply);
        return this;
    }

    public List<Request> requests() {
        return requests;
    }

    private void handle(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String line =
                exchange.getRequestMethod() + " " + exchange.getRequestURI().toASCIIString();
        requests.add(new Request(line, Map.copyOf(exchange.getRequestHeaders()), body));
        Reply reply = script.poll();
        switch (reply == null ? new Reply.Full(500, "text/plain", "the script is at its end", Map.of()) : reply) {
            case Reply.Full(int status, String mediaType, String text, Map<String, String> headers) -> {
                headers.forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
                exchange.getResponseHeaders().set("Content-Type", mediaType);
                byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
                exchange.getResponseBody().write(bytes);
            }
            case Reply.Cut(String text) -> begin(exchange, text);
            case Reply.Silent(String text) -> {
                begin(exchange, text);
                awaitClosing();
            }
        }
        exchange.close();
    }

    private static void begin(HttpExchange exchange, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, bytes.length + 1_000_000);
        OutputStream body = exchange.getResponseBody();
        body.write(bytes);
        body.flush();
    }

    private void awaitClosing() {
        try {
            closing.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
    }
}
