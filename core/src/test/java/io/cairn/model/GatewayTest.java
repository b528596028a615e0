package io.cairn.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cairn.guard.Breaker;
import io.cairn.guard.Deadline;
import io.cairn.guard.Retry;
import io.cairn.model.ModelException.Kind;
import io.cairn.tenant.Tenant;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What a chain of models does with the time, and what a call costs that came to nothing.
@Timeout(30)
class GatewayTest {
    private static final Payer PAYER = Payer.cairn(new Tenant("acme"));
    private static final ModelFailures FAILURES = new ModelFailures("scripted");

    private final List<Usage> settled = new ArrayList<>();
    private final List<String> streamed = new ArrayList<>();

    /// Says nothing until its time is over.
    private static final class Silent implements ChatModel {
        @Override
        public String provider() {
            return "scripted";
        }

        @Override
        public ChatAnswer answer(ObjectNode request, Deadline deadline) {
            throw over(deadline);
        }

        @Override
        public ChatStream stream(ObjectNode request, ChatDeadlines deadlines) {
            throw over(deadlines.firstToken());
        }

        private static ModelException over(Deadline deadline) {
            try {
                Thread.sleep(deadline.left());
                return ModelException.of("scripted", Kind.SILENT, "silent");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return ModelException.of("scripted", Kind.GIVEN_UP, "given up", e);
            }
        }
    }

    /// Answers if there is time left.
    private static final class Quick implements ChatModel {
        @Override
        public String provider() {
            return "scripted";
        }

        @Override
        public ChatAnswer answer(ObjectNode request, Deadline deadline) {
            requireTime(deadline);
            return new ChatAnswer("{}", new Usage(1, 1, false));
        }

        @Override
        public ChatStream stream(ObjectNode request, ChatDeadlines deadlines) {
            requireTime(deadlines.firstToken());
            return new ChatStream() {
                @Override
                public Optional<ChatPiece> next() {
                    return Optional.empty();
                }

                @Override
                public void close() {}
            };
        }

        private static void requireTime(Deadline deadline) {
            if (deadline.isOver()) {
                throw ModelException.of("scripted", Kind.SILENT, "no time is left");
            }
        }
    }

    /// Would answer, if it understood.
    private static final class Deaf implements ChatModel {
        @Override
        public String provider() {
            return "scripted";
        }

        @Override
        public Optional<String> cannotTell(ObjectNode request) {
            return request.has("format") ? Optional.of("format") : Optional.empty();
        }

        @Override
        public ChatAnswer answer(ObjectNode request, Deadline deadline) {
            return new ChatAnswer("{}", new Usage(1, 1, false));
        }

        @Override
        public ChatStream stream(ObjectNode request, ChatDeadlines deadlines) {
            throw new UnsupportedOperationException();
        }
    }

    /// Streams that break off before they say anything, and then one that speaks.
    private static final class Stumbling implements ChatModel {
        private final int stumbles;
        private int begun;
        private int open;

        Stumbling(int stumbles) {
            this.stumbles = stumbles;
        }

        @Override
        public String provider() {
            return "scripted";
        }

        @Override
        public ChatAnswer answer(ObjectNode request, Deadline deadline) {
            throw new UnsupportedOperationException();
        }

        @Override
        public ChatStream stream(ObjectNode request, ChatDeadlines deadlines) {
            var pieces = new ArrayDeque<>(List.of(piece(false), piece(true)));
            boolean stumbles = begun++ < this.stumbles;
            open++;
            return new ChatStream() {
                @Override
                public Optional<ChatPiece> next() {
                    if (stumbles && pieces.size() == 1) {
                        throw ModelException.of("scripted", Kind.AWAY, "broke off");
                    }
                    return Optional.ofNullable(pieces.poll());
                }

                @Override
                public void close() {
                    open--;
                }
            };
        }

        private static ChatPiece piece(boolean content) {
            return new ChatPiece(content ? "word" : "role", content, Optional.of(new Usage(3, 1, false)), false);
        }
    }

    /// Says a word of each stream, and then breaks off as it is told, or ends where it is told nothing.
    private static final class Breaking implements ChatModel {
        private final ArrayDeque<Kind> ends = new ArrayDeque<>();

        @Override
        public String provider() {
            return "scripted";
        }

        @Override
        public ChatAnswer answer(ObjectNode request, Deadline deadline) {
            return new ChatAnswer("{}", new Usage(1, 1, false));
        }

        @Override
        public ChatStream stream(ObjectNode request, ChatDeadlines deadlines) {
            var pieces = new ArrayDeque<>(List.of(Stumbling.piece(true)));
            return new ChatStream() {
                @Override
                public Optional<ChatPiece> next() {
                    if (pieces.isEmpty() && !ends.isEmpty()) {
                        throw ModelException.of("scripted", ends.removeFirst(), "broke off");
                    }
                    return Optional.ofNullable(pieces.poll());
                }

                @Override
                public void close() {}
            };
        }
    }

    private final class Booked implements Spending {
        @Override
        public Charge reserve(Payer payer, String model, Usage most) {
            return new Charge() {
                @Override
                public void settle(Usage used) {
                    settled.add(used);
                }

                @Override
                public void release() {}
            };
        }

