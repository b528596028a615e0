package io.cairn.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cairn.guard.Breaker;
import io.cairn.guard.Deadline;
import io.cairn.guard.Retry;
import io.cairn.model.ModelException.Advice;
import io.cairn.model.ModelException.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(20)
class ProviderGuardTest {
    private static final Deadline LONG = Deadline.in(Duration.ofMinutes(1));

    private final AtomicLong now = new AtomicLong();
    private final List<Duration> waits = new ArrayList<>();
    private final ModelFailures failures = new ModelFailures("scripted");
    private final Breaker breaker =
            new Breaker("provider 'scripted'", failures, new Breaker.Settings(5, Duration.ofSeconds(60)), now::get);
    private final ProviderGuard guard = new ProviderGuard("scripted", breaker, retry(), 2);
    private int asked;

    private Retry retry() {
        return new Retry(
                failures,
                new Retry.Settings(3, Duration.ofSeconds(2), Duration.ofSeconds(10), Duration.ofMinutes(1)),
                now::get,
                waits::add,
                () -> {});
    }

    @Test
    void whatPassesIsTriedThreeTimesWithGrowingWaits() {
        assertThatThrownBy(() -> guard.ask(LONG, failing(Kind.AWAY))).hasMessage("attempt 3");

        assertThat(waits).containsExactly(Duration.ofSeconds(2), Duration.ofSeconds(4));
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"LIMITED", "AWAY"},
            mode = EnumSource.Mode.EXCLUDE)
    void whatDoesNotPassIsTriedOnce(Kind kind) {
        assertThatThrownBy(() -> guard.ask(LONG, failing(kind))).hasMessage("attempt 1");
    }

    @Test
    void aProviderIsLeftAloneForAsLongAsItAsks() {
        var answers = new ArrayList<>(List.of(Duration.ZERO, Duration.ofSeconds(7)));

        var answer = guard.ask(LONG, () -> {
            if (answers.isEmpty()) {
                return "well";
            }
            throw ModelException.answered(
                    "scripted",
                    Kind.LIMITED,
                    429,
                    ModelException.Words.NONE,
                    "wait",
                    Advice.toWait(answers.removeFirst()));
        });

        assertThat(answer).isEqualTo("well");
        assertThat(waits).containsExactly(Duration.ZERO, Duration.ofSeconds(7));
    }

    @Test
    void aWaitThatIsLongerThanTheDeadlineIsNotBegun() {
        assertThatThrownBy(() -> guard.ask(Deadline.in(Duration.ofSeconds(5)), () -> {
                    asked++;
                    throw ModelException.answered(
                            "scripted",
                            Kind.LIMITED,
                            429,
                            ModelException.Words.NONE,
                            "wait",
                            Advice.toWait(Duration.ofMinutes(30)));
                }))
                .hasMessage("wait");

        assertThat(asked).isEqualTo(1);
        assertThat(waits).isEmpty();
    }

    @Test
    void anOpenBreakerAnswersAtOnceAndSaysWhenToComeBack() {
        open();

        assertThatThrownBy(() -> guard.ask(LONG, failing(Kind.AWAY)))
                .isInstanceOfSatisfying(ModelException.class, e -> {
                    assertThat(e.kind()).isEqualTo(Kind.TURNED_AWAY);
                    assertThat(e.retryAfter()).contains(Duration.ofSeconds(60));
                });
        assertThat(asked).isZero();
    }

    /// How a call that was let in may end.
    enum Way {
        ANSWER,
        ERROR,
        TIMEOUT,
        LIMIT,
        REFUSAL,
        BUG,
        CANCEL,
        INTERRUPT
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void placesAndTheOnePassOfAHalfOpenBreakerComeBack(Way way) {
        open();
        now.addAndGet(Duration.ofSeconds(61).toNanos());
        assertThat(breaker.state()).isEqualTo(Breaker.State.HALF_OPEN);

        try (var call = guard.enter(LONG)) {
            end(call, way);
        }

        assertThat(guard.underWay()).isZero();
        now.addAndGet(Duration.ofSeconds(61).toNanos());
        assertThat(guard.ask(LONG, () -> "well")).isEqualTo("well");
        assertThat(breaker.state()).isEqualTo(Breaker.State.CLOSED);
    }

    private static void end(ProviderGuard.Call call, Way way) {
        switch (way) {
            case ANSWER -> call.succeeded();
            case ERROR -> fail(call, ModelException.of("scripted", Kind.AWAY, "away"));
            case TIMEOUT -> fail(call, ModelException.of("scripted", Kind.SILENT, "silent"));
            case LIMIT -> fail(call, ModelException.of("scripted", Kind.LIMITED, "wait"));
            case REFUSAL -> fail(call, ModelException.of("scripted", Kind.REFUSED, "no"));
            case BUG -> fail(call, new IllegalStateException("a bug"));
            case CANCEL -> {
                // The caller leaves without a word.
            }
            case INTERRUPT -> interrupt(call);
        }
    }

    private static void interrupt(ProviderGuard.Call call) {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> call.begin(() -> {
                    try {
                        return new CountDownLatch(1).await(1, TimeUnit.MINUTES);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        throw ModelException.of("scripted", Kind.GIVEN_UP, "The call was given up", e);
                    }
                }))
                .hasMessage("The call was given up");
        assertThat(Thread.interrupted()).isTrue();
    }

    private static void fail(ProviderGuard.Call call, RuntimeException failure) {
        assertThatThrownBy(() -> call.begin(() -> {
                    throw failure;
                }))
                .isSameAs(failure);
    }

    @Test
    void anAnswerThatHasBegunLetsOthersInAndClosesTheBreaker() {
        open();
        now.addAndGet(Duration.ofSeconds(61).toNanos());
        try (var stream = guard.enter(LONG)) {
            stream.begun();

            assertThat(guard.ask(LONG, () -> "well")).isEqualTo("well");
            stream.brokeOff(ModelException.of("scripted", Kind.AWAY, "it broke off"));
        }
        assertThat(breaker.state()).isEqualTo(Breaker.State.CLOSED);
    }

    @Test
    void oneConnectionThatTakesManyAnswersAlongCountsOnce() {
        var wide = new ProviderGuard("scripted", breaker, retry(), 10);
        var streams = new ArrayList<ProviderGuard.Call>();
        for (int i = 0; i < 10; i++) {
            var stream = wide.enter(LONG);
            stream.begun();
            streams.add(stream);
        }
        for (var stream : streams) {
            stream.brokeOff(ModelException.of("scripted", Kind.AWAY, "it broke off"));
            stream.close();
        }

        assertThat(breaker.state()).isEqualTo(Breaker.State.CLOSED);
    }

    @Test
    void aProviderWhoseAnswersStillBreakOffAfterAWhileIsLeftAloneAgainAtTheFirst() {
        for (int i = 0; i < 5; i++) {
            breakOff();
        }
        assertThat(breaker.state()).isEqualTo(Breaker.State.OPEN);
        now.addAndGet(Duration.ofSeconds(61).toNanos());

        breakOff();

        assertThat(breaker.state()).isEqualTo(Breaker.State.OPEN);
    }

    private void breakOff() {
        try (var stream = guard.enter(LONG)) {
            stream.begun();
            stream.brokeOff(ModelException.of("scripted", Kind.AWAY, "it broke off"));
        }
    }

    @Test
    void aModelThatIsLimitedIsHeldBackAndTheProvidersOtherModelsAreNot() {
        var busy = ofModel("busy");
        var other = ofModel("other");
        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(() -> busy.ask(LONG, failing(Kind.LIMITED))).hasMessageStartingWith("attempt");
        }
        int before = asked;

        assertThatThrownBy(() -> busy.ask(LONG, failing(Kind.LIMITED)))
                .isInstanceOfSatisfying(ModelException.class, e -> {
                    assertThat(e.kind()).isEqualTo(Kind.LIMITED);
                    assertThat(e.retryAfter()).contains(Duration.ofSeconds(60));
                })
                .hasMessageContaining("'busy'");
        assertThat(asked).isEqualTo(before);
        assertThat(other.ask(LONG, () -> "well")).isEqualTo("well");
        assertThat(breaker.state()).isEqualTo(Breaker.State.CLOSED);

        now.addAndGet(Duration.ofSeconds(61).toNanos());
        assertThat(busy.ask(LONG, () -> "well")).isEqualTo("well");
        assertThat(busy.ask(LONG, () -> "again")).isEqualTo("again");
    }

    @Test
    void aProviderThatIsAwayIsSoForAllItsModels() {
        var one = ofModel("one");
        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(() -> one.ask(LONG, failing(Kind.AWAY))).hasMessageStartingWith("attempt");
        }

        assertThatThrownBy(() -> ofModel("other").ask(LONG, () -> "well"))
                .isInstanceOfSatisfying(
                        ModelException.class, e -> assertThat(e.kind()).isEqualTo(Kind.TURNED_AWAY));
        now.addAndGet(Duration.ofSeconds(61).toNanos());
        assertThat(one.ask(LONG, () -> "well")).isEqualTo("well");
        assertThat(breaker.state()).isEqualTo(Breaker.State.CLOSED);
    }

    @Test
    void whoIsTurnedAwayByTheProvidersBreakerGivesTheModelsPassBack() {
        var model = ofModel("busy");
        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(() -> model.ask(LONG, failing(Kind.LIMITED))).hasMessageStartingWith("attempt");
        }
        now.addAndGet(Duration.ofSeconds(61).toNanos());
        open();
        assertThatThrownBy(() -> model.ask(LONG, () -> "well"))
                .isInstanceOfSatisfying(
                        ModelException.class, e -> assertThat(e.kind()).isEqualTo(Kind.TURNED_AWAY));

        now.addAndGet(Duration.ofSeconds(61).toNanos());
        assertThat(model.ask(LONG, () -> "well")).isEqualTo("well");
    }

    private ProviderGuard ofModel(String name) {
        return guard.ofModel(new Breaker(
                "model '%s' of provider 'scripted'".formatted(name),
                new RateLimits("scripted", name),
                new Breaker.Settings(5, Duration.ofSeconds(60)),
                now::get));
    }

    @Test
    void whatComesInBulkLeavesAPlaceToOthers() throws InterruptedException {
        var release = new CountDownLatch(1);
        var begun = new CountDownLatch(1);
        var batch = Thread.ofVirtual()
                .start(() -> guard.askInBulk(LONG, () -> {
                    begun.countDown();
                    await(release);
                    return "a batch";
                }));
        begun.await();
        assertThatThrownBy(() -> guard.askInBulk(Deadline.in(Duration.ofMillis(5)), () -> "another"))
                .isInstanceOfSatisfying(
                        ModelException.class, e -> assertThat(e.kind()).isEqualTo(Kind.TURNED_AWAY));

        assertThat(guard.ask(LONG, () -> "a query")).isEqualTo("a query");

        release.countDown();
        batch.join();
        assertThat(guard.underWay()).isZero();
        assertThat(guard.askInBulk(LONG, () -> "another")).isEqualTo("another");
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void whoeverIsInterruptedWhileWaitingForAPlaceTakesNone() throws InterruptedException {
        var refusal = new AtomicReference<ModelException>();
        var waiting = new CountDownLatch(1);
        try (var one = guard.enter(LONG);
                var other = guard.enter(LONG)) {
            var thread = Thread.ofVirtual().start(() -> {
                waiting.countDown();
                try {
                    guard.enter(LONG);
                } catch (ModelException e) {
                    refusal.set(e);
                }
            });
            waiting.await();
            thread.interrupt();
            thread.join();
        }

        assertThat(refusal.get().kind()).isEqualTo(Kind.TURNED_AWAY);
        assertThat(guard.underWay()).isZero();
    }

    @Test
    void whoeverIsInterruptedWhileWaitingGivesTheOnePassOfAHalfOpenBreakerBack() {
        try (var one = guard.enter(LONG);
                var other = guard.enter(LONG)) {
            open();
            now.addAndGet(Duration.ofSeconds(61).toNanos());
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> guard.enter(LONG)).hasMessage("The wait for a place was interrupted");
            assertThat(Thread.interrupted()).isTrue();
        }

        assertThat(guard.underWay()).isZero();
        assertThat(guard.ask(LONG, () -> "well")).isEqualTo("well");
        assertThat(breaker.state()).isEqualTo(Breaker.State.CLOSED);
    }

    @Test
    void whoeverIsInterruptedBetweenTwoAttemptsGivesTheirPlaceBack() {
        var interrupted = new ProviderGuard(
                "scripted",
                breaker,
                new Retry(
                        failures,
                        new Retry.Settings(3, Duration.ofSeconds(2), Duration.ofSeconds(10), Duration.ofMinutes(1)),
                        now::get,
                        time -> {
                            throw new InterruptedException();
                        },
                        () -> {}),
                2);

        assertThatThrownBy(() -> interrupted.ask(LONG, failing(Kind.AWAY))).hasMessage("attempt 1");

        assertThat(Thread.interrupted()).isTrue();
        assertThat(interrupted.underWay()).isZero();
    }

    @Test
    void whoFindsAllPlacesTakenIsToldSoInTime() {
        try (var one = guard.enter(LONG);
                var other = guard.enter(LONG)) {
            assertThatThrownBy(() -> guard.enter(Deadline.in(Duration.ofMillis(5))))
                    .isInstanceOfSatisfying(
                            ModelException.class,
                            e -> assertThat(e.retryAfter()).isPresent());
        }

        assertThat(breaker.state()).isEqualTo(Breaker.State.CLOSED);
        assertThat(guard.underWay()).isZero();
    }

    @Test
    void aCallThatIsClosedTwiceGivesOnePlaceBack() {
        var call = guard.enter(LONG);
        call.close();
        call.close();

        assertThat(guard.underWay()).isZero();
    }

    private Supplier<String> failing(Kind kind) {
        return () -> {
            asked++;
            throw ModelException.of("scripted", kind, "attempt " + asked);
        };
    }

    private void open() {
        for (int i = 0; i < 5; i++) {
            breaker.enter().failed();
        }
    }
}
