package io.cairn.saga;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cairn.event.Event;
import io.cairn.event.EventType;
import io.cairn.event.Expected;
import io.cairn.event.LogPlace;
import io.cairn.event.LogStorage;
import io.cairn.event.NewEvent;
import io.cairn.event.StreamAppend;
import io.cairn.event.StreamId;
import io.cairn.event.Unit;
import io.cairn.task.DeadLetters;
import io.cairn.task.SettableClock;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// What sagas promise on every storage.
public abstract class SagaContract {
    private static final Tenant ACME = new Tenant("acme");
    private static final Context CONTEXT = new Context(ACME, "tester", "corr-7");
    private static final SecureRandom RANDOM = new SecureRandom();

    private final LogPlace place;
    private final SettableClock clock = new SettableClock();
    private final List<SagaNode> nodes = new ArrayList<>();
    private final Outside outside = new Outside();
    private LogStorage storage;
    private SagaNode node;

    protected SagaContract(LogPlace place) {
        this.place = place;
    }

    /// Another system, which can fail before and after it has done what it was asked for.
    private static final class Outside implements AssignLead.Agents {
        final List<String> calls = new ArrayList<>();
        final List<String> reserved = new ArrayList<>();
        boolean failsBefore;
        boolean failsAfter;
        boolean cannotIntroduce;
        boolean cannotRelease;

        @Override
        public JsonNode reserve(String key, String lead) {
            calls.add("reserve " + lead);
            if (failsBefore) {
                throw new IllegalStateException("no answer");
            }
            if (!reserved.contains(key)) {
                reserved.add(key);
            }
            if (failsAfter) {
                throw new IllegalStateException("no answer");
            }
            return Json.of("agent", "agent of " + lead);
        }

        @Override
        public boolean hasReserved(String key) {
            calls.add("probe");
            return reserved.contains(key);
        }

        @Override
        public void release(String key) {
            calls.add("release");
            if (cannotRelease) {
                throw new IllegalStateException("locked");
            }
            reserved.remove(key);
        }

        @Override
        public void introduce(String key, JsonNode agent) {
            calls.add("introduce " + agent.path("agent").asString());
            if (cannotIntroduce) {
                throw new IllegalStateException("no such address");
            }
        }
    }

    @BeforeEach
    void start() {
        storage = place.create(SagaNode.TABLES);
        node = node(storage, AssignLead.saga(outside));
    }

    private SagaNode node(LogStorage on, SagaType... types) {
        var made = new SagaNode("n" + nodes.size(), on, List.of(types), clock, RANDOM);
        nodes.add(made);
        made.runUntilIdle();
        return made;
    }

    /// The process ends, and another one begins.
    private void restart(SagaType... types) {
        node.close();
        nodes.remove(node);
        clock.pass(Duration.ofMinutes(1));
        node = node(place.again(storage), types);
        clock.pass(Duration.ofMinutes(1));
    }

    @AfterEach
    void stop() {
        nodes.forEach(SagaNode::close);
    }

    private void say(String type, String lead) {
        var event = new NewEvent(
                UUID.randomUUID(), new EventType(type), 1, lead, Json.of("lead", lead), Instant.EPOCH, null);
        node.log()
                .append(Unit.of(CONTEXT, new StreamAppend(new StreamId("lead", lead), Expected.any(), List.of(event))));
    }

    private void run(String type, String lead) {
        say(type, lead);
        node.runUntilIdle();
    }

    /// Lets time pass until all attempts are made.
    private void passTime() {
        for (int minute = 0; minute < 30; minute++) {
            clock.pass(Duration.ofSeconds(20));
            node.runUntilIdle();
        }
    }

    private Saga saga(String lead) {
        return node.sagas().find(ACME, "assign-lead", lead).orElseThrow();
    }

    private List<String> assigned(String lead) {
        return node.log().<List<Event>>read(ACME, view -> view.stream(new StreamId("lead", lead), 0, 100)).stream()
                .filter(event -> event.type().name().equals("lead.assigned"))
                .map(Event::correlation)
                .toList();
    }

