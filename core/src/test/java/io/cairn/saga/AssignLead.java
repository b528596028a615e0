package io.cairn.saga;

import io.cairn.event.EventType;
import io.cairn.event.Expected;
import io.cairn.event.Ids;
import io.cairn.event.NewEvent;
import io.cairn.event.StreamAppend;
import io.cairn.event.StreamId;
import io.cairn.saga.SagaAction.Probed;
import io.cairn.saga.SagaAction.Reply;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// Assigns a scored lead: an agent is reserved, and introduced to the customer. If that fails the agent is free again.
final class AssignLead {
    /// The agents' own system, which does what comes with one key once.
    interface Agents {
        JsonNode reserve(String key, String lead) throws Exception;

        boolean hasReserved(String key) throws Exception;

        void release(String key) throws Exception;

        void introduce(String key, JsonNode agent) throws Exception;
    }

    static SagaType saga(Agents agents) {
        return SagaType.named("assign-lead", AssignLead::react)
                .startedBy("lead.scored", event -> event.stream().id())
                .hearing("lead.withdrawn", event -> event.stream().id())
                .doing(SagaAction.named("reserve", call -> {
                            var lead = call.payload().path("lead").asString();
                            return Reply.done(agents.reserve(call.key(), lead));
                        })
                        .probedBy(call -> agents.hasReserved(call.key()) ? Probed.happened() : Probed.didNot())
                        .undoneBy(call -> agents.release(call.key())))
                .doing(SagaAction.named("introduce", call -> {
                    agents.introduce(call.key(), call.payload());
                    return Reply.done(call.payload());
                }));
    }

    private static Next react(SagaType.At at, Input input) {
        var next = Next.to(at.state());
        return switch (input) {
            case Input.Happened(var event) ->
                event.type().name().equals("lead.scored")
                        ? next.act("reserve", Json.of("lead", at.correlation())).timer("patience", Duration.ofHours(1))
                        : next.giveUp("the lead was withdrawn");
            case Input.Done(var action, var agent) ->
                action.equals("reserve")
                        ? Next.to(agent).act("introduce", agent)
                        : next.withoutTimer("patience").append(assigned(at)).complete();
            case Input.Failed(var action, var reason) -> next.giveUp(action + " failed: " + reason);
            case Input.TimedOut timer -> next.giveUp("it took too long");
        };
    }

    private static StreamAppend assigned(SagaType.At at) {
        var id = Ids.named("lead.assigned", at.saga().toString());
        var event =
                new NewEvent(id, new EventType("lead.assigned"), 1, at.correlation(), at.state(), Instant.EPOCH, null);
        return new StreamAppend(new StreamId("lead", at.correlation()), Expected.any(), List.of(event));
    }

    private AssignLead() {}
}
