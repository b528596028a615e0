package io.cairn.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Makes up requests, most of them valid or nearly so, with what lies at the edges: lengths, numbers, scripts, sizes.
final class DoorsWalk {
    private static final List<String> SCRIPTS = List.of(
            "a",
            "Zürich",
            "ไทย",
            "日本語",
            "שלום",
            "مرحبا",
            "\uD83D\uDE80",
            "e\u0301",
            "\u200B",
            "..",
            "a/b",
            "%2F",
            "'\"<&>",
            " ");
    private static final List<String> NUMBERS = List.of(
            "0",
            "-1",
            "1",
            "1.0",
            "2147483648",
            "-9223372036854775809",
            "1e308",
            "1e400",
            "1e99999999999",
            "-0.0",
            "1e-99999",
            "123456789012345678901234567890.123456789");
    private static final List<String> TOOLS =
            List.of("recall", "remember", "add_document", "get_conversation", "status", "no_tool");

    /// Names of fields that routes without a body of their own here may have.
    private static final List<String> FIELDS = List.of(
            "key",
            "id",
            "name",
            "lane",
            "kind",
            "type",
            "payload",
            "reason",
            "limit",
            "cron",
            "zone",
            "at",
            "attempts",
            "url",
            "pattern",
            "secret",
            "status");

    private final Random random;
    private final List<String> routes;

    /// @param routes method and path, each parameter of it a star
    DoorsWalk(Random random, List<String> routes) {
        this.random = random;
        this.routes = List.copyOf(routes);
    }

    /// A tenant with a word that stands in all its text and in nobody else's.
    static final class Tenant {
        private final String name;
        private final Map<String, String> kept = new TreeMap<>();
        private String session = "";

        Tenant(String name) {
            this.name = name;
        }

        String name() {
            return name;
        }

        String key() {
            return "key-of-" + name;
        }

        String readingKey() {
            return "reading-key-of-" + name;
        }

        String secret() {
            return "secretof" + name;
        }

        String session() {
            return session;
        }

        void session(String id) {
            session = id;
        }

        /// What was acknowledged and not deleted, by the path at which it is read.
        Map<String, String> kept() {
            return kept;
        }
    }

    /// With which key a request comes.
    enum By {
        /// The tenant's own, which may do all.
        OWN,
        /// The tenant's own, which only reads.
        READER,
        /// One that is for all tenants, and names this one.
        EVERYWHERE
    }

    /// A request.
    record Sent(
            Tenant tenant, By by, String route, String method, String path, String type, String body, Runnable done) {
        BodyPublisher bytes() {
            return BodyPublishers.ofString(body);
        }

        void answered(int status) {
            done.run();
        }

        String shown() {
            return "%s %s by %s %s"
                    .formatted(method, path, by, body.length() > 1000 ? body.substring(0, 1000) + "…" : body);
        }
    }

    boolean repeats() {
        return random.nextInt(10) == 0;
    }

    Sent next(Tenant tenant) {
        var route = any(routes);
        var method = route.substring(0, route.indexOf(' '));
        var template = route.substring(route.indexOf(' ') + 1);
        // Sessions are kept for the tools.
        if (route.equals("DELETE /mcp")) {
            return new Sent(tenant, by(), route, method, template + "?x=1", "application/json", "", () -> {});
        }
        if (route.equals("POST /v1/conversations/*/messages") && random.nextInt(4) == 0) {
            return kept(tenant, route);
        }
        if (route.equals("POST /v1/documents") && random.nextInt(2) == 0) {
            return form(tenant, route);
        }
        var path = new StringBuilder();
        for (int i = 0; i < template.length(); i++) {
            path.append(template.charAt(i) == '*' ? encoded(parameter(template)) : template.substring(i, i + 1));
        }
        var type = template.equals("/v1/documents/import") ? "application/x-ndjson" : "application/json";
        return new Sent(
                tenant,
                by(),
                route,
                method,
                path + (method.equals("GET") ? query(template) : ""),
                type,
                method.equals("GET") || method.equals("DELETE") ? "" : nearly(body(tenant, template)),
                () -> forget(tenant, method, path.toString()));
    }

    /// A message that has to be there at the end.
    private Sent kept(Tenant tenant, String route) {
        var path = "/v1/conversations/kept-%d/messages".formatted(random.nextInt(5));
        var id = Long.toString(random.nextLong() & Long.MAX_VALUE, 36);
        var body = "{\"messages\":[{\"id\":\"%s\",\"role\":\"user\",\"content\":\"%s %s\"}]}"
                .formatted(id, tenant.secret(), id);
        return new Sent(
                tenant,
                random.nextBoolean() ? By.OWN : By.EVERYWHERE,
                route,
                "POST",
                path,
                "application/json",
                body,
                () -> tenant.kept().put(path + "?limit=1000", id));
    }

    private By by() {
        return any(List.of(By.OWN, By.OWN, By.OWN, By.READER, By.EVERYWHERE));
    }

