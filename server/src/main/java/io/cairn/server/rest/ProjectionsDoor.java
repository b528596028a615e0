package io.cairn.server.rest;

import io.cairn.client.wire.Page;
import io.cairn.client.wire.ParkedKey;
import io.cairn.client.wire.ProjectionStatus;
import io.cairn.client.wire.RebuildStarted;
import io.cairn.client.wire.RetriedParked;
import io.cairn.client.wire.RetryParked;
import io.cairn.client.wire.SkipParked;
import io.cairn.client.wire.SkippedParked;
import io.cairn.event.EventLog;
import io.cairn.event.InlineRebuilds;
import io.cairn.follow.Parked;
import io.cairn.follow.RunningFollower;
import io.cairn.follow.Skipped;
import io.cairn.projection.RolledBack;
import io.cairn.projection.RunningProjection;
import io.cairn.server.http.Call;
import io.cairn.server.http.Field;
import io.cairn.server.http.Paging;
import io.cairn.server.http.Refusal;
import io.cairn.server.http.Trouble;
import io.cairn.server.ops.RunningProjections;
import io.cairn.server.ops.ServerStatus;
import io.cairn.server.security.Granted;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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

/// The projections and whatever else follows the log: where they stand, rebuilding them, and the streams that they
/// have put aside.
@RestController
@RequestMapping("/v1/projections")
final class ProjectionsDoor {
    private final RunningProjections projections;
    private final InlineRebuilds inline;
    private final ServerStatus status;

    ProjectionsDoor(RunningProjections projections, EventLog log, ServerStatus status) {
        this.inline = log.inline();
        this.projections = projections;
        this.status = status;
    }

    @GetMapping
    Page<ProjectionStatus> list(Call call, HttpServletRequest request) {
        boolean whole = Granted.everyTenant(request);
        return new Page<>(
                Stream.concat(
                                status.projections(call.tenant(), whole).stream(),
                                status.inline(call.tenant(), whole).stream())
                        .toList(),
                null);
    }

    @PostMapping("/{name}/rebuild")
    @ResponseStatus(HttpStatus.ACCEPTED)
    RebuildStarted rebuild(Call call, @PathVariable String name) {
        return inline.names().contains(name)
                ? rebuildInline(name)
                : new RebuildStarted(name, built(name).rebuild());
    }

    private RebuildStarted rebuildInline(String name) {
        return switch (inline.begin(name)) {
            case InlineRebuilds.Begun.Started(int generation) -> new RebuildStarted(name, generation);
            case InlineRebuilds.Begun.Busy(String other) ->
                throw Trouble.REBUILDING.because("The tables of %s are being rebuilt".formatted(other));
        };
    }

    @PostMapping("/{name}/rollback")
    @ResponseStatus(HttpStatus.ACCEPTED)
    RebuildStarted rollback(Call call, @PathVariable String name) {
        return switch (built(name).rollback()) {
            case RolledBack.Begun(int generation) -> new RebuildStarted(name, generation);
            case RolledBack.Refused(String reason) -> throw Trouble.NO_WAY_BACK.because(reason);
        };
    }

    @GetMapping("/{name}/parked")
    Page<ParkedKey> parked(
            Call call,
            @PathVariable String name,
            @RequestParam(required = false) @Nullable String after,
            @RequestParam(required = false) @Nullable String limit) {
        var paging = Paging.of(limit);
        var from = after == null ? null : Field.of("after").wellFormed(after);
        return paging.page(
                find(name).parked(call.tenant(), from, paging.oneMore()), ProjectionsDoor::wire, Parked::key);
    }

    /// The position is that of the event in its stream, which is what its author knows.
    static ParkedKey wire(Parked parked) {
        return new ParkedKey(
                parked.key(),
                Long.toString(parked.version()),
                parked.eventId().toString(),
                parked.eventType(),
                parked.error(),
                Math.toIntExact(parked.attempts()),
                parked.parkedAt());
    }

    @PostMapping("/{name}/parked/retry")
    RetriedParked retry(
            Call call, @PathVariable String name, @RequestBody(required = false) @Nullable RetryParked body) {
        var host = find(name);
        var key = body == null || body.key() == null ? null : Field.of("key").word(body.key(), 1000);
        int retried = host.retry(call.tenant(), key);
        call.count("retried", retried);
        return new RetriedParked(retried, host.parkedCount(call.tenant()));
    }

    @PostMapping("/{name}/parked/skip")
    SkippedParked skip(Call call, @PathVariable String name, @RequestBody SkipParked body) {
        var host = find(name);
        var key = Field.of("key").word(body.key(), 1000);
        return switch (host.skip(call.context(), key)) {
            case Skipped.Done(long events) -> {
                call.count("skipped", events);
                yield new SkippedParked(events, host.parkedCount(call.tenant()));
            }
            case Skipped.NotParked() -> throw Trouble.NOT_FOUND.because("%s has not parked '%s'".formatted(name, key));
        };
    }

    private RunningFollower find(String name) {
        return named(projections.followers(), name).orElseThrow(() -> unknown(name));
    }

    private RunningProjection built(String name) {
        if (named(projections.reactions(), name).isPresent()) {
            throw Trouble.NOT_FOUND.because(
                    "%s reacts to each event once: it has no other generation and cannot be built anew"
                            .formatted(name));
        }
        return named(projections.all(), name).orElseThrow(() -> unknown(name));
    }

    private static <F extends RunningFollower> Optional<F> named(List<F> some, String name) {
        return some.stream().filter(each -> each.name().equals(name)).findFirst();
    }

    private Refusal unknown(String name) {
        if (inline.names().contains(name)) {
            return Trouble.NOT_FOUND.because(
                    "%s commits with the events: it puts nothing aside and has no former generation".formatted(name));
        }
        return Trouble.NOT_FOUND.because("There is no projection '%s'; there are: %s"
                .formatted(
                        name,
                        Stream.concat(
                                        projections.followers().stream().map(RunningFollower::name),
                                        inline.names().stream())
                                .collect(Collectors.joining(", "))));
    }
}
