package io.cairn.server.rest;

import io.cairn.client.wire.RecallAnswer;
import io.cairn.client.wire.RecallRequest;
import io.cairn.recall.Recall;
import io.cairn.recall.Recalled;
import io.cairn.server.http.Call;
import io.cairn.server.http.Trouble;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/// One question over everything that the tenant holds.
@RestController
final class RecallDoor {
    private final Recall recall;

    RecallDoor(Recall recall) {
        this.recall = recall;
    }

    @PostMapping("/v1/recall")
    RecallAnswer recall(Call call, @RequestBody RecallRequest body) {
        var query = RecallBodies.query(body);
        return switch (recall.recall(call.tenant(), query)) {
            case Recalled.Answer answer -> {
                call.count("hits", answer.hits().size());
                yield RecallBodies.wire(answer, Boolean.TRUE.equals(body.explain()), call.took());
            }
            case Recalled.NotYet(var visible, var retryAfter) ->
                throw Trouble.NOT_VISIBLE_YET
                        .because("What can be found reaches " + visible)
                        .retryAfter(retryAfter);
            case Recalled.PositionMoved(var head) ->
                throw Trouble.POSITION_MOVED.because("min_position is of another log; this one is at " + head);
        };
    }
}