        @Override
        public void saved(Payer payer, String model, long texts, long tokens) {}
    }

    /// Notes how streams ended.
    private final class Noted implements GatewayMeter {
        @Override
        public void queried(String model, String outcome, Duration took) {}

        @Override
        public void firstToken(String model, Duration after) {}

        @Override
        public void streamed(String model, String outcome) {
            streamed.add(model + " " + outcome);
        }

        @Override
        public void used(String provider, Usage usage) {}

        @Override
        public void fellBack(String from, String to) {}
    }

    private static ProviderGuard guard() {
        var breaker =
                new Breaker("scripted", FAILURES, new Breaker.Settings(5, Duration.ofMinutes(1)), System::nanoTime);
        return new ProviderGuard("scripted", breaker, Retry.none(FAILURES), 1);
    }

    private Gateway gateway(Stumbling model, int attempts) {
        var retry = new Retry(
                FAILURES,
                new Retry.Settings(attempts, Duration.ZERO, Duration.ZERO, Duration.ofMinutes(1)),
                System::nanoTime,
                wait -> {},
                () -> {});
        var breaker =
                new Breaker("scripted", FAILURES, new Breaker.Settings(5, Duration.ofMinutes(1)), System::nanoTime);
        var guard = new ProviderGuard("scripted", breaker, retry, 1);
        return new Gateway(
                List.of(new Gateway.Route("small", "small", model, guard, List.of())), new Noted(), new Booked(), 4096);
    }

    private Gateway gateway(ProviderGuard guard) {
        return new Gateway(
                List.of(
                        new Gateway.Route("silent", "silent", new Silent(), guard, List.of("quick")),
                        new Gateway.Route("quick", "quick", new Quick(), guard(), List.of())),
                new Noted(),
                new Booked(),
                4096);
    }

    private Gateway gateway(Breaking model, ProviderGuard guard) {
        return new Gateway(
                List.of(new Gateway.Route("small", "small", model, guard, List.of())), new Noted(), new Booked(), 4096);
    }

    /// To its end, whichever that is.
    private static void read(ChatStream stream) {
        try (stream) {
            for (var piece = stream.next(); piece.isPresent(); piece = stream.next()) {
                assertThat(piece.get().content()).isTrue();
            }
        } catch (ModelException e) {
            assertThat(e).hasMessage("broke off");
        }
    }

    private static ChatStream speaking(Gateway gateway) {
        return gateway.stream(PAYER, "small", request(), ChatLimits.DEFAULT).stream();
    }

    private static ObjectNode request() {
        return JsonNodeFactory.instance.objectNode();
    }

    @Test
    void aSilentModelLeavesTheNextOneItsPartOfTheTime() {
        var answered = gateway(guard()).answer(PAYER, "silent", request(), Duration.ofMillis(200));

        assertThat(answered.model()).isEqualTo("quick");
    }

    @Test
    void aModelThatDoesNotBeginToSpeakLeavesTheNextOneItsPartOfOneDeadline() {
        var limits = new ChatLimits(Duration.ofMillis(200), Duration.ofSeconds(5), Duration.ofSeconds(5));
        long began = System.nanoTime();

        try (var stream = gateway(guard()).stream(PAYER, "silent", request(), limits).stream()) {
            assertThat(stream.next()).isEmpty();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(2));
    }

    private Gateway withTheDeaf(String... fallbacksOfSilent) {
        return new Gateway(
                List.of(
                        new Gateway.Route("silent", "silent", new Silent(), guard(), List.of(fallbacksOfSilent)),
                        new Gateway.Route("deaf", "deaf", new Deaf(), guard(), List.of("quick")),
                        new Gateway.Route("quick", "quick", new Quick(), guard(), List.of())),
                new Noted(),
                new Booked(),
                4096);
    }

    @Test
    void aModelThatCannotBeToldWhatIsWantedIsNotAsked() {
        var gateway = withTheDeaf();

        assertThatThrownBy(() -> gateway.answer(PAYER, "deaf", request().put("format", "json"), Duration.ofSeconds(1)))
                .isInstanceOfSatisfying(
                        ModelException.class, e -> assertThat(e.kind()).isEqualTo(Kind.REFUSED))
                .hasMessageContaining("knows no format");
        assertThat(settled).isEmpty();
        assertThat(gateway.answer(PAYER, "deaf", request(), Duration.ofSeconds(1))
                        .model())
                .isEqualTo("deaf");
    }

    @Test
    void aModelThatCannotBeToldWhatIsWantedDoesNotStandIn() {
        var wish = request().put("format", "json");

        assertThat(withTheDeaf("deaf", "quick")
                        .answer(PAYER, "silent", wish, Duration.ofMillis(200))
                        .model())
                .isEqualTo("quick");
        assertThat(withTheDeaf("deaf", "quick")
                        .answer(PAYER, "silent", request(), Duration.ofMillis(200))
                        .model())
                .isEqualTo("deaf");
        assertThatThrownBy(() -> withTheDeaf("deaf").answer(PAYER, "silent", wish, Duration.ofMillis(50)))
                .isInstanceOfSatisfying(
                        ModelException.class, e -> assertThat(e.kind()).isEqualTo(Kind.SILENT));
    }

