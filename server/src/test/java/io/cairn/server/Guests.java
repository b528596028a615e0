package io.cairn.server;

import io.cairn.saga.Input;
import io.cairn.saga.Next;
import io.cairn.saga.SagaAction;
import io.cairn.saga.SagaType;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// A type of saga that waves at whoever comes, and ends when they leave.
@Configuration(proxyBeanMethods = false)
public class Guests {
    /// Whether the guest `odd` cannot be told from others.
    public static final AtomicBoolean CONFUSED = new AtomicBoolean();

    @Bean
    SagaType greeting() {
        return SagaType.named("greet", Guests::react)
                .startedBy("guest.came", event -> known(event.stream().id()))
                .hearing("guest.left", event -> event.stream().id())
                .doing(SagaAction.named("wave", call -> SagaAction.Reply.done(call.payload())));
    }

    private static String known(String guest) {
        if (CONFUSED.get() && guest.equals("odd")) {
            throw new IllegalStateException("no such guest");
        }
        return guest;
    }

    private static Next react(SagaType.At at, Input input) {
        var next = Next.to(at.state());
        return switch (input) {
            case Input.Happened(var event) ->
                event.type().name().equals("guest.came") ? next.act("wave", at.state()) : next.complete();
            case Input.Done done -> next;
            case Input.Failed failed -> next.giveUp(failed.reason());
            case Input.TimedOut timer -> next.giveUp(timer.timer());
        };
    }

    /// Appends one event about a guest of a tenant's.
    public static void say(RunningCairn cairn, String tenant, String type, String guest) {
        cairn.post(
                        "/v1/streams/guest/%s/events".formatted(guest),
                        "{\"expected\": \"any\", \"events\": [{\"type\": \"%s\", \"payload\": {}}]}".formatted(type),
                        "Cairn-Tenant",
                        tenant)
                .has(201);
    }
}