    /// A file with its fields, or nearly so.
    private Sent form(Tenant tenant, String route) {
        var boundary = any(List.of("x", "----WebKitFormBoundary7MA4", "b".repeat(70)));
        var body = new StringBuilder();
        for (int i = 0; i < 1 + random.nextInt(3); i++) {
            body.append("--%s\r\nContent-Disposition: form-data; name=\"file\"; filename=%s\r\n%s\r\n%s\r\n"
                    .formatted(
                            boundary,
                            quoted(any(SCRIPTS) + any(List.of(".txt", ".md", ".html", ".json", ""))),
                            any(List.of("", "Content-Type: text/plain\r\n", "Content-Type: nonsense\r\n")),
                            random.nextInt(5) == 0
                                    ? ""
                                    : tenant.secret() + " " + any(SCRIPTS).repeat(20)));
            if (random.nextInt(4) > 0) {
                break;
            }
        }
        for (var field : List.of("id", "title", "tags", "metadata", "language", "media_type", "reuse_deleted_id")) {
            if (random.nextInt(4) == 0) {
                body.append("--%s\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n"
                        .formatted(boundary, field, value(field)));
            }
        }
        body.append("--").append(boundary).append("--\r\n");
        int length = body.length();
        var sent = random.nextInt(8) == 0 ? body.substring(0, random.nextInt(length)) : body.toString();
        var type = random.nextInt(8) == 0 ? any(List.of("; boundary=other", "")) : "; boundary=" + boundary;
        return new Sent(tenant, by(), route, "POST", "/v1/documents", "multipart/form-data" + type, sent, () -> {});
    }

    private String value(String field) {
        return random.nextInt(6) == 0
                ? id()
                : switch (field) {
                    case "metadata" -> nearly(metadata());
                    case "language" -> any(List.of("en", "de-AT", "klingon"));
                    case "media_type" -> any(List.of("text/plain", "text/markdown"));
                    case "reuse_deleted_id" -> any(List.of("true", "false"));
                    default -> "id-" + random.nextInt(20);
                };
    }

    private static void forget(Tenant tenant, String method, String path) {
        if (method.equals("DELETE")) {
            tenant.kept().keySet().removeIf(kept -> kept.startsWith(path + "/"));
        }
    }

    private String parameter(String template) {
        return template.startsWith("/v1/projections") && random.nextInt(3) > 0
                ? any(List.of("lexical", "dense", "conversations", "documents"))
                : template.startsWith("/v1/schemas") || template.startsWith("/v1/streams")
                        ? random.nextBoolean() ? any(List.of("lead", "lead.scored", "1", "2")) : id()
                        : id();
    }

    private String query(String template) {
        var parameters = new ArrayList<String>();
        if (random.nextInt(3) == 0) {
            parameters.add("limit=" + any(List.of("1", "1000", "1001", "0", "-1", "x", "99999999999999999999")));
        }
        if (random.nextInt(4) == 0) {
            parameters.add("after=" + encoded(random.nextBoolean() ? id() : any(NUMBERS)));
        }
        if (template.equals("/v1/events") && random.nextInt(2) == 0) {
            parameters.add("pattern=" + any(List.of("*", "lead.*", "*a*a*a*a*a*a*a*b", "(", "a".repeat(101))));
        }
        return parameters.isEmpty() ? "" : "?" + String.join("&", parameters);
    }

    private String body(Tenant tenant, String template) {
        return switch (template) {
            case "/v1/conversations/*/messages" -> "{\"messages\":[" + some(() -> message(tenant)) + "]}";
            case "/v1/documents" -> document(tenant);
            case "/v1/documents/batch" -> "{\"documents\":[" + some(() -> document(tenant)) + "]}";
            case "/v1/documents/import" -> document(tenant) + "\n" + nearly(document(tenant)) + "\n";
            case "/v1/recall" -> recall();
            case "/v1/streams/*/*/events" ->
                "{\"expected\":%s,\"events\":[%s]}"
                        .formatted(
                                any(List.of("\"any\"", "\"none\"", "\"1\"", "1", "null")), some(() -> event(tenant)));
            case "/v1/schemas/*/*" ->
                "{\"schema\":%s,\"description\":%s}"
                        .formatted(
                                any(List.of("{}", "{\"type\":\"object\"}", "true", "{\"pattern\":\"(a+)+$\"}", "1")),
                                text());
            case "/v1/projections/*/parked/retry", "/v1/projections/*/parked/skip" ->
                "{\"key\":%s}".formatted(quoted(id()));
            case "/v1/webhooks", "/v1/webhooks/*" -> webhook();
            case "/mcp" -> rpc(tenant);
            default ->
                "{"
                        + some(() -> quoted(any(FIELDS)) + ":" + value(2)).replace("\"payload\":null", "\"payload\":{}")
                        + "}";
        };
    }

    /// It is sent nowhere: each target is refused, after the filter was looked at.
    private String webhook() {
        return "{\"url\":\"%s\",\"pattern\":%s,\"filter\":{%s}}"
                .formatted(
                        any(List.of("http://127.0.0.1/", "https://localhost/", "x")),
                        any(List.of("\"*\"", "\"lead.*\"", "null", "1")),
                        some(() -> "%s:%s"
                                .formatted(
                                        quoted(any(
                                                List.of("/a", "/a/b", "a", "/", "/" + any(SCRIPTS), "/a".repeat(21)))),
                                        random.nextInt(20) == 0 ? "[".repeat(150) + "]".repeat(150) : value(2))));
    }

