package io.cairn.server.rest;

import io.cairn.client.wire.BeginRefresh;
import io.cairn.client.wire.ModelsStatus;
import io.cairn.client.wire.RefreshComparison;
import io.cairn.client.wire.RefreshEstimate;
import io.cairn.client.wire.RefreshStatus;
import io.cairn.refresh.Comparison;
import io.cairn.refresh.Estimate;
import io.cairn.refresh.ModelRefresh;
import io.cairn.refresh.Refresh;
import io.cairn.server.http.Call;
import io.cairn.server.http.Trouble;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/// The embedding model, and changing it while the server runs.
@RestController("cairnModelsDoor")
@RequestMapping("/v1/models")
final class ModelsDoor {
    private final ModelRefresh refresh;

    ModelsDoor(ModelRefresh refresh) {
        this.refresh = refresh;
    }

    @GetMapping
    ModelsStatus status() {
        var status = refresh.status();
        return new ModelsStatus(
                status.answering(),
                status.wanted(),
                status.outdated(),
                status.former().orElse(null),
                status.last().map(ModelsDoor::wire).orElse(null),
                status.absent());
    }

    @PostMapping("/refresh")
    @ResponseStatus(HttpStatus.ACCEPTED)
    ModelsStatus refresh(Call call, @RequestBody(required = false) @Nullable BeginRefresh body) {
        if (body != null && Boolean.TRUE.equals(body.estimateOnly())) {
            refresh.estimate(call.context().actor());
        } else {
            refresh.begin(
                    body != null && Boolean.TRUE.equals(body.accept()),
                    call.context().actor());
        }
        return status();
    }

    @PostMapping("/refresh/pause")
    ModelsStatus pause() {
        refresh.pause();
        return status();
    }

    @PostMapping("/refresh/resume")
    ModelsStatus resume() {
        refresh.resume();
        return status();
    }

    @PostMapping("/refresh/cancel")
    ModelsStatus cancel() {
        refresh.cancel();
        return status();
    }

    @PostMapping("/refresh/rollback")
    @ResponseStatus(HttpStatus.ACCEPTED)
    ModelsStatus rollback(Call call) {
        return switch (refresh.rollback(call.context().actor())) {
            case ModelRefresh.Back.Begun begun -> status();
            case ModelRefresh.Back.Refused(String reason) -> throw Trouble.NO_WAY_BACK.because(reason);
        };
    }

    private static RefreshStatus wire(Refresh refresh) {
        return new RefreshStatus(
                refresh.phase().text(),
                refresh.underWay(),
                refresh.paused(),
                refresh.accepted(),
                refresh.from(),
                refresh.to(),
                refresh.done(),
                refresh.total(),
                refresh.reason().orElse(null),
                refresh.comparison().map(ModelsDoor::wire).orElse(null),
                refresh.startedBy(),
                refresh.startedAt(),
                refresh.changedAt(),
                refresh.tokens(),
                refresh.estimate().map(ModelsDoor::wire).orElse(null));
    }

    private static RefreshEstimate wire(Estimate estimate) {
        return new RefreshEstimate(
                estimate.texts(),
                estimate.tokens(),
                estimate.cost(),
                estimate.currency(),
                estimate.time().toMillis() / 1_000.0);
    }

    private static RefreshComparison wire(Comparison found) {
        return new RefreshComparison(
                found.queries(),
                found.overlap(),
                found.judged(),
                found.recallBefore(),
                found.recallAfter(),
                millis(found.p95Before()),
                millis(found.p95After()));
    }

    private static double millis(Duration time) {
        return time.toNanos() / 1_000 / 1_000.0;
    }
}
