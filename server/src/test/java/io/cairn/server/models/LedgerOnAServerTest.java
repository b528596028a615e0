package io.cairn.server.models;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.cairn.client.Cairn;
import io.cairn.client.Ledger;
import io.cairn.client.wire.BudgetStatus;
import io.cairn.client.wire.LedgerLine;
import io.cairn.server.CheapEmbeddings;
import io.cairn.server.RunningCairn;
import io.cairn.testkit.ModelReply;
import io.cairn.testkit.ModelRequest;
import io.cairn.testkit.ModelServer;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What models cost is kept, and whoever has used up a budget is refused until it begins anew.
@Timeout(60)
class LedgerOnAServerTest {
    private static final String CHAT =
            "{\"model\":\"fast\",\"max_tokens\":%d,\"messages\":[{\"role\":\"user\",\"content\":\"say this word by"
                    + " word\"}]%s}";
    private static final String MESSAGE = "{\"messages\":[{\"role\":\"user\",\"content\":\"Low tide is at noon\"}]}";

    private final ModelServer provider = ModelServer.start();

    @TempDir
    Path data;

    @AfterEach
    void close() {
        provider.close();
    }

    private RunningCairn start(String... more) {
        return RunningCairn.start(data, settings(more), CheapEmbeddings.class);
    }

    private List<String> settings(String... more) {
        var settings = new ArrayList<>(List.of(
                "--cairn.models.providers.scripted.url=" + provider.url() + "/v1",
                "--cairn.models.chat.fast.provider=scripted",
                "--cairn.models.prices.fast.input=100",
                "--cairn.models.prices.fast.output=1000"));
        for (var name : List.of("shop", "shop-two")) {
            var key = "--cairn.security.keys[%d].".formatted(name.equals("shop") ? 0 : 1);
            settings.add(key + "name=" + name);
            settings.add(key + "sha256=" + RunningCairn.digest(name + "-key"));
            settings.add(key + "scopes=models,read");
            settings.add(key + "tenants=acme");
        }
        settings.addAll(List.of(more));
        return settings;
    }

