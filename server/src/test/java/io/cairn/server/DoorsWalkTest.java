package io.cairn.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.event.EventLog;
import io.cairn.server.DoorsWalk.By;
import io.cairn.server.DoorsWalk.Sent;
import io.cairn.server.DoorsWalk.Tenant;
import io.cairn.server.RunningCairn.Answer;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Valid and nearly valid requests at random, of every route and every tool, mixed from the keys of several tenants:
/// none ends in a failure of the server's, none answers with another tenant's text, and what is refused changes
/// nothing.
///
/// `-Dcairn.test.walk=100000` lets the long walk go further, `-Dcairn.test.seed=…` lets both go elsewhere.
class DoorsWalkTest {
    private static final int SHORT = 1500;
    private static final int LONG = Integer.getInteger("cairn.test.walk", 10_000);
    private static final long SEED = Long.getLong("cairn.test.seed", 20260302);

    private static List<String> settings(List<Tenant> tenants) {
        var settings = new ArrayList<String>();
        for (var tenant : tenants) {
            addKey(settings, tenant.name(), tenant.key(), tenant.name(), "admin");
            addKey(settings, tenant.name() + "-reads", tenant.readingKey(), tenant.name(), "read");
        }
        return settings;
    }

    private static void addKey(List<String> settings, String name, String secret, String tenant, String scope) {
        var key = "--cairn.security.keys[%d].".formatted(settings.size() / 4);
        settings.add(key + "name=" + name);
        settings.add(key + "sha256=" + RunningCairn.digest(secret));
        settings.add(key + "tenants=" + tenant);
        settings.add(key + "scopes=" + scope);
    }

    @Test
    void noRequestFailsTheServerOrCrossesAWallOrChangesWhatItMustNot(@TempDir Path data) {
        walk(data, SEED, SHORT);
    }

    @Test
    @Tag("fault")
    void aLongWalkDoesNotEither(@TempDir Path data) {
        walk(data, SEED + 1, LONG);
    }

    private static void walk(Path data, long seed, int requests) {
        var tenants = List.of(new Tenant("acme"), new Tenant("globex"));
        try (var cairn = RunningCairn.start(data, settings(tenants), CheapEmbeddings.class)) {
            var routes = routes(cairn);
            var walk = new DoorsWalk(new Random(seed), routes);
            for (var tenant : tenants) {
                tenant.session(session(cairn, tenant));
            }
            var statuses = new TreeMap<String, Integer>();
            var taken = new TreeSet<String>();
            var last = walk.next(tenants.getFirst());
            for (int i = 0; i < requests; i++) {
                last = walk.repeats() ? last : walk.next(tenants.get(i % tenants.size()));
                int status = step(cairn, tenants, last, "request %d of seed %d: %s".formatted(i, seed, last.shown()));
                statuses.merge(last.route(), 1, Integer::sum);
                if (status < 300) {
                    taken.add(last.by().name());
                    if (last.type().startsWith("multipart")) {
                        taken.add("a form");
                    }
                }
            }
            assertThat(statuses.keySet()).as("every route was walked").containsAll(routes);
            assertThat(taken)
                    .as("what each kind of key, and a form, was let do")
                    .hasSize(By.values().length + 1);
            for (var tenant : tenants) {
                tenant.kept()
                        .forEach((path, content) -> assertThat(cairn.send(request(cairn, tenant, By.OWN, path)
                                                .GET())
                                        .has(200)
                                        .response()
                                        .body())
                                .contains(content));
            }
        }
    }

    /// Every route that is described, so that a new one is walked as soon as it is.
    private static List<String> routes(RunningCairn cairn) {
        var routes = new ArrayList<String>();
        cairn.get("/openapi.json")
                .json()
                .path("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .properties()
                        .forEach(operation -> routes.add(operation.getKey().toUpperCase(Locale.ROOT) + " "
                                + path.getKey().replaceAll("\\{[a-z_]+}", "*"))));
        routes.removeIf(route -> !route.matches("(GET|POST|PUT|DELETE|PATCH) .*"));
        return routes;
    }

    private static int step(RunningCairn cairn, List<Tenant> tenants, Sent sent, String what) {
        var log = cairn.bean(EventLog.class);
        long before = log.head(0).number();
        var answer = cairn.send(request(cairn, sent.tenant(), sent.by(), sent.path())
                .header("Content-Type", sent.type())
                .header("Mcp-Session-Id", sent.tenant().session())
                .method(sent.method(), sent.body().isEmpty() ? BodyPublishers.noBody() : sent.bytes()));
        var body = answer.response().body();
        assertThat(answer.status()).as("%s%n%s", what, body).isLessThan(500);
        assertThat(body).as(what).doesNotContain("\"internal\"", "(internal)", "-32603");
        for (var other : tenants) {
            if (other != sent.tenant() && answer.status() < 400) {
                assertThat(body).as(what).doesNotContain(other.secret());
            }
        }
        if (answer.status() >= 400 || sent.method().equals("GET") || sent.by() == By.READER) {
            assertThat(log.head(0).number()).as(what).isEqualTo(before);
        } else {
            sent.answered(answer.status());
        }
        return answer.status();
    }

    private static HttpRequest.Builder request(RunningCairn cairn, Tenant tenant, By by, String path) {
        var request = HttpRequest.newBuilder(cairn.uri(path));
        return switch (by) {
            case OWN -> request.header("Authorization", "Bearer " + tenant.key());
            case READER -> request.header("Authorization", "Bearer " + tenant.readingKey());
            case EVERYWHERE ->
                request.header("Authorization", "Bearer " + RunningCairn.KEY).header("Cairn-Tenant", tenant.name());
        };
    }

    private static String session(RunningCairn cairn, Tenant tenant) {
        Answer opened = cairn.send(request(cairn, tenant, By.OWN, "/mcp")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("""
                    {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18",\
                    "capabilities":{},"clientInfo":{"name":"walk","version":"1"}}}\
                    """)));
        return String.valueOf(opened.has(200).header("Mcp-Session-Id"));
    }
}
