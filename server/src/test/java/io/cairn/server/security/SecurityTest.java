package io.cairn.server.security;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_32;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cairn.server.RawHttp;
import io.cairn.server.RunningCairn;
import io.cairn.server.RunningCairn.Answer;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SecurityTest {
    private static final String MESSAGE = "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

    private RunningCairn cairn;
    private Path data;

    @BeforeAll
    void start(@TempDir Path folder) {
        data = folder;
        cairn = RunningCairn.startCheaply(
                data,
                "--cairn.security.keys[0].name=reader",
                "--cairn.security.keys[0].sha256=" + RunningCairn.digest("reader-key"),
                "--cairn.security.keys[0].tenants=acme",
                "--cairn.security.keys[1].name=writer",
                "--cairn.security.keys[1].sha256=" + RunningCairn.digest("writer-key"),
                "--cairn.security.keys[1].tenants=acme,globex",
                "--cairn.security.keys[1].scopes=write",
                "--cairn.security.keys[2].name=admin-of-acme",
                "--cairn.security.keys[2].sha256=" + RunningCairn.digest("acme-key"),
                "--cairn.security.keys[2].tenants=acme",
                "--cairn.security.keys[2].scopes=admin,metrics",
                "--cairn.security.keys[3].name=scraper",
                "--cairn.security.keys[3].sha256=" + RunningCairn.digest("scraper-key"),
                "--cairn.security.keys[3].scopes=metrics",
                "--cairn.security.keys[4].name=reader-of-all",
                "--cairn.security.keys[4].sha256=" + RunningCairn.digest("all-key"),
                "--cairn.security.hosts=cairn.example.org,*.internal.example");
    }

    @AfterAll
    void stop() {
        cairn.close();
    }

    private HttpRequest.Builder with(String key, String path) {
        return HttpRequest.newBuilder(cairn.uri(path)).header("Authorization", "Bearer " + key);
    }

    private Answer add(String key, String tenant, String conversation) {
        var request = with(key, "/v1/conversations/" + conversation + "/messages")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(MESSAGE));
        return cairn.send(tenant.isEmpty() ? request : request.header("Cairn-Tenant", tenant));
    }

    @Test
    void nobodyComesInWithoutAValidKey() {
        for (var path : new String[] {
            "/v1/status",
            "/v1/conversations",
            "/metrics",
            "/health/detailed",
            "/nowhere",
            "/v1/events",
            "/health/live/",
            "/health/live;x"
        }) {
            var none = cairn.send(HttpRequest.newBuilder(cairn.uri(path))).isProblem(401, "unauthenticated");
            assertThat(none.header("WWW-Authenticate")).isEqualTo("Bearer");
            cairn.send(with("wrong", path)).isProblem(401, "unauthenticated");
        }
        cairn.send(HttpRequest.newBuilder(cairn.uri("/v1/status")).header("Authorization", "Basic eDp5"))
                .isProblem(401, "unauthenticated");
        cairn.send(HttpRequest.newBuilder(cairn.uri("/v1/status")).header("Authorization", "Bearer "))
                .isProblem(401, "unauthenticated");
    }

    @Test
    void probesNeedNoKey() {
        cairn.send(HttpRequest.newBuilder(cairn.uri("/health/live"))).has(200);
        assertThat(cairn.send(HttpRequest.newBuilder(cairn.uri("/health/ready")))
                        .status())
                .isIn(200, 503);
    }

    @Test
    void aKeyReachesOnlyItsTenants() {
        add("writer-key", "acme", "shared").has(201);
        add("writer-key", "default", "shared").isProblem(403, "tenant_forbidden");
        cairn.send(with("reader-key", "/v1/conversations/shared")).has(200);
        cairn.send(with("reader-key", "/v1/conversations/shared").header("Cairn-Tenant", "globex"))
                .isProblem(403, "tenant_forbidden");
        cairn.get("/v1/conversations/shared").isProblem(404, "not_found");
        cairn.send(cairn.request("/v1/conversations/shared").header("Cairn-Tenant", "acme"))
                .has(200);
    }

    @Test
    void aKeyOfSeveralTenantsHasToNameOne() {
        add("writer-key", "", "unnamed").isProblem(400, "tenant_missing");
        add("writer-key", "No Tenant!", "unnamed").isProblem(400, "malformed_request");
    }

    @Test
    void aKeyDoesOnlyWhatItsScopesAllow() {
        assertThat(add("reader-key", "acme", "read-only")
                        .isProblem(403, "scope_missing")
                        .text("/detail"))
                .contains("write");
        for (var path : new String[] {
            "/v1/projections/lexical/rebuild", "/v1/%70rojections/lexical/rebuild", "/v1/projections;x/lexical/rebuild"
        }) {
            var request =
                    with("writer-key", path).header("Cairn-Tenant", "acme").POST(BodyPublishers.noBody());
            assertThat(cairn.send(request).status()).as(path).isIn(403, 404, 400);
        }
        cairn.send(with("reader-key", "/v1/recall")
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString("{\"query\":\"hi\"}")))
                .has(200);
    }

    @Test
    void nobodyIsCairnItself() {
        for (var path : new String[] {"/v1/status", "/v1/events", "/mcp"}) {
            assertThat(cairn.send(cairn.request(path).header("Cairn-Tenant", "cairn"))
                            .isProblem(400, "malformed_request")
                            .text("/detail"))
                    .contains("Cairn's own");
        }
    }

    @Test
    void aKeyIsValidForNoTenantOfCairnsOwn(@TempDir Path data) {
        assertThatThrownBy(() -> RunningCairn.startCheaply(
                                data,
                                "--cairn.security.keys[0].name=engine",
                                "--cairn.security.keys[0].sha256=" + RunningCairn.digest("engine-key"),
                                "--cairn.security.keys[0].tenants=cairn")
                        .close())
                .hasRootCauseMessage("The tenant 'cairn' is Cairn's own; name another");
    }

    @Test
    void metricsAndDetailedHealthNeedAScopeOfTheirOwnAndAKeyForAllTenants() {
        for (var path : new String[] {"/metrics", "/health/detailed"}) {
            cairn.send(with("scraper-key", path)).has(200);
            cairn.send(with("all-key", path)).isProblem(403, "scope_missing");
            cairn.send(with("reader-key", path)).isProblem(403, "scope_missing");
            cairn.send(with("acme-key", path)).isProblem(403, "tenant_forbidden");
        }
    }

    @Test
    void aKeyForMetricsSeesNoData() {
        cairn.send(with("scraper-key", "/v1/conversations")).isProblem(403, "scope_missing");
        cairn.send(with("scraper-key", "/v1/recall")
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString("{\"query\":\"hi\"}")))
                .isProblem(403, "scope_missing");
    }

    @Test
    void whatServesAllTenantsIsChangedWithAKeyForAllOfThem() {
        for (var path :
                new String[] {"/v1/projections/lexical/rebuild", "/v1/projections/lexical/rollback", "/v1/import"}) {
            cairn.send(with("acme-key", path).POST(BodyPublishers.noBody())).isProblem(403, "tenant_forbidden");
        }
        cairn.send(with("acme-key", "/v1/models/cache?model=x").DELETE()).isProblem(403, "tenant_forbidden");
        cairn.send(with("writer-key", "/v1/models/cache?model=x")
                        .header("Cairn-Tenant", "acme")
                        .DELETE())
                .isProblem(403, "scope_missing");
        cairn.send(with("acme-key", "/v1/export")).isProblem(403, "tenant_forbidden");
        cairn.send(with("acme-key", "/v1/projections/lexical/parked/retry").POST(BodyPublishers.noBody()))
                .has(200);
    }

    @Test
    void foreignHostsAreTurnedAway() throws Exception {
        for (var host :
                new String[] {"evil.example", "localhost.evil.example", "internal.example", "127.0.0.1.evil.example"}) {
            assertThat(RawHttp.status(cairn.port(), RawHttp.get("/health/live", host)))
                    .as(host)
                    .isEqualTo(421);
        }
        for (var host :
                new String[] {"localhost", "127.0.0.1:80", "[::1]:7700", "CAIRN.example.org", "a.internal.example"}) {
            assertThat(RawHttp.status(cairn.port(), RawHttp.get("/health/live", host)))
                    .as(host)
                    .isEqualTo(200);
        }
    }

    @Test
    void foreignPagesDoNotReachWhatBrowsersAreExpectedAt() {
        for (var path : new String[] {"/mcp", "/console", "/%6Dcp"}) {
            cairn.send(cairn.request(path).header("Origin", "https://evil.example"))
                    .isProblem(403, "origin_forbidden");
            cairn.send(cairn.request(path).header("Origin", "null")).isProblem(403, "origin_forbidden");
            assertThat(cairn.send(cairn.request(path).header("Origin", "http://localhost:3000"))
                            .status())
                    .isNotEqualTo(403);
        }
    }

    @Test
    void everyAnswerCarriesTheHeadersThatKeepBrowsersHonest() {
        for (var answer :
                new Answer[] {cairn.get("/v1/status"), cairn.send(HttpRequest.newBuilder(cairn.uri("/v1/status")))}) {
            assertThat(answer.header("Content-Security-Policy")).isEqualTo("default-src 'self'");
            assertThat(answer.header("Strict-Transport-Security")).contains("max-age=31536000", "includeSubDomains");
            assertThat(answer.header("X-Frame-Options")).isEqualTo("DENY");
            assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(answer.header("Server")).isNull();
        }
    }

    @Test
    void whatTheContainerRefusesCarriesThemToo() throws Exception {
        for (var broken : new String[] {
            "GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n",
            "GET /[ HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "POST /v1/recall HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n"
        }) {
            assertThat(RawHttp.answer(cairn.port(), broken.getBytes(UTF_8)))
                    .as(broken)
                    .startsWith("HTTP/1.1 400")
                    .contains("Content-Security-Policy: default-src 'self'", "X-Frame-Options: DENY", "nosniff")
                    .contains("Strict-Transport-Security: max-age=31536000");
        }
    }

    @Test
    void aHeaderThatSaysWhoAsksStandsOnce() {
        cairn.send(cairn.request("/v1/status").header("Authorization", "Bearer reader-key"))
                .isProblem(400, "malformed_request");
        cairn.send(cairn.request("/v1/status").header("Cairn-Tenant", "acme").header("Cairn-Tenant", "globex"))
                .isProblem(400, "malformed_request");
    }

    @Test
    void jsonIsTakenInUtf8Only() {
        for (var encoding : new Charset[] {UTF_16, UTF_16LE, UTF_16BE, UTF_32}) {
            cairn.send(cairn.request("/v1/conversations/encoded/messages")
                            .header("Content-Type", "application/json")
                            .POST(BodyPublishers.ofString(MESSAGE, encoding)))
                    .isProblem(400, "malformed_json");
            cairn.send(cairn.request("/v1/recall")
                            .header("Content-Type", "application/json; charset=" + encoding)
                            .POST(BodyPublishers.ofString("{\"query\":\"hi\"}", encoding)))
                    .isProblem(415, "media_type_unsupported");
        }
        cairn.send(cairn.request("/v1/recall")
                        .header("Content-Type", "application/json; charset=ISO-8859-1")
                        .POST(BodyPublishers.ofString("{\"query\":\"caf\u00e9\"}", ISO_8859_1)))
                .isProblem(415, "media_type_unsupported");
        cairn.send(cairn.request("/v1/recall")
                        .header("Content-Type", "application/json; charset=utf-8")
                        .POST(BodyPublishers.ofString("{\"query\":\"caf\u00e9\"}", UTF_8)))
                .has(200);
        assertThat(cairn.send(cairn.request("/v1/documents/import")
                                .header("Content-Type", "application/x-ndjson")
                                .POST(BodyPublishers.ofString("{\"content\":\"hi\"}", UTF_16LE)))
                        .has(200)
                        .response()
                        .body())
                .contains("rejected", "UTF-8");
    }

    @Test
    void dataFilesAreTheOwnersAlone() throws IOException {
        add("writer-key", "acme", "stored").has(201);
        try (var files = Files.list(data)) {
            assertThat(files)
                    .isNotEmpty()
                    .allSatisfy(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .as(file.toString())
                            .endsWith("------"));
        }
    }

    @Test
    void refusalsAtTheDoorAreCounted() {
        cairn.send(with("wrong", "/v1/status")).isProblem(401, "unauthenticated");
        assertThat(cairn.get("/metrics").response().body())
                .contains("auth_failures_total{code=\"unauthenticated\"}")
                .doesNotContain("wrong");
    }
}
