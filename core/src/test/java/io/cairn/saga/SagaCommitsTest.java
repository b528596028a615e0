package io.cairn.saga;

import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.event.Event;
import io.cairn.event.EventLog;
import io.cairn.event.EventType;
import io.cairn.event.Expected;
import io.cairn.event.ForwardingStorage;
import io.cairn.event.InMemoryLogStorage;
import io.cairn.event.LogStorage;
import io.cairn.event.NewEvent;
import io.cairn.event.StorageOperation;
import io.cairn.event.StreamAppend;
import io.cairn.event.StreamId;
import io.cairn.event.Unit;
import io.cairn.task.SettableClock;
import io.cairn.task.TaskSettings;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A saga of four actions whose process dies at each of its commits in turn, just before it or just after: however it
/// goes, in the end all of its actions are in effect, or none.
@Tag("fault")
class SagaCommitsTest {
    private static final Tenant TENANT = new Tenant("acme");
    private static final Context CONTEXT = new Context(TENANT, "tester", "c1");
    private static final List<String> ACTIONS = List.of("one", "two", "three", "four");
    private static final int ROUNDS_MAX = 500;

    /// How the saga goes if nothing dies.
    enum Course {
        GOES_WELL,
        LAST_ACTION_FAILS,
        /// It takes effect, and nobody hears of it.
        LAST_ACTION_TIMES_OUT,
        CANCELLED_AFTER_THE_SECOND
    }

    private static final class Died extends Error {}

    /// One saga on a store of its own.
    private static final class Trial implements ForwardingStorage {
        private final Course course;
        private final int fatal;
        private final InMemoryLogStorage.Step moment;
        private final InMemoryLogStorage store =
                InMemoryLogStorage.failing(SagaNode.TABLES, 1, this::step).sharedByNodes();
        private final SettableClock clock = new SettableClock();
        private final Random random = new Random(7);
        private final Set<String> inEffect = new HashSet<>();
        private final Map<String, Set<String>> keys = new HashMap<>();
        private boolean counting;
        private boolean dead;
        private boolean cancelled;
        private int commits;
        private int lives;
        private SagaNode node;

        /// @param fatal at which commit it dies
        /// @param moment on which side of it
        Trial(Course course, int fatal, InMemoryLogStorage.Step moment) {
            this.course = course;
            this.fatal = fatal;
            this.moment = moment;
            this.node = newNode();
        }

        private SagaNode newNode() {
            return new SagaNode("n" + lives++, this, List.of(type()), clock, random);
        }

        @Override
        public LogStorage storage() {
            return store;
        }

        @Override
        public <T> T around(StorageOperation operation, Supplier<T> work) {
            requireAlive();
            var result = work.get();
            requireAlive();
            return result;
        }

        private void requireAlive() {
            if (dead) {
                throw new Died();
            }
        }

        private void step(InMemoryLogStorage.Step step) {
            if (!counting) {
                return;
            }
            if (step == InMemoryLogStorage.Step.BEFORE_COMMIT) {
                commits++;
            }
            if (step == moment && commits == fatal) {
                counting = false;
                dead = true;
                throw new Died();
            }
        }

        private SagaType type() {
            var type = SagaType.named("four-steps", this::react)
                    .startedBy("work.wanted", event -> event.stream().id())
                    .hearing("work.cancelled", event -> event.stream().id());
            for (var action : ACTIONS) {
                type = type.doing(SagaAction.named(action, call -> act(action, call))
                        .probedBy(call ->
                                inEffect.contains(action) ? SagaAction.Probed.happened() : SagaAction.Probed.didNot())
                        .undoneBy(call -> inEffect.remove(action)));
            }
            return type;
        }

        private SagaAction.Reply act(String action, SagaAction.Call call) {
            keys.computeIfAbsent(action, none -> new HashSet<>()).add(call.key());
            boolean last = action.equals(ACTIONS.getLast());
            if (last && course == Course.LAST_ACTION_FAILS) {
                return SagaAction.Reply.failed("no place");
            }
            inEffect.add(action);
            if (last && course == Course.LAST_ACTION_TIMES_OUT) {
                throw new IllegalStateException("no answer");
            }
            if (action.equals("two") && course == Course.CANCELLED_AFTER_THE_SECOND) {
                cancelled = true;
            }
            return SagaAction.Reply.done(Json.of("did", action));
        }

