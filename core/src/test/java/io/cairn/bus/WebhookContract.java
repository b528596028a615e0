package io.cairn.bus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.bus.Sender.Sent;
import io.cairn.event.Event;
import io.cairn.event.EventLog;
import io.cairn.event.EventPattern;
import io.cairn.event.EventType;
import io.cairn.event.ExactJson;
import io.cairn.event.Expected;
import io.cairn.event.Ids;
import io.cairn.event.LogPlace;
import io.cairn.event.NewEvent;
import io.cairn.event.StreamAppend;
import io.cairn.event.StreamId;
import io.cairn.event.Unit;
import io.cairn.feature.Features;
import io.cairn.task.Lane;
import io.cairn.task.SettableClock;
import io.cairn.task.TaskEngine;
import io.cairn.task.TaskNode;
import io.cairn.task.TaskSettings;
import io.cairn.task.TaskState;
import io.cairn.task.TaskTypes;
import io.cairn.task.Tasks;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/// What webhooks on their way out promise on every storage: in one thread, with a sender that answers as it is told.
public abstract class WebhookContract {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Context ACME = new Context(new Tenant("acme"), "tester", "c1");
    private static final Context GLOBEX = new Context(new Tenant("globex"), "tester", "c2");
    private static final URI URL = URI.create("https://one.example/hook");
    private static final URI OTHER = URI.create("https://other.example/hook");
    private static final Sent TAKEN = new Sent.Answered(200, null, "");
    private static final Sent BROKEN = new Sent.Answered(500, null, "out of order");

    private final LogPlace place;
    private final SettableClock clock = new SettableClock();
    private final Random random = new Random(5);
    private final Ids ids = new Ids(clock, random);
    private final List<Sender.Request> sent = new ArrayList<>();
    private final Map<URI, Function<Sender.Request, Sent>> answers = new HashMap<>();
    private final WebhookSettings settings = WebhookSettings.defaults();
    private final Sender sender = new Sender() {
        @Override
        public Optional<String> refusal(URI target) {
            return target.getHost().startsWith("inner") ? Optional.of("it is not public") : Optional.empty();
        }

        @Override
        public Sent send(Request request) {
            sent.add(request);
            return answers.getOrDefault(request.target(), any -> TAKEN).apply(request);
        }

        @Override
        public void close() {}
    };
    private final Deliveries deliveries = new Deliveries(
            this::log,
            this::endpoints,
            sender,
            ids,
            random,
            clock::nanos,
            settings,
            (tenant, endpoint, outcome, took) -> {});

    @SuppressWarnings("NullAway.Init")
    private TaskNode node;

    @SuppressWarnings("NullAway.Init")
    private Endpoints endpoints;

    @SuppressWarnings("NullAway.Init")
    private Dispatcher dispatcher;

    protected WebhookContract(LogPlace place) {
        this.place = place;
    }

    @BeforeEach
    void open() {
        var tables = Features.of(List.of(TaskEngine.feature(), WebhookTables.feature()))
                .tables();
        node = new TaskNode(
                "a",
                place.create(tables),
                new TaskTypes(
                        List.of(new Lane(WebhookSettings.LANE, Lane.Order.SEQUENTIAL_PASS, 64)),
                        List.of(deliveries.taskType())),
                TaskSettings.defaults(),
                clock);
        endpoints = new Endpoints(node.log(), sender, ids, random, Duration.ofHours(24));
        dispatcher = new Dispatcher(node.log(), node.tasks(), deliveries, settings);
    }

    private EventLog log() {
        return node.log();
    }