    @Test
    void aSagaThatGoesWellIsCompletedAndItsEventIsThereOnce() {
        run("lead.scored", "a");

        assertThat(outside.calls).containsExactly("reserve a", "introduce agent of a");
        assertThat(assigned("a")).containsExactly("corr-7");
        assertThat(saga("a").status()).isEqualTo(SagaStatus.COMPLETED);
        assertThat(saga("a").step()).isEmpty();
        assertThat(saga("a").error()).isEmpty();
        assertThat(saga("a").completedAt()).isPresent();
    }

    @Test
    void aSagaIsPendingUntilItTakesItsFirstStepAndThenSaysWhatItDoes() {
        say("lead.scored", "a");
        node.node().beat();
        node.follow();
        assertThat(saga("a").status()).isEqualTo(SagaStatus.PENDING);

        node.node().claim();
        node.node().run();
        node.node().claim();
        assertThat(saga("a").status()).isEqualTo(SagaStatus.RUNNING);
        assertThat(saga("a").step()).isEqualTo("reserve");
        assertThat(saga("a").completedAt()).isEmpty();
    }

    @Test
    void whatWasDoneIsUndoneIfALaterActionFails() {
        outside.cannotIntroduce = true;

        run("lead.scored", "a");
        passTime();

        assertThat(outside.reserved).isEmpty();
        assertThat(outside.calls).doesNotContain("probe").endsWith("release");
        assertThat(assigned("a")).isEmpty();
        assertThat(saga("a").status()).isEqualTo(SagaStatus.FAILED);
        assertThat(saga("a").retries()).isEqualTo(3);
        assertThat(saga("a").error()).contains("introduce failed: no such address");
        assertThat(saga("a").completedAt()).isPresent();
    }

    @Test
    void anActionOfUnknownOutcomeThatHappenedIsUndone() {
        outside.failsAfter = true;

        run("lead.scored", "a");
        assertThat(outside.reserved).hasSize(1);
        passTime();

        assertThat(outside.calls).containsExactly("reserve a", "reserve a", "reserve a", "probe", "release");
        assertThat(outside.reserved).isEmpty();
        assertThat(saga("a").status()).isEqualTo(SagaStatus.FAILED);
    }

    @Test
    void anActionOfUnknownOutcomeThatDidNotHappenIsNotUndone() {
        outside.failsBefore = true;

        run("lead.scored", "a");
        passTime();

        assertThat(outside.calls).containsExactly("reserve a", "reserve a", "reserve a", "probe");
        assertThat(saga("a").status()).isEqualTo(SagaStatus.FAILED);
    }

    @Test
    void anActionWhoseProcessDiedIsProbedWhenItsTimeIsOver() {
        say("lead.scored", "a");
        node.runUntilIdleExceptActions();
        clock.pass(Duration.ofMinutes(11));
        node.runUntilIdleExceptActions();
        assertThat(saga("a").status()).isEqualTo(SagaStatus.COMPENSATING);
        assertThat(saga("a").step()).isEqualTo("undo reserve");

        restart(AssignLead.saga(outside));
        passTime();

        assertThat(outside.calls).contains("probe").doesNotContain("release");
        assertThat(saga("a").status()).isEqualTo(SagaStatus.FAILED);
    }

    @Test
    void aTimerOutlivesTheProcessThatSetIt() {
        outside.cannotIntroduce = true;
        var patient = AssignLead.saga(outside);
        say("lead.scored", "a");
        node.runUntilIdleExceptActions();

        restart(patient);
        clock.pass(Duration.ofHours(2));
        passTime();

        assertThat(saga("a").status()).isEqualTo(SagaStatus.FAILED);
        assertThat(outside.reserved).isEmpty();
    }

    @Test
    void anEventThatConcernsASagaIsToldToItAndOneOfAnotherIsNot() {
        say("lead.scored", "a");
        say("lead.scored", "b");
        say("lead.withdrawn", "a");
        say("lead.withdrawn", "nobody");

        node.node().beat();
        node.follow();
        node.runUntilIdle();
        passTime();

        assertThat(saga("a").status()).isEqualTo(SagaStatus.FAILED);
        assertThat(saga("a").error()).contains("the lead was withdrawn");
        assertThat(saga("b").status()).isEqualTo(SagaStatus.COMPLETED);
        assertThat(node.sagas().find(ACME, "assign-lead", "nobody")).isEmpty();
        assertThat(outside.reserved).hasSize(1);
    }