        private Next react(SagaType.At at, Input input) {
            var next = Next.to(at.state());
            return switch (input) {
                case Input.Happened(var event) ->
                    event.type().name().equals("work.cancelled")
                            ? next.giveUp("cancelled")
                            : Next.to(Json.of("at", "work")).act("one", Json.of("do", "it"));
                case Input.Done(var action, var result) -> {
                    int done = ACTIONS.indexOf(action) + 1;
                    yield done < ACTIONS.size()
                            ? next.act(ACTIONS.get(done), result)
                            : next.append(append("ended", "work.ended")).complete();
                }
                case Input.Failed(var action, var reason) -> next.giveUp(reason);
                case Input.TimedOut timer -> next.giveUp("too late");
            };
        }

        /// Under another id each time, so that nothing but the fence keeps it from being there twice.
        private StreamAppend append(String stream, String type) {
            return new StreamAppend(
                    new StreamId(stream, "w"),
                    Expected.any(),
                    List.of(new NewEvent(
                            new UUID(random.nextLong(), random.nextLong()),
                            new EventType(type),
                            1,
                            "s",
                            Json.of("w", "w"),
                            Instant.EPOCH,
                            null)));
        }

        /// @return whether the fatal commit came
        boolean run() {
            // What was there before the reaction begins starts no saga.
            for (int round = 0; round < 8; round++) {
                round();
            }
            node.log().append(Unit.of(CONTEXT, append("work", "work.wanted")));
            counting = true;
            for (int round = 0; !hasEnded(); round++) {
                assertThat(round).as("rounds without an end").isLessThan(ROUNDS_MAX);
                round();
            }
            counting = false;
            for (int round = 0; round < 5; round++) {
                round();
            }
            check();
            return dead || lives > 1;
        }

        private boolean hasEnded() {
            if (dead) {
                return false;
            }
            return node.sagas()
                    .find(TENANT, "four-steps", "w")
                    .filter(saga -> saga.status().isEnd())
                    .isPresent();
        }

        /// One round of a process; if it dies in it, the next one has another process.
        private void round() {
            clock.pass(Duration.ofSeconds(2));
            try {
                uncounted(() -> node.node().beat());
                node.node().pass(TaskSettings.defaults().pollEvery());
                while (node.node().engine().step()) {
                    // There is more to be done at this time.
                }
                node.node().run();
                if (cancelled) {
                    cancelled = false;
                    uncounted(() -> node.log().append(Unit.of(CONTEXT, append("work", "work.cancelled"))));
                }
                node.follow();
            } catch (RuntimeException | Died e) {
                if (!dead) {
                    throw e;
                }
            }
            if (dead) {
                dead = false;
                node = newNode();
            }
        }

        /// What is no part of the saga, such as a sign of life or whoever cancels it, is not where the process dies.
        private void uncounted(Runnable work) {
            boolean counted = counting;
            counting = false;
            work.run();
            counting = counted;
        }

        private void check() {
            var saga = node.sagas().find(TENANT, "four-steps", "w").orElseThrow();
            List<Event> ended = log().read(TENANT, view -> view.stream(new StreamId("ended", "w"), 0, 10));
            assertThat(saga.status()).isEqualTo(course == Course.GOES_WELL ? SagaStatus.COMPLETED : SagaStatus.FAILED);
            if (course == Course.GOES_WELL) {
                assertThat(inEffect).containsExactlyInAnyOrderElementsOf(ACTIONS);
                assertThat(ended).hasSize(1);
            } else {
                assertThat(inEffect).isEmpty();
                assertThat(ended).isEmpty();
            }
            assertThat(keys).allSatisfy((action, each) -> assertThat(each).hasSize(1));
        }

        private EventLog log() {
            return node.log();
        }
    }

    @ParameterizedTest
    @EnumSource(Course.class)
    @Timeout(60)
    void allOfItsActionsAreInEffectOrNoneWhereverItsProcessDies(Course course) {
        for (var moment : List.of(InMemoryLogStorage.Step.BEFORE_COMMIT, InMemoryLogStorage.Step.AFTER_COMMIT)) {
            int fatal = 0;
            boolean died = true;
            while (died) {
                fatal++;
                died = new Trial(course, fatal, moment).run();
            }
            assertThat(fatal).as("commits at which it died").isGreaterThan(10);
        }
    }
}