    @Test
    void aStreamThatBreaksOffBeforeItsFirstWordIsTriedAgainAndPaidForOnce() {
        var model = new Stumbling(2);

        var said = new ArrayList<String>();
        try (var stream = gateway(model, 3).stream(PAYER, "small", request(), ChatLimits.DEFAULT).stream()) {
            assertThat(model.open).as("those that broke off are closed").isEqualTo(1);
            for (var piece = stream.next(); piece.isPresent(); piece = stream.next()) {
                said.add(piece.get().data());
            }
        }

        assertThat(said).containsExactly("role", "word");
        assertThat(model.open).isZero();
        assertThat(settled).containsExactly(new Usage(3, 1, false));
    }

    @Test
    void aStreamThatAlwaysBreaksOffBeforeItsFirstWordIsGivenUpAndLeavesNothingOpen() {
        var model = new Stumbling(10);
        var gateway = gateway(model, 3);

        for (int i = 1; i <= 2; i++) {
            assertThatThrownBy(() -> gateway.stream(PAYER, "small", request(), ChatLimits.DEFAULT))
                    .hasMessage("broke off");
            assertThat(model.begun).isEqualTo(3 * i);
            assertThat(model.open).isZero();
        }
        assertThat(settled).isEmpty();
    }

    @Test
    void howAStreamThatHasSpokenEndsIsCountedOnce() {
        var model = new Breaking();
        var guard = guard();
        var gateway = gateway(model, guard);
        read(speaking(gateway));
        model.ends.addAll(List.of(Kind.AWAY, Kind.SILENT));
        read(speaking(gateway));
        read(speaking(gateway));
        var left = speaking(gateway);
        left.close();
        left.close();

        assertThat(streamed).containsExactly("small ok", "small away", "small silent", "small given_up");
        assertThat(guard.underWay()).isZero();
    }

    @Test
    void aProviderWhoseStreamsAlwaysBreakOffIsLeftAlone() {
        var model = new Breaking();
        var guard = guard();
        var gateway = gateway(model, guard);
        model.ends.addAll(Collections.nCopies(5, Kind.AWAY));
        for (int i = 0; i < 5; i++) {
            assertThat(guard.breaker().state()).isEqualTo(Breaker.State.CLOSED);
            read(speaking(gateway));
        }

        assertThat(guard.breaker().state()).isEqualTo(Breaker.State.OPEN);
        assertThatThrownBy(() -> speaking(gateway))
                .isInstanceOfSatisfying(
                        ModelException.class, e -> assertThat(e.kind()).isEqualTo(Kind.TURNED_AWAY));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aWholeAnswerBetweenStreamsThatBreakOffShowsThatTheProviderIsThere(boolean asStream) {
        var model = new Breaking();
        var guard = guard();
        var gateway = gateway(model, guard);
        for (int i = 0; i < 3; i++) {
            model.ends.addAll(Collections.nCopies(3, Kind.AWAY));
            for (int j = 0; j < 3; j++) {
                read(speaking(gateway));
            }
            if (asStream) {
                read(speaking(gateway));
            } else {
                gateway.answer(PAYER, "small", request(), Duration.ofSeconds(5));
            }
        }

        assertThat(guard.breaker().state()).isEqualTo(Breaker.State.CLOSED);
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"GARBLED", "LIMITED", "GIVEN_UP"})
    void aStreamThatBreaksOffForAnotherReasonSaysNothingAboutItsProvider(Kind kind) {
        var model = new Breaking();
        var guard = guard();
        var gateway = gateway(model, guard);
        model.ends.addAll(Collections.nCopies(6, kind));
        for (int i = 0; i < 6; i++) {
            read(speaking(gateway));
        }

        assertThat(guard.breaker().state()).isEqualTo(Breaker.State.CLOSED);
    }

    @Test
    void whoLeavesWhileTheyWaitForAPlacePaysNothing() throws InterruptedException {
        var guard = guard();
        try (var taken = guard.enter(Deadline.in(Duration.ofMinutes(1)))) {
            leave(gateway(guard));

            taken.succeeded();
        }
        assertThat(settled).isEmpty();
    }

    @Test
    void whoLeavesWhileTheProviderWorksPaysAnEstimate() throws InterruptedException {
        leave(gateway(guard()));

        assertThat(settled)
                .singleElement()
                .satisfies(used -> assertThat(used.estimated()).isTrue());
    }

    /// Asks, and goes away when the request is under way or waits.
    private static void leave(Gateway gateway) throws InterruptedException {
        var failure = new AtomicReference<Throwable>();
        var client = Thread.ofPlatform().start(() -> {
            try {
                gateway.answer(PAYER, "silent", request(), Duration.ofMinutes(1));
            } catch (RuntimeException e) {
                failure.set(e);
            }
        });
        while (client.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        client.interrupt();
        client.join();
        assertThatThrownBy(() -> {
                    throw failure.get();
                })
                .isInstanceOf(ModelException.class);
    }
}
