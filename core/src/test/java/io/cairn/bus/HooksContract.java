package io.cairn.bus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.cairn.event.Event;
import io.cairn.event.EventLog;
import io.cairn.event.Ids;
import io.cairn.event.LogPlace;
import io.cairn.event.Payload;
import io.cairn.event.StreamId;
import io.cairn.feature.Features;
import io.cairn.task.Lane;
import io.cairn.task.Outcome;
import io.cairn.task.RetryPolicy;
import io.cairn.task.SettableClock;
import io.cairn.task.Task;
import io.cairn.task.TaskEngine;
import io.cairn.task.TaskNode;
import io.cairn.task.TaskSettings;
import io.cairn.task.TaskState;
import io.cairn.task.TaskTypes;
import io.cairn.task.Tasks;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What webhooks that come in promise on every storage.
public abstract class HooksContract {
    private static final Tenant TENANT = new Tenant("acme");
    private static final Runnable UNCHECKED = () -> {};
    private static final Context OPERATOR = new Context(TENANT, "operator", "c0");
    private static final WebhookSecret SECRET = new WebhookSecret("a secret of GitHub's");
    private static final WebhookSecret STANDARD_SECRET = WebhookSecret.random(new Random(1));
    private static final Hook GITHUB =
            new Hook("github", TENANT, SignatureStyle.GITHUB, List.of(SECRET), Hook.USUAL_TOLERANCE);
    private static final Hook STANDARD =
            new Hook("standard", TENANT, SignatureStyle.STANDARD, List.of(STANDARD_SECRET), Hook.USUAL_TOLERANCE);

    private final SettableClock clock = new SettableClock();
    private final List<UUID> handled = new ArrayList<>();
    private final AtomicBoolean failing = new AtomicBoolean(true);
    private final Random random = new Random(5);
    private final LogPlace place;
    private TaskNode node;
    private Hooks hooks;

    protected HooksContract(LogPlace place) {
        this.place = place;
    }

    @BeforeEach
    void open() {
        node = node();
        hooks = new Hooks(node.log(), node.tasks(), new Ids(clock, random), List.of(GITHUB, STANDARD));
    }

    private TaskNode node() {
        var storage = place.create(Features.of(List.of(TaskEngine.feature())).tables());
        HookHandler flaky = (webhook, execution) -> {
            if (failing.get() && random.nextInt(3) == 0) {
                return random.nextBoolean() ? Outcome.dead("as it must") : Outcome.retry("as it must");
            }
            handled.add(webhook.event());
            return Outcome.done();
        };
        var types = new TaskTypes(
                List.of(Lane.parallel("hooks", 8)),
                List.of(
                        Hooks.taskType(GITHUB, "hooks", this::log, flaky)
                                .retrying(RetryPolicy.defaults().attempts(2)),
                        Hooks.taskType(
                                STANDARD,
                                "hooks",
                                this::log,
                                new HookMapping("{topic}", "lead/{/data/id}", this::log, clock))));
        return new TaskNode("a", storage, types, TaskSettings.defaults(), clock);
    }

