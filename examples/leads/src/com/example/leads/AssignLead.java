package com.example.leads;

import io.cairn.event.Event;
import io.cairn.event.Payload;
import io.cairn.saga.Input;
import io.cairn.saga.Next;
import io.cairn.saga.SagaAction;
import io.cairn.saga.SagaAction.Probed;
import io.cairn.saga.SagaAction.Reply;
import io.cairn.saga.SagaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Reserves an agent for a lead that was scored, and introduces them. Where that fails the agent is free again.
final class AssignLead {
    private AssignLead() {}

    static SagaType saga(Agents agents) {
        return SagaType.named("assign-lead", AssignLead::react)
                .startedBy("lead.scored", event -> event.stream().id())
                .doing(SagaAction.named(
                                "reserve",
                                call -> Reply.done(JsonNodeFactory.instance
                                        .objectNode()
                                        .put("agent", agents.reserve(call.key(), lead(call)))))
                        .probedBy(call -> agents.hasReserved(call.key()) ? Probed.happened() : Probed.didNot())
                        .undoneBy(call -> agents.release(call.key())))
                .doing(SagaAction.named("introduce", call -> introduced(agents, call)));
    }

    private static String lead(SagaAction.Call call) {
        return call.payload().path("lead_id").asString();
    }

    private static Reply introduced(Agents agents, SagaAction.Call call) throws Exception {
        try {
            agents.introduce(
                    call.key(),
                    call.payload().path("agent").asString(),
                    call.payload().path("classification").asString());
            return Reply.done(call.payload());
        } catch (Agents.NoTimeException e) {
            return Reply.failed(e.getMessage());
        }
    }

    private static Next react(SagaType.At at, Input input) {
        var next = Next.to(at.state());
        return switch (input) {
            case Input.Happened(var event) -> Next.to(score(event)).act("reserve", score(event));
            case Input.Done(var action, var result) ->
                action.equals("reserve")
                        ? next.act("introduce", with(at.state(), result))
                        : next.append(LeadEvents.of(at, "lead.assigned", 1, result)).complete();
            case Input.Failed(var action, var reason) ->
                next.append(LeadEvents.of(at, "lead.declined", 1, at.state())).giveUp(action + ": " + reason);
            case Input.TimedOut(var timer) -> next.giveUp(timer);
        };
    }

    private static JsonNode score(Event event) {
        return event.payload() instanceof Payload.Open(var json) ? json : JsonNodeFactory.instance.objectNode();
    }

    private static JsonNode with(JsonNode score, JsonNode agent) {
        var both = (ObjectNode) score.deepCopy();
        return both.setAll((ObjectNode) agent);
    }
}
