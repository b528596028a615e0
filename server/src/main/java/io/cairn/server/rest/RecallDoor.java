package io.cairn.server.rest;

import io.cairn.client.wire.RecallAnswer;
import io.cairn.client.wire.RecallRequest;
import io.cairn.recall.Recall;
import io.cairn.server.http.Call;
import io.cairn.server.wire.RecallBodies;
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
        var answer = RecallBodies.answered(recall.recall(call.context(), RecallBodies.query(body)));
        call.count("hits", answer.hits().size());
        return RecallBodies.wire(answer, Boolean.TRUE.equals(body.explain()), call.took());
    }
}
