package io.cairn.server.rest;

import io.cairn.client.wire.EnqueueTasks;
import io.cairn.client.wire.EnqueuedTask;
import io.cairn.client.wire.EnqueuedTasks;
import io.cairn.client.wire.LaneStatus;
import io.cairn.client.wire.Page;
import io.cairn.client.wire.Task;
import io.cairn.event.EventLog;
import io.cairn.event.Ids;
import io.cairn.server.http.Call;
import io.cairn.server.http.Field;
import io.cairn.server.http.HttpLimits;
import io.cairn.server.http.Paging;
import io.cairn.server.http.Refusal;
import io.cairn.server.http.Trouble;
import io.cairn.task.TaskCounts;
import io.cairn.task.TaskEngine;
import io.cairn.task.TaskId;
import io.cairn.task.Tasks;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/// Durable tasks, and the lanes in which they run.
@RestController
@RequestMapping("/v1")
final class TasksDoor {
    /// In the place of a lane's order: tasks are left of it, and nothing starts them.
    private static final String NOT_CONFIGURED = "not_configured";

    private final Tasks tasks;
    private final TaskEngine engine;
    private final EventLog log;
    private final Ids ids;
    private final LiveTails tails;
    private final int batchMax;

    TasksDoor(Tasks tasks, TaskEngine engine, EventLog log, Ids ids, LiveTails tails, HttpLimits limits) {
        this.tasks = tasks;
        this.engine = engine;
        this.log = log;
        this.ids = ids;
        this.tails = tails;
        this.batchMax = limits.batchItemsMax();
    }

    @PostMapping("/tasks")
    @ResponseStatus(HttpStatus.ACCEPTED)
    EnqueuedTasks enqueue(Call call, @RequestBody EnqueueTasks body) {
        var all = Field.of("tasks")
                .each(body.tasks(), batchMax, (field, task) -> TaskBodies.task(field, task, tasks.types(), ids::next));
        var submitted = Field.of("tasks").built(all, () -> tasks.submit(call.context(), all));
        call.count("tasks", submitted.size());
        return new EnqueuedTasks(submitted.stream()
                .map(task -> switch (task) {
                    case Tasks.Submitted.Accepted(var id) -> new EnqueuedTask(id.toString(), false);
                    case Tasks.Submitted.Existing(var id) -> new EnqueuedTask(id.toString(), true);
                })
                .toList());
    }

    @GetMapping("/tasks")
    Page<Task> list(
            Call call,
            @RequestParam(required = false) @Nullable String state,
            @RequestParam(required = false) @Nullable String type,
            @RequestParam(required = false) @Nullable String lane,
            @RequestParam(required = false) @Nullable String after,
            @RequestParam(required = false) @Nullable String limit) {
        var wanted = new Tasks.Filter(state == null ? null : TaskBodies.state(state), type, lane);
        var from = after == null ? null : TaskBodies.id(after).toString();
        var found = tasks.list(call.tenant(), wanted, from, Paging.of(limit).limit());
        return new Page<>(
                found.tasks().stream().map(task -> TaskBodies.wire(task, null)).toList(), found.next());
    }

    @GetMapping("/tasks/{id}")
    Task get(Call call, @PathVariable String id) {
        return shown(call, TaskBodies.id(id));
    }

    /// What becomes of a task, until it has ended.
    @GetMapping(path = "/tasks/{id}/progress", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    void progress(Call call, @PathVariable String id, HttpServletResponse response) throws IOException {
        var task = TaskBodies.id(id);
        shown(call, task);
        tails.watch(
                call.context(),
                response,
                () -> tasks.find(call.tenant(), task)
                        .map(found -> new LiveTails.Seen(
                                "task",
                                TaskBodies.wire(found, null),
                                found.state().isEnd())));
    }

    @PostMapping("/tasks/{id}/cancel")
    @ResponseStatus(HttpStatus.ACCEPTED)
    Task cancel(Call call, @PathVariable String id) {
        var task = TaskBodies.id(id);
        if (!tasks.cancel(call.context(), task)) {
            throw unknown(task);
        }
        return shown(call, task);
    }

    private Task shown(Call call, TaskId id) {
        return tasks.find(call.tenant(), id)
                .map(task -> TaskBodies.wire(
                        task,
                        tasks.payload(call.tenant(), id).orElse(null),
                        tasks.lead(call.tenant(), task).orElse(null)))
                .orElseThrow(() -> unknown(id));
    }

    static Refusal unknown(TaskId id) {
        return Trouble.NOT_FOUND.because("There is no task %s; what has ended is removed after a while".formatted(id));
    }

    @GetMapping("/lanes")
    Page<LaneStatus> lanes(Call call) {
        var counts = TaskCounts.of(log, call.tenant());
        var configured = tasks.types().lanes().stream()
                .map(lane ->
                        status(call, counts, lane.name(), lane.order().name().toLowerCase(Locale.ROOT), lane.bound()));
        var left = counts.lanes().stream()
                .filter(lane -> tasks.types().lane(lane).isEmpty())
                .map(lane -> status(call, counts, lane, NOT_CONFIGURED, 0));
        return new Page<>(Stream.concat(configured, left).toList(), null);
    }

    private LaneStatus status(Call call, TaskCounts counts, String lane, String order, int bound) {
        return new LaneStatus(
                lane,
                order,
                bound,
                counts.ready().getOrDefault(lane, 0L),
                counts.waiting().getOrDefault(lane, 0L),
                engine.running(call.tenant(), lane));
    }
}
