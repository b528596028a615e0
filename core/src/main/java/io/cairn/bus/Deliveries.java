package io.cairn.bus;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cairn.event.Event;
import io.cairn.event.EventLog;
import io.cairn.event.Ids;
import io.cairn.event.TenantView;
import io.cairn.task.Execution;
import io.cairn.task.NewTask;
import io.cairn.task.Outcome;
import io.cairn.task.RetryPolicy;
import io.cairn.task.TaskType;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;

/// Sends webhooks, as tasks: each with the bytes and the id that were fixed when it was enqueued.
///
/// An endpoint that is off or failing postpones its webhooks instead of using up their attempts, and takes no room from
/// others meanwhile. So there is one to try it with until it answers, or is switched off.
public final class Deliveries {
    private static final System.Logger LOG = System.getLogger(Deliveries.class.getName());
    static final String TYPE = "webhook.deliver";
    private static final int GONE = 410;
    private static final Duration HELD = Duration.ofMinutes(5);

    /// An answer may ask to be left alone for so long, and no longer.
    private static final Duration LEFT_ALONE_MAX = Duration.ofHours(2);
    private static final RetryPolicy RETRY = RetryPolicy.defaults()
            .attempts(12)
            .waiting(Duration.ofSeconds(5), LEFT_ALONE_MAX)
            .givingUpAfter(Duration.ofHours(12));
    private static final String ACTOR = "webhooks";

    private final Supplier<EventLog> log;
    private final Supplier<Endpoints> endpoints;
    private final Sender sender;
    private final Ids ids;
    private final RandomGenerator random;
    private final LongSupplier nanos;
    private final WebhookSettings settings;
    private final DeliveryWatch watch;
    private final Map<Place, EndpointHealth> health = new ConcurrentHashMap<>();

    private record Place(Tenant tenant, String endpoint) {}

    private record Ready(Endpoint endpoint, List<WebhookSecret> secrets) {}

    /// @param log and endpoints are asked for when the first webhook is sent
    /// @param nanos tells time, as `System::nanoTime` does
    public Deliveries(
            Supplier<EventLog> log,
            Supplier<Endpoints> endpoints,
            Sender sender,
            Ids ids,
            RandomGenerator random,
            LongSupplier nanos,
            WebhookSettings settings,
            DeliveryWatch watch) {
        this.log = log;
        this.endpoints = endpoints;
        this.sender = sender;
        this.ids = ids;
        this.random = random;
        this.nanos = nanos;
        this.settings = settings;
        this.watch = watch;
    }

    /// The type of task that sends a webhook.
    public TaskType taskType() {
        return TaskType.of(TYPE, settings.lane(), this::deliver)
                .retrying(RETRY)
                .within(settings.timeMax().multipliedBy(2));
    }

    /// The task that tells an endpoint of an event.
    NewTask task(String endpoint, Event event, int bytesMax) {
        var id = Ids.named("webhook", endpoint, event.id().toString());
        var payload = JsonNodeFactory.instance
                .objectNode()
                .put("endpoint", endpoint)
                .put("body", WebhookBody.of(event, bytesMax));
        int key = Math.floorMod(event.stream().hashCode(), settings.keysEach());
        return NewTask.of(id, TYPE, payload).about(event.subject()).withKey(endpoint + "/" + key);
    }

    private Outcome deliver(Execution execution) {
        var tenant = execution.context().tenant();
        var id = execution.payload().path("endpoint").asString();
        var ready = log.get().read(tenant, view -> ready(view, id));
        if (ready.isEmpty()) {
            health.remove(new Place(tenant, id));
            return Outcome.done();
        }
        var endpoint = ready.get().endpoint();
        if (endpoint.status() == Endpoint.Status.DISABLED) {
            // Whoever switches it on again has seen to it.
            health.remove(new Place(tenant, id));
            return Outcome.snooze(jittered(HELD), "The endpoint is off: " + endpoint.reason());
        }
        var fares = health.computeIfAbsent(
                new Place(tenant, id), place -> new EndpointHealth(settings.probeEvery(), nanos));
        if (endpoint.status() == Endpoint.Status.FAILING) {
            fares.believeFailing(endpoint.failingSince().orElseGet(ids::now));
        }
        var rest = fares.rest();
        if (rest.isPositive()) {
            return Outcome.snooze(jittered(rest), "The endpoint is failing and is tried now and then");
        }
        return judged(execution.context(), endpoint, fares, send(execution, ready.get()));
    }