    @Test
    void aCompensationThatFailsIsADeadLetterAndGoesOnWhenItIsReplayed() {
        outside.cannotIntroduce = true;
        outside.cannotRelease = true;
        run("lead.scored", "a");
        passTime();
        clock.pass(Duration.ofHours(3));
        for (int hour = 0; hour < 12; hour++) {
            clock.pass(Duration.ofHours(1));
            node.runUntilIdle();
        }

        assertThat(saga("a").status()).isEqualTo(SagaStatus.COMPENSATING);
        var dead = node.node().deadLetters().list(ACME, DeadLetters.Filter.all(), null, 10);
        assertThat(dead).singleElement().satisfies(letter -> {
            assertThat(letter.task().type()).isEqualTo("saga.assign-lead.reserve.undo");
            assertThat(letter.task().correlation()).isEqualTo("corr-7");
        });

        outside.cannotRelease = false;
        node.node().tasks().replay(CONTEXT, dead.getFirst().task().id());
        node.runUntilIdle();
        assertThat(saga("a").status()).isEqualTo(SagaStatus.FAILED);
        assertThat(outside.reserved).isEmpty();
    }

    @Test
    void aSagaThatWasUnderWayGoesOnInTheNextProcess() {
        say("lead.scored", "a");
        node.node().beat();
        node.follow();

        restart(AssignLead.saga(outside));
        node.runUntilIdle();

        assertThat(saga("a").status()).isEqualTo(SagaStatus.COMPLETED);
        assertThat(assigned("a")).hasSize(1);
    }

    @Test
    void aSagaThatHasEndedIsRemovedAfterAWhileAndTheNextOneAsksForItsOwnActions() {
        run("lead.scored", "a");
        var first = List.copyOf(outside.reserved);
        run("lead.scored", "a");
        assertThat(outside.reserved).as("the saga is there still").isEqualTo(first);

        clock.pass(SagaTasks.KEPT.plusMinutes(1));
        node.runUntilIdle();
        assertThat(node.sagas().find(ACME, "assign-lead", "a")).isEmpty();
        assertThat(node.sagas().list(ACME, Sagas.Filter.all(), null, 10)).isEmpty();
        assertThat(node.sagas().counts()).isEmpty();

        run("lead.scored", "a");
        assertThat(saga("a").status()).isEqualTo(SagaStatus.COMPLETED);
        assertThat(outside.reserved).hasSize(2).startsWith(first.getFirst());
    }

    @Test
    void theTimeOfAnActionThatIsOverDoesNothingToTheSagaThatCameNext() {
        restart(SagaType.named("assign-lead", SagaContract::sending)
                .startedBy("lead.scored", event -> event.stream().id())
                .doing(SagaAction.named(
                                "send",
                                call -> outside.failsAfter
                                        ? new SagaAction.Reply.Retry("not yet", Duration.ofDays(30))
                                        : SagaAction.Reply.done(call.payload()))
                        .within(Duration.ofDays(20))));
        run("lead.scored", "a");
        assertThat(saga("a").status()).isEqualTo(SagaStatus.COMPLETED);
        clock.pass(Duration.ofDays(10));
        node.runUntilIdle();
        outside.failsAfter = true;
        run("lead.scored", "a");

        clock.pass(Duration.ofDays(11));
        node.runUntilIdle();
        assertThat(saga("a").status()).isEqualTo(SagaStatus.RUNNING);
        clock.pass(Duration.ofDays(10));
        node.runUntilIdle();
        assertThat(saga("a").status()).isEqualTo(SagaStatus.FAILED);
    }

    private static Next sending(SagaType.At at, Input input) {
        var next = Next.to(at.state());
        return switch (input) {
            case Input.Happened happened -> next.act("send", at.state());
            case Input.Done done -> next.complete();
            case Input.Failed failed -> next.giveUp(failed.reason());
            case Input.TimedOut timer -> next.giveUp(timer.timer());
        };
    }

