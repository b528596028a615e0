package io.cairn.adapter.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;

/// A server that speaks what AWS Secrets Manager speaks. While it runs, this process has credentials for it.
public final class SecretsManagerServer implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Pattern SIGNED =
            Pattern.compile("AWS4-HMAC-SHA256 Credential=test-key/\\d{8}/([a-z0-9-]+)/secretsmanager/aws4_request,"
                    + " .*Signature=[0-9a-f]{64}");

    private final HttpServer server;
    private final Map<String, String> secrets = new ConcurrentHashMap<>();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private volatile Optional<Failure> failure = Optional.empty();

    /// A question, and for which region it was signed.
    public record Asked(String region, String name) {}

    private record Failure(int status, String body) {}

    private SecretsManagerServer(HttpServer server) {
        this.server = server;
        server.createContext("/", this::answer);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
        System.setProperty("aws.accessKeyId", "test-key");
        System.setProperty("aws.secretAccessKey", "test-secret");
    }

    public static SecretsManagerServer start() {
        try {
            return new SecretsManagerServer(
                    HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /// Gives a secret another version.
    public void put(String name, String text) {
        secrets.put(name, text);
    }

    /// Answers all questions like this from now on.
    public void fail(int status, String body) {
        failure = Optional.of(new Failure(status, body));
    }

    public void recover() {
        failure = Optional.empty();
    }

    public List<Asked> asked() {
        return List.copyOf(asked);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var body = JSON.readTree(exchange.getRequestBody().readAllBytes());
            var headers = exchange.getRequestHeaders();
            var signed = SIGNED.matcher(String.valueOf(headers.getFirst("Authorization")));
            if (!signed.matches() || !"secretsmanager.GetSecretValue".equals(headers.getFirst("X-Amz-Target"))) {
                send(exchange, 400, "{\"__type\":\"IncompleteSignatureException\"}");
                return;
            }
            var name = body.path("SecretId").asString();
            asked.add(new Asked(signed.group(1), name));
            if (failure.isPresent()) {
                send(exchange, failure.get().status(), failure.get().body());
            } else if (secrets.containsKey(name)) {
                send(exchange, 200, found(name));
            } else {
                send(exchange, 400, "{\"__type\":\"ResourceNotFoundException\",\"Message\":\"There is none\"}");
            }
        }
    }

    private String found(String name) {
        return JSON.writeValueAsString(Map.of(
                "ARN",
                "arn:aws:secretsmanager:eu-central-1:123456789012:secret:" + name,
                "Name",
                name,
                "SecretString",
                secrets.get(name),
                "VersionStages",
                List.of("AWSCURRENT")));
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.1");
        var bytes = body.getBytes(UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    /// Nobody listens any more.
    public void stop() {
        server.stop(0);
    }

    @Override
    public void close() {
        stop();
        System.clearProperty("aws.accessKeyId");
        System.clearProperty("aws.secretAccessKey");
    }
}
