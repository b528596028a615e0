package io.cairn.server.rest;

import io.cairn.client.wire.Deleted;
import io.cairn.client.wire.NewSchedule;
import io.cairn.client.wire.Page;
import io.cairn.client.wire.Schedule;
import io.cairn.event.EventLog;
import io.cairn.server.http.Call;
import io.cairn.server.http.Field;
import io.cairn.server.http.Paging;
import io.cairn.server.http.Refusal;
import io.cairn.server.http.Trouble;
import io.cairn.task.Schedules;
import io.cairn.task.Tasks;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/// Tasks that are enqueued again and again, as cron expressions say.
@RestController
@RequestMapping("/v1/schedules")
final class SchedulesDoor {
    private final Schedules schedules;
    private final Tasks tasks;
    private final EventLog log;

    SchedulesDoor(Schedules schedules, Tasks tasks, EventLog log) {
        this.schedules = schedules;
        this.tasks = tasks;
        this.log = log;
    }

    @GetMapping
    Page<Schedule> list(
            Call call,
            @RequestParam(required = false) @Nullable String after,
            @RequestParam(required = false) @Nullable String limit) {
        var paging = Paging.of(limit);
        return paging.page(
                schedules.list(call.tenant(), after, paging.oneMore()), TaskBodies::wire, io.cairn.task.Schedule::name);
    }

    @GetMapping("/{name}")
    Schedule get(Call call, @PathVariable String name) {
        return schedules.find(call.tenant(), name).map(TaskBodies::wire).orElseThrow(() -> unknown(name));
    }

    @PutMapping("/{name}")
    Schedule put(Call call, @PathVariable String name, @RequestBody NewSchedule body) {
        schedules.put(call.context(), TaskBodies.schedule(name, body, tasks.types()));
        return get(call, name);
    }

    @DeleteMapping("/{name}")
    Deleted delete(Call call, @PathVariable String name) {
        require(schedules.remove(call.context(), name), name);
        return new Deleted(log.head(log.partition(call.tenant())).position().wire(), name);
    }

    @PostMapping("/{name}/pause")
    Schedule pause(Call call, @PathVariable String name) {
        require(schedules.pause(call.context(), name), name);
        return get(call, name);
    }

    @PostMapping("/{name}/resume")
    Schedule resume(Call call, @PathVariable String name) {
        require(schedules.resume(call.context(), name), name);
        return get(call, name);
    }

    /// A moment later there is one more task.
    @PostMapping("/{name}/run")
    @ResponseStatus(HttpStatus.ACCEPTED)
    Schedule run(Call call, @PathVariable String name) {
        boolean there = Field.of("type").built(name, () -> schedules.runNow(call.context(), name));
        require(there, name);
        return get(call, name);
    }

    private static void require(boolean there, String name) {
        if (!there) {
            throw unknown(name);
        }
    }

    private static Refusal unknown(String name) {
        return Trouble.NOT_FOUND.because("There is no schedule '%s'".formatted(name));
    }
}