    @Test
    void sagasOfAStatusAreListedInOrderOfTheirStart() {
        for (var lead : List.of("c", "a", "b")) {
            clock.pass(Duration.ofSeconds(1));
            say("lead.scored", lead);
        }
        node.node().beat();
        node.follow();

        var first = node.sagas().list(ACME, Sagas.Filter.of(SagaStatus.PENDING), null, 2);
        assertThat(first).extracting(Saga::correlation).containsExactly("c", "a");
        var rest = node.sagas().list(ACME, Sagas.Filter.all(), Sagas.Place.of(first.getLast()), 2);
        assertThat(rest).extracting(Saga::correlation).containsExactly("b");
        assertThat(node.sagas().list(ACME, new Sagas.Filter(null, "other"), null, 2))
                .isEmpty();
        assertThat(node.sagas().list(new Tenant("globex"), Sagas.Filter.all(), null, 2))
                .isEmpty();

        node.runUntilIdle();
        assertThat(node.sagas().list(ACME, Sagas.Filter.of(SagaStatus.PENDING), null, 2))
                .isEmpty();
        assertThat(node.sagas().counts()).isEqualTo(Map.of("completed/assign-lead", 3L));
    }

    @Test
    void eventsThatWereThereBeforeTheSagaWasKnownStartNone() {
        var other = SagaType.named("other", (at, input) -> Next.to(at.state()).complete())
                .startedBy("lead.scored", event -> event.stream().id());
        run("lead.scored", "old");

        restart(AssignLead.saga(outside), other);
        run("lead.scored", "new");

        assertThat(node.sagas().find(ACME, "other", "old")).isEmpty();
        assertThat(node.sagas().find(ACME, "other", "new")).isPresent();
    }

    @Test
    void aSagaWhoseReactionFailsIsADeadLetterAndGoesOnWithCodeThatDoesNot() {
        UnaryOperator<SagaType> started =
                type -> type.startedBy("lead.scored", event -> event.stream().id());
        restart(started.apply(SagaType.named("shaky", (at, input) -> {
            throw new IllegalStateException("a bug");
        })));
        run("lead.scored", "a");
        passTime();
        clock.pass(Duration.ofHours(2));
        passTime();
        passTime();
        assertThat(node.sagas().find(ACME, "shaky", "a").orElseThrow().status()).isEqualTo(SagaStatus.PENDING);

        restart(started.apply(
                SagaType.named("shaky", (at, input) -> Next.to(at.state()).complete())));
        node.node().deadLetters().replay(CONTEXT, DeadLetters.Filter.all(), 10);
        passTime();

        assertThat(node.sagas().find(ACME, "shaky", "a").orElseThrow().status()).isEqualTo(SagaStatus.COMPLETED);
    }

    @Test
    void anOldSagaGoesOnUnderNewCodeWithItsStateInTheNewForm() {
        say("lead.scored", "a");
        node.node().beat();
        node.follow();

        var states = new ArrayList<JsonNode>();
        var next = SagaType.named("assign-lead", (at, input) -> {
                    states.add(at.state());
                    return Next.to(at.state()).complete();
                })
                .startedBy("lead.scored", event -> event.stream().id())
                .version(2, state -> Json.of("migrated", "yes"));
        restart(next);
        node.sagas().requireAllKnown();
        node.runUntilIdle();

        assertThat(states).containsExactly(Json.of("migrated", "yes"));
        assertThat(saga("a").status()).isEqualTo(SagaStatus.COMPLETED);
        assertThat(saga("a").stateVersion()).isEqualTo(2);
    }

    @Test
    void codeThatCannotTakeOnASagaIsRefusedAtTheStartWithItsName() {
        var newer = AssignLead.saga(outside).version(2, state -> state);
        restart(newer);
        say("lead.scored", "a");
        node.node().beat();
        node.follow();
        restart(AssignLead.saga(outside));

        assertThatThrownBy(() -> node.sagas().requireAllKnown())
                .isInstanceOf(UnknownSagaException.class)
                .hasMessage(
                        "Saga assign-lead/a is pending and cannot go on: its state has version 2, and the code knows"
                                + " version 1. Start with the code that knows it, or add a migration");
        assertThatThrownBy(() -> new Sagas(node.log(), new SagaTypes(List.of())).requireAllKnown())
                .hasMessageContaining("there is no saga of this type");
    }

    @Test
    void aSagaThatHasEndedTakesNothingInAnyMore() {
        run("lead.scored", "a");
        run("lead.scored", "a");
        run("lead.withdrawn", "a");
        passTime();

        assertThat(outside.calls).hasSize(2);
        assertThat(saga("a").status()).isEqualTo(SagaStatus.COMPLETED);
    }
}
