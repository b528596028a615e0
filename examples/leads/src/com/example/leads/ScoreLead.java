package com.example.leads;

import io.cairn.event.Payload;
import io.cairn.saga.Input;
import io.cairn.saga.Next;
import io.cairn.saga.SagaAction;
import io.cairn.saga.SagaType;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Scores a lead that has come, in a task of its own.
final class ScoreLead {
    private static final Duration[] BUCKETS = Stream.of(100, 500, 1_000, 2_000, 5_000, 10_000)
            .map(Duration::ofMillis)
            .toArray(Duration[]::new);

    private ScoreLead() {}

    static SagaType saga() {
        return SagaType.named("score-lead", ScoreLead::react)
                .startedBy("lead.received", event -> event.stream().id())
                .doing(SagaAction.named("score", call -> SagaAction.Reply.done(scored(call.payload()))));
    }

    private static Next react(SagaType.At at, Input input) {
        var next = Next.to(at.state());
        return switch (input) {
            case Input.Happened(var event) -> next.act("score", asked(at.correlation(), event.payload()));
            case Input.Done(var action, var score) ->
                Next.to(score)
                        .append(LeadEvents.of(at, "lead.scored", 2, score))
                        .complete();
            case Input.Failed(var action, var reason) -> next.giveUp(reason);
            case Input.TimedOut(var timer) -> next.giveUp(timer);
        };
    }

    private static JsonNode asked(String lead, Payload payload) {
        var asked = JsonNodeFactory.instance.objectNode().put("id", lead);
        asked.set("lead", payload instanceof Payload.Open(var json) ? json.path("data") : asked.objectNode());
        return asked;
    }

    private static JsonNode scored(JsonNode asked) {
        var sample = Timer.start(Metrics.globalRegistry);
        var score = Score.of(asked.path("lead"));
        sample.stop(Timer.builder("lead.scoring.duration")
                .description("how long scoring took")
                .tags("classification", score.classification().text(), "channel", score.channel())
                .serviceLevelObjectives(BUCKETS)
                .register(Metrics.globalRegistry));
        return score.json(asked.path("id").asString());
    }
}
