package io.cairn.server.rest;

import io.cairn.client.wire.DeadLetterFilter;
import io.cairn.client.wire.NewTask;
import io.cairn.client.wire.Schedule;
import io.cairn.client.wire.TaskProgress;
import io.cairn.server.http.Field;
import io.cairn.task.CatchUp;
import io.cairn.task.CronExpression;
import io.cairn.task.DeadLetters;
import io.cairn.task.NewSchedule;
import io.cairn.task.Task;
import io.cairn.task.TaskId;
import io.cairn.task.TaskState;
import io.cairn.task.TaskTypes;
import io.cairn.task.Tasks;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Tasks and schedules on the wire and in the core.
final class TaskBodies {
    private static final int NAME_MAX = 512;

    private TaskBodies() {}

    static io.cairn.task.NewTask task(Field field, NewTask body, TaskTypes types, Supplier<UUID> ids) {
        var id = body.id() == null ? ids.get() : uuid(field.at("id"), body.id());
        var type = type(field.at("type"), body.type(), types);
        var payload = body.payload() == null
                ? JsonNodeFactory.instance.objectNode()
                : field.at("payload").json(body.payload());
        var due = field.at("due_at").optionalTime(body.dueAt());
        var deadline = field.at("deadline").optionalTime(body.deadline());
        return field.built(
                id,
                () -> new io.cairn.task.NewTask(
                        id,
                        type,
                        payload,
                        body.subject() == null ? io.cairn.task.NewTask.NOBODY : body.subject(),
                        body.key(),
                        body.priority() == null ? 0 : body.priority(),
                        due,
                        deadline,
                        body.dedup()));
    }

    private static String type(Field field, @Nullable String given, TaskTypes types) {
        var name = field.required(given);
        if (types.find(name).isEmpty()) {
            throw field.invalid(
                    "'" + name + "'",
                    types.all().stream().map(each -> "'" + each.name() + "'").collect(Collectors.joining(", ")));
        }
        return name;
    }

    static TaskId id(String id) {
        return idIn(Field.of("id"), id);
    }

    static TaskId idIn(Field field, String id) {
        return new TaskId(uuid(field, id));
    }

    private static UUID uuid(Field field, String text) {
        return field.built(text, () -> {
            var uuid = UUID.fromString(text);
            if (!uuid.toString().equalsIgnoreCase(text)) {
                throw new IllegalArgumentException("A task's id is a UUID; found '%s'".formatted(text));
            }
            return uuid;
        });
    }

    static TaskState state(String state) {
        return Field.of("state").built(state, () -> TaskState.of(state));
    }

    static io.cairn.client.wire.Task wire(Task task, @Nullable JsonNode payload) {
        return wire(task, payload, null);
    }

    /// @param lead of its key, if it is known
    static io.cairn.client.wire.Task wire(Task task, @Nullable JsonNode payload, Tasks.@Nullable Lead lead) {
        var progress = task.progress();
        return new io.cairn.client.wire.Task(
                task.id().toString(),
                task.type(),
                task.lane(),
                task.key(),
                task.state().text(),
                task.priority(),
                task.createdAt(),
                task.dueAt(),
                task.deadline(),
                task.dedup(),
                task.subject(),
                task.actor(),
                task.correlation(),
                task.attempts(),
                task.crashes(),
                task.postponements(),
                task.replays(),
                task.endedAt(),
                task.reason(),
                task.history(),
                progress == null ? null : new TaskProgress(progress.done(), progress.total()),
                payload,
                lead == null || task.state() != TaskState.WAITING
                        ? null
                        : lead.head().toString(),
                lead == null || !lead.head().equals(task.id()) ? null : lead.behind());
    }

    static DeadLetters.Filter filter(@Nullable DeadLetterFilter body) {
        return body == null
                ? DeadLetters.Filter.all()
                : new DeadLetters.Filter(
                        Field.of("type").optionalWord(body.type(), NAME_MAX),
                        Field.of("lane").optionalWord(body.lane(), NAME_MAX),
                        Field.of("key").optionalWord(body.key(), NAME_MAX),
                        Field.of("reason").optionalWord(body.reason(), NAME_MAX),
                        Field.of("before").optionalTime(body.before()));
    }

    static NewSchedule schedule(String name, io.cairn.client.wire.NewSchedule body, TaskTypes types) {
        var text = Field.of("cron").required(body.cron());
        var cron = Field.of("cron").built(text, () -> CronExpression.parse(text));
        var zone = Field.of("zone").built(body.zone(), () -> zone(body.zone()));
        var wanted = body.catchUp();
        var catchUp = wanted == null ? CatchUp.ONCE : Field.of("catch_up").built(wanted, () -> CatchUp.of(wanted));
        var type = type(Field.of("type"), body.type(), types);
        var payload = body.payload() == null
                ? JsonNodeFactory.instance.objectNode()
                : Field.of("payload").json(body.payload());
        return Field.of("name")
                .built(
                        name,
                        () -> new NewSchedule(
                                name,
                                cron,
                                zone,
                                catchUp,
                                type,
                                payload,
                                body.subject() == null ? io.cairn.task.NewTask.NOBODY : body.subject(),
                                body.key()));
    }

    private static ZoneId zone(@Nullable String name) {
        try {
            return ZoneId.of(name == null ? "UTC" : name);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "'%s' is no time zone, such as 'UTC' or 'Europe/Berlin'".formatted(name), e);
        }
    }

    static Schedule wire(io.cairn.task.Schedule schedule) {
        var last = schedule.lastTask();
        return new Schedule(
                schedule.name(),
                schedule.cron().toString(),
                schedule.zone().getId(),
                schedule.catchUp().text(),
                schedule.type(),
                schedule.key(),
                schedule.paused(),
                schedule.next(),
                schedule.last(),
                last == null ? null : last.toString(),
                schedule.fired(),
                schedule.skipped());
    }
}