    private EventLog log() {
        return node.log();
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void aWebhookThatIsNotGenuineLeavesNoTrace() {
        assertThat(hooks.take("github", name -> List.of(), new byte[0], "c1", UNCHECKED))
                .isInstanceOf(Taken.Refused.class);
        assertThat(hooks.take("gitlab", name -> List.of(), new byte[0], "c1", UNCHECKED))
                .isInstanceOf(Taken.Unknown.class);
        assertThat(log().head(log().partition(TENANT)).number()).isZero();
    }

    /// Only what is genuine is looked at.
    @Test
    void aWebhookThatIsCheckedAndRefusedLeavesNoTrace() {
        Runnable refusing = () -> {
            throw new IllegalStateException("not this one");
        };
        var body = "{}".getBytes(UTF_8);
        var headers = StandardWebhook.headers(List.of(STANDARD_SECRET), "m1", clock.instant(), body);
        assertThatIllegalStateException()
                .isThrownBy(() ->
                        hooks.take("standard", name -> List.of(headers.getOrDefault(name, "")), body, "c1", refusing));
        assertThat(hooks.take("standard", name -> List.of(), body, "c1", refusing))
                .isInstanceOf(Taken.Refused.class);
        assertThat(log().head(log().partition(TENANT)).number()).isZero();
    }

    @Test
    void whatIsSentAgainIsTakenOnceAndOtherContentUnderItsIdIsRefused() {
        failing.set(false);
        var body = "{\"a\":1}".getBytes(UTF_8);
        var first = take("d1", "push", body);
        assertThat(first).isEqualTo(new Taken.Durable(Hooks.eventId(TENANT, "github", "d1"), false));
        assertThat(take("d1", "push", body)).isEqualTo(new Taken.Durable(Hooks.eventId(TENANT, "github", "d1"), true));
        assertThat(take("d1", "push", "{\"a\":2}".getBytes(UTF_8))).isEqualTo(new Taken.Reused("d1"));
        node.runUntilIdle();
        assertThat(take("d1", "push", body)).isInstanceOf(Taken.Durable.class);
        node.runUntilIdle();
        assertThat(handled).hasSize(1);
    }

    /// Twice the tolerance is how long one signature stays good; senders try again for days, and people for months.
    @Test
    void whatIsSentAgainIsRecognisedHoweverLate() {
        failing.set(false);
        var body = "{\"type\":\"lead.received\",\"data\":{\"id\":8}}";
        standard("m1", body);
        for (var later : List.of(
                Hook.USUAL_TOLERANCE.multipliedBy(2).plusSeconds(1), Duration.ofDays(5), Duration.ofDays(400))) {
            node.runUntilIdle();
            clock.pass(later);
            var bytes = body.getBytes(UTF_8);
            var signedAnew = StandardWebhook.headers(List.of(STANDARD_SECRET), "m1", clock.instant(), bytes);
            assertThat(hooks.take(
                            "standard", name -> List.of(signedAnew.getOrDefault(name, "")), bytes, "c1", UNCHECKED))
                    .isEqualTo(new Taken.Durable(Hooks.eventId(TENANT, "standard", "m1"), true));
        }
        node.runUntilIdle();
        assertThat(stream("lead", "8")).hasSize(1);
    }

    @Test
    void aMappingMakesAnEventOfTheTenantsOwnAndWhatItCannotNameIsADeadLetter() {
        standard("m1", "{\"type\":\"lead.received\",\"data\":{\"id\":7,\"price\":0.12345678901234567890}}");
        standard("m2", "{\"type\":\"lead.received\",\"data\":{}}");
        standard("m3", "no json");
        standard("m4", "{\"type\":\"lead received\",\"data\":{\"id\":7}}");
        node.runUntilIdle();
        assertThat(stream("lead", "7")).singleElement().satisfies(event -> {
            assertThat(event.type().name()).isEqualTo("lead.received");
            assertThat(((Payload.Open) event.payload()).json().at("/data/price").decimalValue())
                    .isEqualTo("0.12345678901234567890");
        });
        assertThat(dead("hook.standard")).hasSize(3);
    }

    private void standard(String id, String body) {
        var bytes = body.getBytes(UTF_8);
        var headers = StandardWebhook.headers(List.of(STANDARD_SECRET), id, clock.instant(), bytes);
        assertThat(hooks.take("standard", name -> List.of(headers.getOrDefault(name, "")), bytes, "c1", UNCHECKED))
                .isInstanceOf(Taken.Durable.class);
    }

    @Test
    void whateverFailsIsHandledOrADeadLetterAndReplayEmptiesThose() {
        Map<UUID, byte[]> sent = new HashMap<>();
        for (int i = 0; i < 120; i++) {
            var body = "{\"number\":%d}".formatted(i).getBytes(UTF_8);
            if (take("d" + i, "push", body) instanceof Taken.Durable durable) {
                sent.put(durable.event(), body);
            }
        }
        assertThat(sent).hasSize(120);
        runOn();

        var dead = dead("hook.github");
        assertThat(dead).isNotEmpty();
        assertThat(handled).doesNotHaveDuplicates();
        assertThat(Stream.concat(
                                handled.stream(),
                                dead.stream().map(task -> task.id().value()))
                        .toList())
                .containsExactlyInAnyOrderElementsOf(sent.keySet());

        failing.set(false);
        dead.forEach(task -> node.tasks().replay(OPERATOR, task.id()));
        runOn();
        assertThat(dead("hook.github")).isEmpty();
        assertThat(handled).containsExactlyInAnyOrderElementsOf(sent.keySet());
        assertThat(stream("cairn-hook", "github"))
                .allSatisfy(event -> assertThat(body(event)).isEqualTo(sent.get(event.id())));
    }

    private List<Event> stream(String type, String id) {
        return log().read(TENANT, view -> view.stream(new StreamId(type, id), 0, 1000));
    }

    private static byte[] body(Event event) {
        return Received.of(event.id(), ((Payload.Open) event.payload()).json()).body();
    }

    private void runOn() {
        for (int i = 0; i < 5; i++) {
            node.runUntilIdle();
            node.pass(Duration.ofMinutes(20));
        }
    }

    private List<Task> dead(String type) {
        return node.tasks()
                .list(TENANT, Tasks.Filter.all().in(TaskState.DEAD).of(type), null, 1000)
                .tasks();
    }

    private Taken take(String delivery, String topic, byte[] body) {
        var headers = Map.of(
                "x-github-delivery", delivery,
                "x-github-event", topic,
                "x-hub-signature-256", "sha256=" + HexFormat.of().formatHex(SECRET.signPlain(body)));
        return hooks.take(
                "github",
                name -> headers.containsKey(name) ? List.of(headers.get(name)) : List.of(),
                body,
                "c1",
                UNCHECKED);
    }
}