    private Endpoints endpoints() {
        return endpoints;
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void aTargetThatIsNotPublicIsRefusedWhenItIsMadeAndWhenItIsChanged() {
        var inner = URI.create("https://inner.example/");
        assertThat(endpoints.create(ACME, inner, Wanted.of("*"), null))
                .isEqualTo(new EndpointChanged.Refused("url", "it is not public"));
        var id = create(ACME, URL, "*");
        assertThat(endpoints.change(ACME, id, inner, null)).isInstanceOf(EndpointChanged.Refused.class);
        assertThat(endpoints.find(ACME.tenant(), id).orElseThrow().url()).isEqualTo(URL);
    }

    @Test
    void anEndpointIsToldOnceOfWhatItWantsFromItsCreationOn() {
        append(ACME, "lead.received", "early", 1);
        create(ACME, URL, "lead.*");
        append(ACME, "lead.received", "7", 2);
        append(ACME, "order.placed", "7", 1);
        append(GLOBEX, "lead.received", "theirs", 1);
        run();
        run();
        assertThat(sent).hasSize(2).allSatisfy(request -> {
            var body = JSON.readTree(request.body());
            assertThat(body.path("type").asString()).isEqualTo("lead.received");
            assertThat(body.path("data").path("stream_id").asString()).isEqualTo("7");
            assertThat(request.headers()).containsEntry("X-Correlation-ID", "c1");
        });
    }

    @Test
    void aFilterLooksIntoThePayload() {
        endpoints.create(
                ACME, URL, new Wanted(new EventPattern("lead.*"), Map.of("/number", JSON.readTree("2"))), null);
        append(ACME, "lead.received", "7", 3);
        run();
        assertThat(sent).hasSize(1);
    }

    @Test
    void aFilterComparesNumbersByValueAndNoNumberIsAText() {
        filtered(URL, "2.0");
        filtered(OTHER, "[{\"a\":0.12345678901234567890}]");
        for (var number : List.of(
                "2",
                "2.00",
                "\"2\"",
                "[{\"a\":0.1234567890123456789}]",
                "[{\"a\":0.1234567890123456788}]",
                "[{\"a\":\"0.12345678901234567890\"}]")) {
            append(ACME, "lead.received", "7", exact("{\"number\":%s}".formatted(number)));
        }
        run();
        assertThat(sent).extracting(Sender.Request::target).containsExactlyInAnyOrder(URL, URL, OTHER);
    }

    private void filtered(URI target, String number) {
        endpoints.create(ACME, target, new Wanted(new EventPattern("lead.*"), Map.of("/number", exact(number))), null);
    }

    private static JsonNode exact(String json) {
        return ExactJson.mapper().readTree(json);
    }

    @Test
    void cairnsOwnEventsGoOnlyToWhomNamesThem() {
        create(ACME, URL, "*");
        create(ACME, OTHER, "cairn.webhook.*");
        run();
        sent.clear();
        create(ACME, URI.create("https://third.example/"), "*");
        run();
        assertThat(sent).extracting(Sender.Request::target).containsExactly(OTHER);
    }

    @Test
    void everyAttemptHasTheSameIdAndBytesAndASignatureOfItsOwn() {
        var secret = WebhookSecret.random(random);
        endpoints.create(ACME, URL, Wanted.of("*"), secret);
        answers.put(URL, request -> sent.size() < 3 ? BROKEN : TAKEN);
        append(ACME, "lead.received", "7", 1);
        run();
        node.pass(Duration.ofMinutes(1));
        run();
        node.pass(Duration.ofMinutes(1));
        run();
        assertThat(sent).hasSize(3);
        assertThat(sent)
                .extracting(request -> new String(request.body(), UTF_8))
                .containsOnly(new String(sent.getFirst().body(), UTF_8));
        assertThat(sent)
                .extracting(request -> request.headers().get("webhook-id"))
                .containsOnly(sent.getFirst().headers().get("webhook-id"));
        assertThat(sent)
                .extracting(request -> request.headers().get("webhook-timestamp"))
                .doesNotHaveDuplicates();
        assertThat(verdict(sent.getLast(), secret)).isInstanceOf(Verdict.Genuine.class);
    }

    @Test
    void bothSecretsSignWhileOneReplacesTheOther() {
        var first = secret(endpoints.create(ACME, URL, Wanted.of("*"), null));
        var id = endpoints.list(ACME.tenant()).getFirst().id();
        var second = secret(endpoints.rotate(ACME, id, null));
        append(ACME, "lead.received", "7", 1);
        run();
        assertThat(verdict(sent.getLast(), first)).isInstanceOf(Verdict.Genuine.class);
        assertThat(verdict(sent.getLast(), second)).isInstanceOf(Verdict.Genuine.class);

        node.pass(Duration.ofHours(25));
        append(ACME, "lead.received", "7", 1);
        run();
        assertThat(verdict(sent.getLast(), first)).isInstanceOf(Verdict.Refused.class);
        assertThat(verdict(sent.getLast(), second)).isInstanceOf(Verdict.Genuine.class);
    }

    @Test
    void anEndpointThatKeepsFailingIsOffSaysSoAndLosesNothing() {
        var id = create(ACME, URL, "*");
        answers.put(URL, request -> BROKEN);
        append(ACME, "lead.received", "7", 30);
        runFor(Duration.ofHours(2));
        assertThat(endpoints.find(ACME.tenant(), id).orElseThrow().status()).isEqualTo(Endpoint.Status.FAILING);
        int tried = sent.size();
        runFor(Duration.ofHours(30));
        var off = endpoints.find(ACME.tenant(), id).orElseThrow();
        assertThat(off.status()).isEqualTo(Endpoint.Status.DISABLED);
        assertThat(off.reason()).contains("it answered 500");
        assertThat(said(id)).containsExactly("cairn.webhook.created", "cairn.webhook.disabled");
        assertThat(tried).isGreaterThan(5);

        int before = sent.size();
        append(ACME, "lead.received", "8", 30);
        runFor(Duration.ofHours(1));
        assertThat(sent).hasSize(before);

        answers.put(URL, request -> TAKEN);
        endpoints.enable(ACME, id);
        runFor(Duration.ofHours(1));
        assertThat(sent.subList(before, sent.size()))
                .extracting(request -> request.headers().get("webhook-id"))
                .doesNotHaveDuplicates();
        assertThat(Stream.concat(
                                sent.subList(before, sent.size()).stream().map(WebhookContract::place), dead().stream())
                        .toList())
                .hasSize(60)
                .doesNotHaveDuplicates();
    }

    /// With so few there would soon be none left to try it with.
    @Test
    void anEndpointWithFewWebhooksIsTriedUntilItAnswersOrIsOff() {
        var id = create(ACME, URL, "*");
        answers.put(URL, request -> BROKEN);
        append(ACME, "lead.received", "7", 1);
        runFor(Duration.ofHours(20));
        assertThat(endpoints.find(ACME.tenant(), id).orElseThrow().status()).isEqualTo(Endpoint.Status.FAILING);

        answers.put(URL, request -> TAKEN);
        runFor(Duration.ofHours(1));
        assertThat(endpoints.find(ACME.tenant(), id).orElseThrow().status()).isEqualTo(Endpoint.Status.ACTIVE);

        answers.put(URL, request -> BROKEN);
        append(ACME, "lead.received", "8", 1);
        runFor(Duration.ofHours(30));
        assertThat(endpoints.find(ACME.tenant(), id).orElseThrow().status()).isEqualTo(Endpoint.Status.DISABLED);
        assertThat(dead()).isEmpty();
    }

    @Test
    void anAnswerThatWantsToBeLeftAloneForThousandsOfYearsStopsNothing() {
        create(ACME, URL, "*");
        create(ACME, OTHER, "*");
        answers.put(URL, request -> new Sent.Answered(503, Duration.ofDays(3_000_000), ""));
        append(ACME, "lead.received", "7", 1);
        runFor(Duration.ofHours(5));
        assertThat(sent.stream().filter(request -> request.target().equals(OTHER)))
                .hasSize(1);
        assertThat(sent.stream().filter(request -> request.target().equals(URL)).count())
                .isGreaterThan(1);
    }

    @Test
    void theEndpointsOfAllTenantsAreCountedWithHowFarTheyAreBehind() {
        assertThat(EndpointCounts.of(node.log()).count(Endpoint.Status.ACTIVE)).isZero();
        create(ACME, URL, "*");
        create(GLOBEX, URL, "*");
        var off = create(ACME, URI.create("https://off.example.com/"), "*");
        append(ACME, "lead.received", "7", 2);
        run();
        endpoints.disable(ACME, off, "for the test");
        append(ACME, "lead.received", "8", 5);

        var counts = EndpointCounts.of(node.log());

        assertThat(counts.count(Endpoint.Status.ACTIVE)).isEqualTo(2);
        assertThat(counts.count(Endpoint.Status.FAILING)).isZero();
        assertThat(counts.count(Endpoint.Status.DISABLED)).isEqualTo(1);
        assertThat(counts.behindMost(Endpoint.Status.DISABLED)).isGreaterThanOrEqualTo(6);
        assertThat(counts.behindMost(Endpoint.Status.FAILING)).isZero();
    }

    @Test
    void anEndpointThatFailsMostOfTheTimeIsFailingThoughNotInARow() {
        var id = create(ACME, URL, "*");
        answers.put(URL, request -> sent.size() % 7 == 0 ? TAKEN : BROKEN);
        for (int i = 0; i < 12; i++) {
            append(ACME, "lead.received", "stream" + i, 1);
        }
        for (int i = 0; i < 3; i++) {
            run();
            node.pass(Duration.ofSeconds(6));
        }
        assertThat(endpoints.find(ACME.tenant(), id).orElseThrow().status()).isEqualTo(Endpoint.Status.FAILING);
    }

    @Test
    void anEndpointThatTakesOneInTenIsOffAfterTheTimeForOneThatTakesNone() {
        var id = create(ACME, URL, "*");
        answers.put(URL, request -> sent.size() % 10 == 0 ? TAKEN : BROKEN);
        append(ACME, "lead.received", "7", 300);
        runFor(Duration.ofHours(23));
        assertThat(endpoints.find(ACME.tenant(), id).orElseThrow().status()).isNotEqualTo(Endpoint.Status.DISABLED);
        assertThat(sent.size()).isGreaterThan(200);

        runFor(Duration.ofHours(3));

        assertThat(endpoints.find(ACME.tenant(), id).orElseThrow()).satisfies(off -> {
            assertThat(off.status()).isEqualTo(Endpoint.Status.DISABLED);
            assertThat(off.reason()).contains("more than PT24H", "it answered 500");
        });
        assertThat(said(id)).containsExactly("cairn.webhook.created", "cairn.webhook.disabled");
        assertThat(dead()).isEmpty();

        endpoints.enable(ACME, id);
        runFor(Duration.ofHours(1));
        assertThat(endpoints.find(ACME.tenant(), id).orElseThrow().status())
                .as("who switches it on again has the whole time to repair it")
                .isNotEqualTo(Endpoint.Status.DISABLED);
    }

    @Test
    void anEndpointThatRecoversIsActiveAndHasTheWholeTimeWhenItFailsAgain() {
        var id = create(ACME, URL, "*");
        answers.put(URL, request -> BROKEN);
        append(ACME, "lead.received", "7", 30);
        runFor(Duration.ofHours(20));
        assertThat(endpoints.find(ACME.tenant(), id).orElseThrow().status()).isEqualTo(Endpoint.Status.FAILING);

        answers.put(URL, request -> TAKEN);
        runFor(Duration.ofMinutes(10));
        assertThat(endpoints.find(ACME.tenant(), id).orElseThrow()).satisfies(whole -> {
            assertThat(whole.status()).isEqualTo(Endpoint.Status.ACTIVE);
            assertThat(whole.failingSince()).isEmpty();
        });

        var again = clock.instant();
        answers.put(URL, request -> BROKEN);
        for (int i = 0; i < 20; i++) {
            append(ACME, "lead.received", "stream" + i, 1);
        }
        runFor(Duration.ofHours(5));
        assertThat(endpoints.find(ACME.tenant(), id).orElseThrow()).satisfies(failing -> {
            assertThat(failing.status()).isEqualTo(Endpoint.Status.FAILING);
            assertThat(failing.failingSince().orElseThrow()).isAfter(again);
        });
    }

    /// What another server says may come from a network that the tenant must not see.
    @Test
    void whatAnEndpointAnswersIsShownToNoTenant() {
        var id = create(ACME, URL, "*");
        answers.put(URL, request -> new Sent.Answered(500, null, "stack trace of host 10.0.0.5"));
        append(ACME, "lead.received", "7", 8);
        runFor(Duration.ofHours(25));
        assertThat(endpoints.find(ACME.tenant(), id).orElseThrow().status()).isEqualTo(Endpoint.Status.DISABLED);

        var tasks =
                node.tasks().list(ACME.tenant(), Tasks.Filter.all(), null, 1000).tasks();
        assertThat(tasks)
                .isNotEmpty()
                .allSatisfy(task -> assertThat(task.toString()).doesNotContain("10.0.0.5"));
        assertThat(endpoints.find(ACME.tenant(), id).orElseThrow().toString()).doesNotContain("10.0.0.5");
        var events =
                log().<List<Event>>read(ACME.tenant(), view -> view.stream(new StreamId("cairn-webhook", id), 0, 100));
        assertThat(events)
                .allSatisfy(event -> assertThat(event.payload().toString()).doesNotContain("10.0.0.5"));
    }

    @Test
    void anEndpointThatIsGoneIsOffAtOnce() {
        var id = create(ACME, URL, "*");
        answers.put(URL, request -> new Sent.Answered(410, null, ""));
        append(ACME, "lead.received", "7", 1);
        run();
        assertThat(endpoints.find(ACME.tenant(), id).orElseThrow().status()).isEqualTo(Endpoint.Status.DISABLED);
    }

    @Test
    void aFailingEndpointIsTriedNowAndThenAndIsToldAllOnceItAnswers() {
        create(ACME, URL, "*");
        answers.put(URL, request -> BROKEN);
        append(ACME, "lead.received", "7", 1);
        for (int i = 0; i < 200; i++) {
            append(ACME, "lead.received", "stream" + i, 1);
        }
        run();
        int tried = sent.size();
        assertThat(tried).isBetween(4, 10);
        for (int minute = 0; minute < 10; minute++) {
            run();
            node.pass(Duration.ofMinutes(1));
        }
        assertThat(sent.size() - tried).isLessThan(25);

        answers.put(URL, request -> TAKEN);
        int before = sent.size();
        runFor(Duration.ofHours(3));
        assertThat(sent.subList(before, sent.size())).hasSize(201);
    }

    @Test
    void anEndpointThatComesBackIsSentWhatWasHeldAFewAtATime() {
        create(ACME, URL, "*");
        answers.put(URL, request -> BROKEN);
        for (int i = 0; i < 200; i++) {
            append(ACME, "lead.received", "stream" + i, 1);
        }
        runFor(Duration.ofMinutes(10));
        answers.put(URL, request -> TAKEN);
        int before = sent.size();

        int most = 0;
        for (int look = 0; sent.size() < before + 200 && look < 1_000; look++) {
            dispatcher.step();
            node.claim();
            most = Math.max(most, node.begun().size());
            node.run();
            node.pass(Duration.ofSeconds(1));
        }
        assertThat(sent.subList(before, sent.size())).hasSize(200);
        assertThat(most).as("under way at once").isBetween(2, settings.keysEach());
    }

    @Test
    void theWebhooksOfAStreamComeInItsOrder() {
        create(ACME, URL, "*");
        var flaky = new Random(1);
        answers.put(URL, request -> flaky.nextInt(3) == 0 ? BROKEN : TAKEN);
        List<String> taken = new ArrayList<>();
        answers.put(URL, request -> {
            if (flaky.nextInt(3) == 0) {
                return BROKEN;
            }
            taken.add(place(request));
            return TAKEN;
        });
        append(ACME, "lead.received", "7", 20);
        runFor(Duration.ofHours(12));
        assertThat(taken)
                .isEqualTo(Stream.iterate(1, i -> i + 1)
                        .limit(20)
                        .map(i -> "7@" + i)
                        .toList());
    }

    @Test
    void ofTwoNodesThatDispatchOneIsRefusedAndEachEventIsToldOnce() {
        create(ACME, URL, "*");
        append(ACME, "lead.received", "7", 250);
        var other = new Dispatcher(node.log(), node.tasks(), deliveries, settings);
        for (int i = 0; i < 6; i++) {
            dispatcher.step();
            other.step();
        }
        node.runUntilIdle();
        assertThat(sent).hasSize(250);
    }

    @Test
    void aDeletedEndpointIsToldNothingMore() {
        var id = create(ACME, URL, "*");
        append(ACME, "lead.received", "7", 3);
        dispatcher.step();
        endpoints.delete(ACME, id);
        run();
        assertThat(sent).isEmpty();
        assertThat(dead()).isEmpty();
    }

    @Test
    void aLargePayloadIsLeftOut() {
        create(ACME, URL, "*");
        append(ACME, "lead.received", "7", JsonNodeFactory.instance.objectNode().put("text", "x".repeat(300_000)));
        run();
        assertThat(JSON.readTree(sent.getFirst().body())
                        .path("data")
                        .path("payload_omitted")
                        .asBoolean())
                .isTrue();
    }

    private String create(Context context, URI url, String pattern) {
        return switch (endpoints.create(context, url, Wanted.of(pattern), null)) {
            case EndpointChanged.Secret(var endpoint, var secret) -> endpoint.id();
            case EndpointChanged other -> throw new AssertionError(other);
        };
    }

    private static WebhookSecret secret(EndpointChanged changed) {
        return changed instanceof EndpointChanged.Secret(var endpoint, var secret)
                ? secret
                : WebhookSecret.random(new Random());
    }

    private Verdict verdict(Sender.Request request, WebhookSecret secret) {
        return SignatureStyle.STANDARD.verify(
                name -> List.of(request.headers().getOrDefault(name, "")),
                request.body(),
                List.of(secret),
                clock.instant(),
                Duration.ofMinutes(5));
    }

    private List<String> said(String endpoint) {
        List<Event> events =
                log().read(ACME.tenant(), view -> view.stream(new StreamId("cairn-webhook", endpoint), 0, 100));
        return events.stream().map(event -> event.type().name()).toList();
    }

    private List<String> dead() {
        return node.tasks().list(ACME.tenant(), Tasks.Filter.all().in(TaskState.DEAD), null, 1000).tasks().stream()
                .map(task -> task.id().toString())
                .toList();
    }

    private static String place(Sender.Request request) {
        var data = JSON.readTree(request.body()).path("data");
        return data.path("stream_id").asString() + "@" + data.path("version").asInt();
    }

    private void run() {
        while (dispatcher.step()) {
            node.runUntilIdle();
        }
        node.runUntilIdle();
    }

    private void runFor(Duration time) {
        for (var left = time; left.isPositive(); left = left.minusMinutes(2)) {
            run();
            node.pass(Duration.ofMinutes(2));
        }
        run();
    }

    private void append(Context context, String type, String id, int count) {
        for (int i = 0; i < count; i++) {
            append(context, type, id, JsonNodeFactory.instance.objectNode().put("number", i));
        }
    }

    private void append(Context context, String type, String id, JsonNode payload) {
        log().append(Unit.of(
                context,
                new StreamAppend(
                        new StreamId("lead", id),
                        Expected.any(),
                        List.of(new NewEvent(
                                UUID.randomUUID(), new EventType(type), 1, "s", payload, clock.instant(), null)))));
    }
}