    private String rpc(Tenant tenant) {
        var tool = any(TOOLS);
        var arguments = switch (tool) {
            case "recall" -> recall();
            case "remember" ->
                random.nextBoolean()
                        ? "{\"conversation_id\":%s,\"messages\":[%s]}"
                                .formatted(quoted(id()), some(() -> message(tenant)))
                        : "{\"conversation_id\":%s,\"role\":\"user\",\"content\":%s}"
                                .formatted(quoted(id()), quoted(tenant.secret()));
            case "add_document" -> document(tenant);
            case "get_conversation" -> "{\"conversation_id\":%s,\"after\":%s}".formatted(quoted(id()), value(0));
            default -> "{}";
        };
        return "{\"jsonrpc\":\"2.0\",\"id\":%s,\"method\":\"%s\",\"params\":{\"name\":\"%s\",\"arguments\":%s}}"
                .formatted(
                        random.nextInt(5) == 0 ? any(NUMBERS) : "7",
                        any(List.of("tools/call", "tools/call", "tools/call", "tools/list", "ping", "nothing")),
                        tool,
                        nearly(arguments));
    }

    private String message(Tenant tenant) {
        return "{\"role\":\"user\",\"content\":%s,\"id\":%s,\"metadata\":%s}"
                .formatted(content(tenant), quoted(id()), metadata());
    }

    private String document(Tenant tenant) {
        return "{\"content\":%s,\"id\":%s,\"title\":%s,\"tags\":[%s],\"metadata\":%s}"
                .formatted(content(tenant), quoted(id()), quoted(id()), some(() -> quoted(id())), metadata());
    }

    private String event(Tenant tenant) {
        return "{\"type\":%s,\"payload\":{\"a\":%s,\"b\":%s}}"
                .formatted(
                        quoted(any(List.of("lead.scored", "a", "document.stored", "a".repeat(100), "a".repeat(101)))),
                        content(tenant),
                        value(2));
    }

    private String recall() {
        return "{\"query\":%s,\"limit\":%s,\"threshold\":%s,\"filters\":{\"metadata\":%s,\"conversation_id\":%s}}"
                .formatted(
                        any(List.of("\"secretofacme\"", "\"secretofglobex\"", text())),
                        any(List.of("1", "100", "101", "null", any(NUMBERS))),
                        any(List.of("null", "0", "1", "0.5", any(NUMBERS))),
                        metadata(),
                        random.nextInt(4) == 0 ? quoted(id()) : "null");
    }

    /// A tenant's own text says whose it is.
    private String content(Tenant tenant) {
        var more =
                random.nextInt(200) == 0 ? "x".repeat(1_000_001) : any(SCRIPTS).repeat(1 + random.nextInt(20));
        return quoted(tenant.secret() + " " + more);
    }

    private String metadata() {
        int entries = random.nextInt(50) == 0 ? 1024 : random.nextInt(3);
        return IntStream.range(0, entries)
                .mapToObj(i -> "\"k%d\":%s".formatted(i, value(2)))
                .collect(Collectors.joining(",", "{", "}"));
    }

    private String value(int depth) {
        return switch (random.nextInt(depth > 0 ? 7 : 5)) {
            case 0 -> any(NUMBERS);
            case 1 -> text();
            case 2 -> "null";
            case 3 -> "true";
            case 4 -> quoted(id());
            case 5 -> "[" + some(() -> value(depth - 1)) + "]";
            default -> "{\"a\":" + value(depth - 1) + "}";
        };
    }

    private String id() {
        return switch (random.nextInt(8)) {
            case 0 -> any(SCRIPTS).repeat(512).substring(0, any(List.of(1, 504, 505, 511, 512)));
            case 1 -> "x".repeat(any(List.of(500, 505, 512, 513, 1000)));
            case 2 -> any(SCRIPTS);
            default -> "id-" + random.nextInt(20);
        };
    }

    private String text() {
        return quoted(any(SCRIPTS).repeat(random.nextInt(30)));
    }

    /// The same, or with one place spoilt.
    private String nearly(String json) {
        if (json.isEmpty() || random.nextInt(4) > 0) {
            return json;
        }
        int at = random.nextInt(json.length());
        return switch (random.nextInt(4)) {
            case 0 -> json.substring(0, at);
            case 1 ->
                json.substring(0, at)
                        + any(List.of("null", "{", "]", "\"", ",", "1e9", "\\ud800"))
                        + json.substring(at);
            case 2 -> json.replaceFirst("\"[^\"]*\"", any(NUMBERS));
            default -> json.replaceFirst(":", ":[") + "]";
        };
    }

    private String some(Supplier<String> one) {
        return IntStream.range(0, random.nextInt(4)).mapToObj(i -> one.get()).collect(Collectors.joining(","));
    }

    private <T> T any(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, UTF_8).replace("+", "%20");
    }
}
