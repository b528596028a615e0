package io.cairn.server.rest;

import io.cairn.event.Event;
import io.cairn.event.EventType;
import io.cairn.event.Expected;
import io.cairn.event.Ids;
import io.cairn.event.NewEvent;
import io.cairn.event.StreamAppend;
import io.cairn.saga.Input;
import io.cairn.saga.Next;
import io.cairn.saga.SagaAction;
import io.cairn.saga.SagaType;
import io.cairn.task.Outcome;
import io.cairn.task.TaskType;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.node.JsonNodeFactory;

/// A type of task and one of saga that stand still in the midst of what they do, until they are let go. The saga is
/// given up then; one about something odd is not even begun.
@Configuration(proxyBeanMethods = false)
class HeldWork {
    private static volatile CountDownLatch held = new CountDownLatch(1);

    static void hold() {
        held = new CountDownLatch(1);
    }

    static void letGo() {
        held.countDown();
    }

    @Bean
    TaskType counting() {
        return TaskType.of("held.count", "default", execution -> {
            execution.progress(1, 2);
            held.await();
            return Outcome.done();
        });
    }

    @Bean
    TaskType breaking() {
        return TaskType.of("held.broken", "model", execution -> Outcome.dead("broken"));
    }

    @Bean
    SagaType haggling() {
        return SagaType.named("haggle", HeldWork::react)
                .startedBy("offer.made", event -> known(event.stream().id()))
                .doing(SagaAction.named("ask", call -> {
                    held.await();
                    return SagaAction.Reply.failed("It is too dear");
                }));
    }

    private static String known(String offer) {
        if (offer.startsWith("odd")) {
            throw new IllegalStateException("There is no such offer");
        }
        return offer;
    }

    private static StreamAppend follows(Event event) {
        var heard = new NewEvent(
                Ids.named("offer.heard", event.id().toString()),
                new EventType("offer.heard"),
                1,
                event.subject(),
                JsonNodeFactory.instance.objectNode(),
                event.occurredAt(),
                event.id());
        return new StreamAppend(event.stream(), Expected.any(), List.of(heard));
    }

    private static Next react(SagaType.At at, Input input) {
        var next = Next.to(at.state());
        return switch (input) {
            case Input.Happened(var event) -> next.act("ask", at.state()).append(follows(event));
            case Input.Done done -> next.complete();
            case Input.Failed failed -> next.giveUp(failed.reason());
            case Input.TimedOut timer -> next.giveUp(timer.timer());
        };
    }
}