    private Optional<Ready> ready(TenantView view, String id) {
        return Endpoints.row(view, id)
                .flatMap(row -> EndpointSecrets.opened(view, log.get(), row)
                        .map(secrets -> new Ready(Endpoint.of(row), secrets.at(ids.now()))));
    }

    private Sender.Sent send(Execution execution, Ready ready) {
        var body = execution.payload().path("body").asString().getBytes(UTF_8);
        Map<String, String> headers = new HashMap<>(
                StandardWebhook.headers(ready.secrets(), execution.id().toString(), ids.now(), body));
        headers.put("Content-Type", "application/json");
        headers.put("X-Correlation-ID", execution.context().correlation());
        long begin = nanos.getAsLong();
        var sent = sender.send(new Sender.Request(ready.endpoint().url(), headers, body, settings.timeMax()));
        watch.sent(execution.context().tenant(), ready.endpoint(), sent, Duration.ofNanos(nanos.getAsLong() - begin));
        return sent;
    }

    private Outcome judged(Context context, Endpoint endpoint, EndpointHealth fares, Sender.Sent sent) {
        return switch (sent) {
            case Sender.Sent.Answered answer
            when answer.taken() -> {
                if (fares.tell(true, ids.now()) || endpoint.status() == Endpoint.Status.FAILING) {
                    endpoints.get().noteActive(own(context), endpoint.id());
                }
                yield Outcome.done();
            }
            case Sender.Sent.Answered(int status, var retryAfter, var excerpt)
            when status == GONE -> {
                endpoints.get().disable(own(context), endpoint.id(), "it answered 410 Gone");
                yield Outcome.snooze(HELD, "The endpoint is gone");
            }
            case Sender.Sent.Answered(int status, var retryAfter, var excerpt) -> {
                // What another server says may be meant for nobody but whoever runs this one.
                LOG.log(Level.DEBUG, "Webhook {0} answered {1}: {2}", endpoint.id(), status, excerpt);
                var why = "It answered " + status;
                failed(context, endpoint, fares, "it answered " + status);
                yield again(fares, why, retryAfter);
            }
            case Sender.Sent.Failed(var why) -> {
                failed(context, endpoint, fares, why);
                yield again(fares, why, null);
            }
            case Sender.Sent.Forbidden(var why) -> {
                failed(context, endpoint, fares, why);
                yield again(fares, why, null);
            }
        };
    }

    private Outcome again(EndpointHealth fares, String why, @Nullable Duration after) {
        if (fares.isFailing()) {
            return Outcome.snooze(jittered(settings.probeEvery()), why);
        }
        return after == null
                ? Outcome.retry(why)
                : Outcome.retryAfter(after.compareTo(LEFT_ALONE_MAX) > 0 ? LEFT_ALONE_MAX : after, why);
    }

    private void failed(Context context, Endpoint endpoint, EndpointHealth fares, String why) {
        fares.tell(false, ids.now());
        if (!fares.isFailing()) {
            return;
        }
        var since = fares.failingSince().orElseGet(ids::now);
        if (overdue(since)) {
            var reason = "most attempts have been failing for more than %s; the last time, %s"
                    .formatted(settings.disableAfter(), why);
            if (endpoints.get().giveUp(own(context), endpoint.id(), reason)) {
                health.remove(new Place(context.tenant(), endpoint.id()));
            }
        } else if (endpoint.status() == Endpoint.Status.ACTIVE) {
            endpoints.get().noteFailing(own(context), endpoint.id(), why, since);
        }
    }

    private boolean overdue(Instant since) {
        return Duration.between(since, ids.now()).compareTo(settings.disableAfter()) > 0;
    }

    private static Context own(Context context) {
        return new Context(context.tenant(), ACTOR, context.correlation());
    }

    /// Those who wait together come back one after the other.
    private Duration jittered(Duration time) {
        return time.plusMillis(random.nextLong(Math.max(1, time.toMillis())));
    }

    /// A webhook that says nothing, by which the owner of an endpoint can try it.
    public NewTask ping(String endpoint, URI url) {
        var body = JsonNodeFactory.instance.objectNode();
        body.put("type", "cairn.webhook.ping");
        body.put("timestamp", ids.now().toString());
        body.putObject("data").put("endpoint", endpoint).put("url", url.toString());
        return NewTask.of(
                        ids.next(),
                        TYPE,
                        JsonNodeFactory.instance
                                .objectNode()
                                .put("endpoint", endpoint)
                                .put("body", body.toString()))
                .withKey(endpoint + "/ping");
    }
}
