package io.cairn.bus;

import io.cairn.event.Appended;
import io.cairn.event.Event;
import io.cairn.event.EventLog;
import io.cairn.event.EventType;
import io.cairn.event.Expected;
import io.cairn.event.Ids;
import io.cairn.event.NewEvent;
import io.cairn.event.Payload;
import io.cairn.event.Recorded;
import io.cairn.event.StreamAppend;
import io.cairn.event.StreamId;
import io.cairn.event.TenantView;
import io.cairn.event.Unit;
import io.cairn.task.Execution;
import io.cairn.task.NewTask;
import io.cairn.task.Outcome;
import io.cairn.task.TaskType;
import io.cairn.task.Tasks;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Takes webhooks in: a genuine one becomes an event and a task in one unit of work, and only then it is acknowledged.
///
/// The event's id follows from the sender's id, so that whatever is sent again is recognised, however much later.
public final class Hooks {
    public static final EventType RECEIVED = new EventType("cairn.hook.received");
    private static final String STREAM = "cairn-hook";
    private static final String ACTOR = "hook:";

    private final EventLog log;
    private final Tasks tasks;
    private final Ids ids;
    private final Map<String, Hook> hooks;

    public Hooks(EventLog log, Tasks tasks, Ids ids, List<Hook> hooks) {
        this.log = log;
        this.tasks = tasks;
        this.ids = ids;
        this.hooks = hooks.stream().collect(Collectors.toUnmodifiableMap(Hook::name, hook -> hook));
    }

    /// The type of task that handles a hook's webhooks.
    public static TaskType taskType(Hook hook, String lane, Supplier<EventLog> log, HookHandler handler) {
        return TaskType.of(hook.taskType(), lane, execution -> handle(log.get(), handler, execution));
    }

    private static Outcome handle(EventLog log, HookHandler handler, Execution execution) throws Exception {
        var id = UUID.fromString(execution.payload().path("event").asString());
        var received = log.read(execution.context().tenant(), view -> received(view, id));
        return received.isPresent()
                ? handler.handle(received.get(), execution)
                : Outcome.dead("The webhook's data were forgotten");
    }

    private static Optional<Received> received(TenantView view, UUID id) {
        return view.find(id).flatMap(found -> payload(view, found)).map(payload -> Received.of(id, payload));
    }

    private static Optional<JsonNode> payload(TenantView view, Recorded found) {
        return view.stream(found.stream(), found.version() - 1, 1).stream()
                .findFirst()
                .map(Event::payload)
                .flatMap(payload -> switch (payload) {
                    case Payload.Open(var json) -> Optional.of(json);
                    case Payload.Forgotten forgotten -> Optional.empty();
                    case Payload.Unreadable unreadable -> Optional.empty();
                });
    }

    /// Whether there is a hook of that name.
    public boolean has(String name) {
        return hooks.containsKey(name);
    }

    /// Takes one in.
    ///
    /// @param headers all values of a header, whose name is given in small letters
    /// @param body the bytes as they came
    /// @param check of the body of one that is genuine; if it throws, nothing is stored
    public Taken take(
            String name, Function<String, List<String>> headers, byte[] body, String correlation, Runnable check) {
        var hook = hooks.get(name);
        if (hook == null) {
            return new Taken.Unknown();
        }
        return switch (hook.style().verify(headers, body, hook.secrets(), ids.now(), hook.tolerance())) {
            case Verdict.Refused(var why) -> new Taken.Refused(why);
            case Verdict.Genuine(var delivery) -> {
                check.run();
                yield store(
                        hook,
                        new Received(
                                eventId(hook.tenant(), name, delivery),
                                name,
                                delivery,
                                hook.style().topic(headers, body).orElse(null),
                                body),
                        correlation);
            }
        };
    }

    private Taken store(Hook hook, Received received, String correlation) {
        var context = new Context(hook.tenant(), ACTOR + hook.name(), correlation);
        var event = new NewEvent(
                received.event(), RECEIVED, 1, STREAM + "/" + hook.name(), received.payload(), ids.now(), null);
        var task = NewTask.of(
                received.event(),
                hook.taskType(),
                JsonNodeFactory.instance
                        .objectNode()
                        .put("event", received.event().toString()));
        var enqueued = tasks.enqueue(context, task);
        var outcome = log.append(new Unit(
                context,
                List.of(new StreamAppend(new StreamId(STREAM, hook.name()), Expected.any(), List.of(event))),
                enqueued.expectations(),
                enqueued.rows()));
        return switch (outcome) {
            case Appended.Written written -> new Taken.Durable(received.event(), false);
            case Appended.Duplicate duplicate -> again(hook.tenant(), received);
            case Appended.Refused refused -> throw unexpected(refused);
            case Appended.Conflict conflict -> throw unexpected(conflict);
            case Appended.Unmet unmet -> throw unexpected(unmet);
        };
    }

    /// Senders may count their attempts in what they send; of the content only the body tells whether it is the same.
    private Taken again(Tenant tenant, Received received) {
        var before = log.read(tenant, view -> received(view, received.event()));
        boolean same = before.isEmpty() || Arrays.equals(before.get().body(), received.body());
        return same ? new Taken.Durable(received.event(), true) : new Taken.Reused(received.delivery());
    }

    private static IllegalStateException unexpected(Appended outcome) {
        return new IllegalStateException("Taking a webhook in came to " + outcome);
    }

    static UUID eventId(Tenant tenant, String hook, String delivery) {
        return Ids.named("hook", tenant.id(), hook, delivery);
    }
}