    private static RunningCairn.Answer send(RunningCairn cairn, String key, String body) {
        return cairn.send(HttpRequest.newBuilder(cairn.uri("/openai/v1/chat/completions"))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body)));
    }

    private static Stream<LedgerLine> lines(RunningCairn cairn, String tenant) {
        try (var client = client(cairn, tenant)) {
            return client.ledger().lines(Ledger.Query.thisMonth()).toList().stream();
        }
    }

    private static Cairn client(RunningCairn cairn, String tenant) {
        return Cairn.at(cairn.uri("")).key(RunningCairn.KEY).tenant(tenant).connect();
    }

    private static BudgetStatus budget(RunningCairn cairn) {
        try (var client = client(cairn, "acme")) {
            return client.ledger().budgets().getFirst();
        }
    }

    @Test
    void aClientWhoHasUsedUpItsBudgetIsToldWhenItBeginsAnew() {
        try (var cairn = start(
                "--cairn.models.budgets.shop-day.tenant=acme",
                "--cairn.models.budgets.shop-day.key=shop",
                "--cairn.models.budgets.shop-day.per=day",
                "--cairn.models.budgets.shop-day.money=0.06")) {
            send(cairn, "shop-key", CHAT.formatted(10, "")).has(200);

            // Of what is left 60 tokens of output cannot be had.
            var refused = send(cairn, "shop-key", CHAT.formatted(60, "")).has(429);
            assertThat(refused.text("/error/code")).isEqualTo("budget_used_up");
            assertThat(refused.text("/error/type")).isEqualTo("rate_limit_error");
            assertThat(refused.text("/error/message"))
                    .startsWith(
                            "What is left of the budget 'shop-day' does not do for this call; it begins anew at 20");
            assertThat(Long.parseLong(refused.header("Retry-After"))).isBetween(1L, 86_400L);
            assertThat(refused.text("/error/correlation_id")).isNotEmpty();
            send(cairn, "shop-two-key", CHAT.formatted(60, "")).has(200);

            await().untilAsserted(() -> assertThat(lines(cairn, "acme"))
                    .extracting(LedgerLine::key, LedgerLine::model, LedgerLine::calls)
                    .containsExactly(tuple("shop", "fast", 1L), tuple("shop-two", "fast", 1L)));
            var spent = lines(cairn, "acme").findFirst().orElseThrow().cost();
            await().untilAsserted(() -> assertThat(budget(cairn).spent()).isEqualByComparingTo(spent));
            assertThat(budget(cairn).left()).isEqualByComparingTo(new BigDecimal("0.06").subtract(spent));
            assertThat(budget(cairn).renewsAt()).isNotNull();
            assertThat(lines(cairn, "globex")).isEmpty();
            assertThat(cairn.get("/metrics").response().body())
                    .contains("model_limit_refusals_total{limit=\"shop-day\"} 1.0")
                    .contains("model_cost_total{model=\"fast\"}");
        }
    }

    @Test
    void anAnswerThatABudgetCoversIsBoundedByWhatIsReserved() {
        var unbounded = CHAT.formatted(1, "").replace("\"max_tokens\":1,", "");
        try (var cairn = start(
                "--cairn.models.output-tokens=300",
                "--cairn.models.budgets.shop-day.key=shop",
                "--cairn.models.budgets.shop-day.per=day",
                "--cairn.models.budgets.shop-day.tokens=5000")) {
            send(cairn, "shop-key", unbounded).has(200);
            assertThat(provider.lastRequest()
                            .json()
                            .path("max_completion_tokens")
                            .asInt())
                    .isEqualTo(300);

            send(cairn, "shop-key", CHAT.formatted(10, "")).has(200);
            assertThat(provider.lastRequest().json().has("max_completion_tokens"))
                    .isFalse();
            send(cairn, "shop-two-key", unbounded).has(200);
            assertThat(provider.lastRequest().json().has("max_completion_tokens"))
                    .isFalse();
        }
    }

    @Test
    void aKeyThatAsksTooFastIsToldWhenToAskAgain() {
        try (var cairn = start("--cairn.models.rates.each.key=*", "--cairn.models.rates.each.requests=1")) {
            send(cairn, "shop-key", CHAT.formatted(10, "")).has(200);
            var refused = send(cairn, "shop-key", CHAT.formatted(10, "")).has(429);
            assertThat(refused.text("/error/code")).isEqualTo("rate_limited");
            assertThat(Long.parseLong(refused.header("Retry-After"))).isBetween(1L, 60L);
            send(cairn, "shop-two-key", CHAT.formatted(10, "")).has(200);
        }
    }

    @Test
    void aRequestForVectorsCountsOnceHoweverManyTextsAreNewAndWhateverIsInTheCache() {
        var texts = IntStream.range(0, 200)
                .mapToObj("\"crate %d\""::formatted)
                .collect(Collectors.joining(",", "{\"model\":\"embedder\",\"input\":[", "]}"));
        try (var cairn = RunningCairn.start(
                data,
                settings(
                        "--cairn.models.embedding.provider=scripted",
                        "--cairn.models.embedding.model=embedder",
                        "--cairn.models.embedding.dimensions=8",
                        "--cairn.models.rates.each.key=*",
                        "--cairn.models.rates.each.requests=2"))) {
            embed(cairn, texts).has(200);
            int asked = provider.requests().size();
            embed(cairn, texts).has(200);

            assertThat(embed(cairn, texts).has(429).text("/error/code")).isEqualTo("rate_limited");
            assertThat(provider.requests()).as("all is in the cache").hasSize(asked);
        }
    }

    private static RunningCairn.Answer embed(RunningCairn cairn, String body) {
        return cairn.send(HttpRequest.newBuilder(cairn.uri("/openai/v1/embeddings"))
                .header("Authorization", "Bearer shop-key")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body)));
    }

    private static String piece(String choices, String usage) {
        return "data: {\"choices\":%s,\"usage\":%s}\n\n".formatted(choices, usage);
    }

    /// Where servers tell what a stream took.
    enum Told {
        LAST,
        WITH_THE_LAST_WORD,
        NEXT_TO_LAST,
        ON_EACH;

        String stream() {
            var word = "[{\"index\":0,\"delta\":{\"content\":\"a\"}}]";
            var end = "[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]";
            var usage = "{\"prompt_tokens\":70,\"completion_tokens\":30}";
            return switch (this) {
                case LAST -> piece(word, "null") + piece(end, "null") + piece("[]", usage);
                case WITH_THE_LAST_WORD -> piece(word, "null") + piece(end, usage);
                case NEXT_TO_LAST -> piece(word, "null") + piece("[]", usage) + piece(end, "null");
                case ON_EACH ->
                    piece(word, "{\"prompt_tokens\":70,\"completion_tokens\":1}")
                            + piece(end, usage)
                            + piece("[]", "null");
            };
        }
    }

    @ParameterizedTest
    @EnumSource(Told.class)
    void whatAStreamTookIsWhatItsProviderToldLastWhereverThatStands(Told told) {
        provider.otherwise(ModelReply.text(told.stream() + "data: [DONE]\n\n"));
        try (var cairn = start()) {
            var unasked = send(cairn, "shop-key", CHAT.formatted(100, ",\"stream\":true"))
                    .has(200)
                    .response()
                    .body();
            send(cairn, "shop-key", CHAT.formatted(100, ",\"stream\":true,\"stream_options\":{\"include_usage\":true}"))
                    .has(200);

            assertThat(unasked).doesNotContain("\"choices\":[],\"usage\":{");
            await().untilAsserted(() -> assertThat(lines(cairn, "acme"))
                    .singleElement()
                    .satisfies(line -> {
                        assertThat(line.calls()).isEqualTo(2);
                        assertThat(line.estimatedCalls()).isZero();
                        assertThat(line.inputTokens()).isEqualTo(140);
                        assertThat(line.outputTokens()).isEqualTo(60);
                    }));
        }
    }

    /// When a client goes away.
    enum Gone {
        BEFORE_THE_ANSWER,
        BEFORE_THE_FIRST_WORD,
        AFTER_THE_LAST_WORD,
        WHILE_A_WHOLE_ANSWER_IS_MADE;

        boolean streams() {
            return this != WHILE_A_WHOLE_ANSWER_IS_MADE;
        }

        ModelReply reply() {
            var role = piece("[{\"index\":0,\"delta\":{\"role\":\"assistant\"}}]", "null");
            var words = piece("[{\"index\":0,\"delta\":{\"content\":\"a\"}}]", "null")
                    + piece("[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]", "null");
            return switch (this) {
                case BEFORE_THE_ANSWER, WHILE_A_WHOLE_ANSWER_IS_MADE -> ModelReply.never();
                case BEFORE_THE_FIRST_WORD -> withoutEnd(role);
                case AFTER_THE_LAST_WORD -> withoutEnd(words);
            };
        }

        /// Signs of life, one after each of which the server waits.
        private static ModelReply withoutEnd(String said) {
            return ModelReply.text(said + ": still here\n\n".repeat(1000)).in(said.length(), Duration.ofSeconds(2));
        }
    }

    @ParameterizedTest
    @EnumSource(Gone.class)
    void wheneverAClientGoesItsProvidersWorkEndsAtOnceAndIsSettledByAnEstimate(Gone gone) throws Exception {
        provider.otherwise(gone.reply());
        try (var cairn = start()) {
            var body = CHAT.formatted(100, gone.streams() ? ",\"stream\":true" : "");
            try (var socket = new Socket("127.0.0.1", cairn.uri("/").getPort())) {
                socket.getOutputStream()
                        .write(("POST /openai/v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                                        + "Authorization: Bearer shop-key\r\nContent-Type: application/json\r\n"
                                        + "Content-Length: " + body.length() + "\r\n\r\n" + body)
                                .getBytes(UTF_8));
                await().until(() -> !provider.requests().isEmpty());
                if (gone == Gone.AFTER_THE_LAST_WORD) {
                    readUntil(socket.getInputStream(), "\"finish_reason\":\"stop\"");
                }
            }

            assertThat(provider.lastRequest().end().get(1, TimeUnit.SECONDS)).isEqualTo(ModelRequest.End.CLIENT_GONE);
            await().untilAsserted(() -> assertThat(lines(cairn, "acme"))
                    .singleElement()
                    .satisfies(line -> {
                        assertThat(line.estimatedCalls()).isEqualTo(1);
                        assertThat(line.inputTokens()).isPositive();
                    }));
            await().untilAsserted(
                            () -> assertThat(cairn.get("/metrics").response().body())
                                    .contains("model_calls_active{provider=\"scripted\"} 0.0"));
        }
    }

    private static void readUntil(InputStream in, String wanted) throws IOException {
        var read = new StringBuilder();
        while (read.indexOf(wanted) < 0) {
            int letter = in.read();
            assertThat(letter).as(read.toString()).isNotNegative();
            read.append((char) letter);
        }
    }

    @Test
    void aStreamWhoseClientWentAwayIsSettledByAnEstimate() throws Exception {
        provider.otherwise(ModelReply.well().in(20, Duration.ofMillis(50)));
        try (var cairn = start()) {
            var body = CHAT.formatted(100, ",\"stream\":true");
            try (var socket = new Socket("127.0.0.1", cairn.uri("/").getPort())) {
                socket.getOutputStream()
                        .write(("POST /openai/v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                                        + "Authorization: Bearer shop-key\r\nContent-Type: application/json\r\n"
                                        + "Content-Length: " + body.length() + "\r\n\r\n" + body)
                                .getBytes(UTF_8));
                assertThat(socket.getInputStream().readNBytes(400)).isNotEmpty();
            }

            await().untilAsserted(() -> assertThat(lines(cairn, "acme"))
                    .singleElement()
                    .satisfies(line -> {
                        assertThat(line.estimatedCalls()).isEqualTo(1);
                        assertThat(line.inputTokens()).isPositive();
                        assertThat(line.outputTokens()).isBetween(1L, 100L);
                        assertThat(line.cost()).isPositive();
                    }));
        }
    }

    @Test
    void whatIsEmbeddedWaitsForABudgetAndIsNotLost() {
        String[] embedding = {
            "--cairn.models.embedding.provider=scripted",
            "--cairn.models.embedding.model=embedder",
            "--cairn.models.embedding.dimensions=8",
            "--cairn.models.budgets.all.per=total"
        };
        try (var cairn = embedding(embedding, "--cairn.models.budgets.all.tokens=1")) {
            cairn.post("/v1/conversations/c/messages", MESSAGE).has(201);
            await().untilAsserted(
                            () -> assertThat(cairn.get("/metrics").response().body())
                                    .containsPattern("model_limit_refusals_total\\{limit=\"all\"} [1-9]"));
            assertThat(behind(cairn)).isPositive();
            assertThat(cairn.post("/v1/recall", "{\"query\":\"tide\"}")
                            .has(200)
                            .json()
                            .path("hits")
                            .size())
                    .isEqualTo(1);
            cairn.post("/openai/v1/embeddings", "{\"model\":\"embedder\",\"input\":\"a\"}")
                    .has(429);
        }
        try (var cairn = embedding(embedding, "--cairn.models.budgets.all.tokens=100000")) {
            await().untilAsserted(() -> assertThat(behind(cairn)).isZero());
            cairn.post("/openai/v1/embeddings", "{\"model\":\"embedder\",\"input\":\"user: Low tide is at noon\"}")
                    .has(200);
            await().untilAsserted(() -> {
                var all = lines(cairn, "default").toList();
                assertThat(all).extracting(LedgerLine::key).containsExactly("admin", "cairn");
                assertThat(all.get(0).savedTexts()).isEqualTo(1);
                assertThat(all.get(1).calls()).isPositive();
                assertThat(all.get(1).inputTokens()).isPositive();
                assertThat(cairn.get("/metrics").response().body())
                        .containsPattern("model_saved_total\\{model=\"embedder\"} [1-9]");
            });
        }
    }

    private RunningCairn embedding(String[] settings, String budget) {
        return RunningCairn.start(
                data,
                Stream.concat(
                                Stream.of("--cairn.models.providers.scripted.url=" + provider.url() + "/v1", budget),
                                Stream.of(settings))
                        .toArray(String[]::new));
    }

    private static long behind(RunningCairn cairn) {
        return cairn.get("/v1/status").json().at("/projections/1/events_behind").asLong();
    }

    @Test
    void aQueryIsPaidForByWhoeverAsksIt() throws Exception {
        try (var cairn = RunningCairn.start(
                data,
                Stream.concat(
                                settings().stream(),
                                Stream.of(
                                        "--cairn.models.embedding.provider=scripted",
                                        "--cairn.models.embedding.model=embedder",
                                        "--cairn.models.embedding.dimensions=8"))
                        .toArray(String[]::new))) {
            cairn.send(cairn.request("/v1/conversations/c/messages")
                            .header("Cairn-Tenant", "acme")
                            .header("Content-Type", "application/json")
                            .POST(BodyPublishers.ofString(MESSAGE)))
                    .has(201);
            await().untilAsserted(() ->
                    assertThat(lines(cairn, "acme")).extracting(LedgerLine::key).containsExactly("cairn"));
            for (var key : List.of("shop-key", "shop-key", "shop-two-key")) {
                cairn.send(HttpRequest.newBuilder(cairn.uri("/v1/recall"))
                                .header("Authorization", "Bearer " + key)
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofString("{\"query\":\"When is low tide?\"}")))
                        .has(200);
            }

            await().untilAsserted(() -> assertThat(lines(cairn, "acme"))
                    .filteredOn(line -> !"cairn".equals(line.key()))
                    .extracting(LedgerLine::key, LedgerLine::model, LedgerLine::calls, LedgerLine::savedTexts)
                    .containsExactly(tuple("shop", "embedder", 1L, 1L), tuple("shop-two", "embedder", 0L, 1L)));
        }
    }

    @Test
    void aBudgetOfMoneyNeedsThePriceOfEachModel() {
        assertThatThrownBy(() -> start(
                        "--cairn.models.chat.other.provider=scripted",
                        "--cairn.models.budgets.all.per=day",
                        "--cairn.models.budgets.all.money=1"))
                .hasStackTraceContaining("'other' is not in cairn.models.prices");
    }

    @Test
    void whatCannotBeAskedOfTheLedgerIsRefusedByName() {
        try (var cairn = start()) {
            cairn.get("/v1/ledger?from=yesterday").isProblem(422, "invalid");
            cairn.get("/v1/ledger?from=2020-01-01").isProblem(422, "invalid");
            cairn.get("/v1/ledger?from=2026-02-02&to=2026-02-01").isProblem(422, "invalid");
            cairn.get("/v1/ledger?by=day,day,week").isProblem(422, "invalid");
            assertThat(cairn.get("/v1/ledger?by=all")
                            .has(200)
                            .json()
                            .path("items")
                            .size())
                    .isZero();
        }
    }
}
