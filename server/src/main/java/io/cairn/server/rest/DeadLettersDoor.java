package io.cairn.server.rest;

import io.cairn.client.wire.DeadLetterFilter;
import io.cairn.client.wire.DeadLettersAsked;
import io.cairn.client.wire.Page;
import io.cairn.client.wire.Task;
import io.cairn.server.http.Call;
import io.cairn.server.http.Field;
import io.cairn.server.http.HttpLimits;
import io.cairn.server.http.Paging;
import io.cairn.task.DeadLetters;
import io.cairn.task.TaskId;
import io.cairn.task.Tasks;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/// Tasks that gave up: what an operator sees of them, and does with them.
@RestController
@RequestMapping("/v1/dead-letters")
final class DeadLettersDoor {
    private static final int AT_ONCE = 1000;
    private static final int AT_ONCE_MAX = 100_000;

    private final DeadLetters letters;
    private final Tasks tasks;
    private final int idsMax;

    DeadLettersDoor(DeadLetters letters, Tasks tasks, HttpLimits limits) {
        this.letters = letters;
        this.tasks = tasks;
        this.idsMax = limits.batchItemsMax();
    }

    @GetMapping
    Page<Task> list(
            Call call,
            @RequestParam(required = false) @Nullable String type,
            @RequestParam(required = false) @Nullable String lane,
            @RequestParam(required = false) @Nullable String key,
            @RequestParam(required = false) @Nullable String reason,
            @RequestParam(required = false) @Nullable String before,
            @RequestParam(required = false) @Nullable String after,
            @RequestParam(required = false) @Nullable String limit) {
        var paging = Paging.of(limit);
        var until = before == null ? null : Field.of("before").<Instant>built(before, () -> time(before));
        var filter = TaskBodies.filter(new DeadLetterFilter(type, lane, key, reason, until, null, null));
        var found = Field.of("after").built(after, () -> letters.list(call.tenant(), filter, after, paging.oneMore()));
        return paging.page(found, listed -> TaskBodies.wire(listed.task(), null), DeadLetters.Listed::place);
    }

    private static Instant time(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "A time is written as in 2026-03-01T12:00:00Z; found '%s'".formatted(Field.shown(text)), e);
        }
    }

    @PostMapping("/replay")
    @ResponseStatus(HttpStatus.ACCEPTED)
    DeadLettersAsked replay(Call call, @RequestBody(required = false) @Nullable DeadLetterFilter body) {
        var filter = TaskBodies.filter(body);
        int most = most(body);
        return asked(
                call,
                ids(body)
                        .map(ids -> letters.replay(call.context(), ids, filter, most))
                        .orElseGet(() -> letters.replay(call.context(), filter, most)));
    }

    @PostMapping("/discard")
    @ResponseStatus(HttpStatus.ACCEPTED)
    DeadLettersAsked discard(Call call, @RequestBody DeadLetterFilter body) {
        var filter = TaskBodies.filter(body);
        int most = most(body);
        return asked(
                call,
                ids(body)
                        .map(ids -> letters.discard(call.context(), ids, filter, most))
                        .orElseGet(() -> letters.discard(call.context(), filter, most)));
    }

    @PostMapping("/{id}/replay")
    @ResponseStatus(HttpStatus.ACCEPTED)
    DeadLettersAsked replayOne(Call call, @PathVariable String id) {
        var task = TaskBodies.id(id);
        if (!tasks.replay(call.context(), task)) {
            throw TasksDoor.unknown(task);
        }
        return asked(call, 1);
    }

    @PostMapping("/{id}/discard")
    @ResponseStatus(HttpStatus.ACCEPTED)
    DeadLettersAsked discardOne(Call call, @PathVariable String id) {
        var task = TaskBodies.id(id);
        if (!tasks.discard(call.context(), task)) {
            throw TasksDoor.unknown(task);
        }
        return asked(call, 1);
    }

    private static DeadLettersAsked asked(Call call, int letters) {
        call.count("letters", letters);
        return new DeadLettersAsked(letters);
    }

    /// None at all are as wrong as too many: that might mean all.
    private Optional<List<TaskId>> ids(@Nullable DeadLetterFilter body) {
        var ids = body == null ? null : body.ids();
        return ids == null ? Optional.empty() : Optional.of(Field.of("ids").each(ids, idsMax, TaskBodies::idIn));
    }

    private static int most(@Nullable DeadLetterFilter body) {
        var limit = body == null ? null : body.limit();
        if (limit == null) {
            return AT_ONCE;
        }
        if (limit < 1 || limit > AT_ONCE_MAX) {
            throw Field.of("limit").invalid(limit.toString(), "1 to " + AT_ONCE_MAX);
        }
        return limit;
    }
}
