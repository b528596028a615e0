package io.cairn.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cairn.archive.Verification;
import io.cairn.event.InMemoryLogStorage.Step;
import io.cairn.guard.Retry;
import io.cairn.seal.MasterKey;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;

/// What a writer does when its storage fails under it.
class PartitionWriterTest {
    private static final Context CONTEXT = new Context(new Tenant("acme"), "tester", "corr");
    private static final StreamId STREAM = new StreamId("thing", "a");

    private final AtomicReference<Consumer<Step>> fault = new AtomicReference<>(step -> {});
    private final InMemoryLogStorage storage =
            InMemoryLogStorage.failing(EventLog.tables(), step -> fault.get().accept(step));
    private final SecureRandom random = new SecureRandom();
    private final EventLog log = EventLog.on(storage)
            .sealedWith(MasterKey.random(random))
            .random(random)
            .start();

    @AfterEach
    void stop() {
        log.close();
    }

    @Test
    void aCommitThatHappenedButDidNotSaySoIsAcknowledged() {
        failOnce(Step.AFTER_COMMIT, StorageException.Kind.UNKNOWN);

        assertThat(log.append(unit(event()))).isInstanceOf(Appended.Written.class);
        assertThat(log.head(0).number()).isEqualTo(1);
    }

    @Test
    void aCommitThatDidNotHappenIsNotAcknowledged() {
        var event = event();
        failAlways(Step.BEFORE_COMMIT, StorageException.Kind.UNKNOWN);

        assertThatThrownBy(() -> log.append(unit(event))).isInstanceOf(StorageException.class);

        fault.set(step -> {});
        assertThat(log.append(unit(event))).isInstanceOf(Appended.Written.class);
        assertThat(storage.<Long>read(snapshot -> snapshot.version(CONTEXT.tenant(), STREAM)))
                .isEqualTo(1);
    }

    @Test
    void aFullDiskIsToldApartAndPasses() {
        failAlways(Step.INSERT, StorageException.Kind.FULL);

        assertThatThrownBy(() -> log.append(unit(event())))
                .isInstanceOfSatisfying(
                        StorageException.class, e -> assertThat(e.kind()).isEqualTo(StorageException.Kind.FULL));

        fault.set(step -> {});
        assertThat(log.append(unit(event()))).isInstanceOf(Appended.Written.class);
    }

    @Test
    void aUnitThatMakesTheStoreFailCostsNobodyElse() {
        var writer = writer();
        var good = submission("good-1");
        var bad = submission("poison");
        var alsoGood = submission("good-2");
        storageRefuses("poison");
        offer(writer, good, bad, alsoGood);

        writer.stepNow();

        assertThat(good.outcome()).isCompletedWithValueMatching(Appended.Written.class::isInstance);
        assertThat(alsoGood.outcome()).isCompletedWithValueMatching(Appended.Written.class::isInstance);
        assertThat(bad.outcome()).isCompletedExceptionally();
        assertThat(Verification.of(storage, Optional.empty(), events -> {}).problems())
                .isEmpty();
    }

    /// Its message may still be on its way.
    @Test
    void aLostCommitThatPresumedItsHeadCannotHappenOnceItsSenderWasTold() {
        for (int i = 0; i < 5; i++) {
            log.append(unit(event()));
        }
        var presumed = storage.<Head>read(snapshot -> snapshot.head(0));
        failOnce(Step.BEFORE_COMMIT, StorageException.Kind.UNKNOWN);

        assertThatThrownBy(() -> log.append(unit(event())))
                .isInstanceOfSatisfying(
                        StorageException.class, e -> assertThat(e.kind()).isEqualTo(StorageException.Kind.BUSY));

        try (var late = storage.writeFrom(presumed)) {
            assertThatThrownBy(() -> late.commit(presumed)).isInstanceOf(OvertakenException.class);
        }
        assertThat(log.append(unit(event()))).isInstanceOf(Appended.Written.class);
    }

    @Test
    void aCommitThatWasLostIsTriedAgainForEachUnit() {
        var units = List.of(submission("a"), submission("b"));
        var writer = writer();
        offer(writer, units.toArray(Submission[]::new));
        failOnce(Step.BEFORE_COMMIT, StorageException.Kind.UNKNOWN);

        writer.stepNow();

        assertThat(units)
                .allSatisfy(unit ->
                        assertThat(unit.outcome()).isCompletedWithValueMatching(Appended.Written.class::isInstance));
    }

    @Test
    void whereNobodyCanTellWhetherACommitHappenedEveryUnitIsToldSo() {
        var units = List.of(submission("a"), submission("b"));
        var writer = writer();
        offer(writer, units.toArray(Submission[]::new));
        fault.set(step -> {
            if (step == Step.AFTER_COMMIT) {
                failAlways(Step.BEGIN, StorageException.Kind.BUSY);
                throw new StorageException(StorageException.Kind.UNKNOWN, "injected", new IllegalStateException());
            }
        });

        writer.stepNow();

        assertThat(units)
                .allSatisfy(unit -> assertThat(unit.outcome().exceptionNow())
                        .isInstanceOfSatisfying(
                                StorageException.class,
                                e -> assertThat(e.kind()).isEqualTo(StorageException.Kind.UNKNOWN)));
    }

    @Test
    void whereNoTransactionCanBeginEverybodyIsToldAtOnce() {
        var units = List.of(submission("a"), submission("b"), submission("c"));
        var writer = writer();
        offer(writer, units.toArray(Submission[]::new));
        int[] begun = {0};
        fault.set(step -> {
            if (step == Step.BEGIN) {
                begun[0]++;
                throw new StorageException(StorageException.Kind.BUSY, "injected", new IllegalStateException());
            }
        });

        writer.stepNow();

        assertThat(begun[0]).isEqualTo(1);
        assertThat(units).allSatisfy(unit -> assertThat(unit.outcome()).isCompletedExceptionally());
    }

    @Test
    void aStoreThatGoesAwayInTheMidstOfABatchIsAskedOnceMore() {
        var units = List.of(submission("a"), submission("b"), submission("c"));
        var writer = writer();
        offer(writer, units.toArray(Submission[]::new));
        int[] begun = {0};
        fault.set(step -> {
            boolean first = step == Step.BEGIN && ++begun[0] == 1;
            if (!first && (step == Step.BEGIN || step == Step.BEFORE_COMMIT)) {
                throw new StorageException(StorageException.Kind.BUSY, "injected", new IllegalStateException());
            }
        });

        writer.stepNow();

        assertThat(begun[0]).isEqualTo(2);
        assertThat(units).allSatisfy(unit -> assertThat(unit.outcome()).isCompletedExceptionally());
    }

    private PartitionWriter writer() {
        return new PartitionWriter(
                storage,
                0,
                EventLogSettings.defaults(),
                new Ids(Clock.systemUTC(), random),
                new Heads(storage, Duration.ZERO, System::nanoTime),
                Retry.none(StorageException.FAILURES));
    }

    private void storageRefuses(String stream) {
        storage.refuse(event -> event.stream().id().equals(stream));
    }

    private static void offer(PartitionWriter writer, Submission... submissions) {
        for (var submission : submissions) {
            try {
                assertThat(writer.offer(submission, 1000)).isTrue();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static Submission submission(String stream) {
        var event = SealedEvents.happened(CONTEXT.tenant(), new StreamId("thing", stream), UUID.randomUUID());
        var prepared = new Submission.Prepared(event, Digests.digest(event), List.of(), 0);
        return new Submission(
                0,
                List.of(new Submission.Append(CONTEXT.tenant(), event.stream(), Expected.any(), List.of(prepared))),
                List.of(),
                List.of(),
                new CompletableFuture<>());
    }

    @Test
    void whatWaitsWhenTheLogClosesIsStillWritten() {
        var outcomes = List.of(log.submit(unit(event())), log.submit(unit(event())));

        log.close();

        assertThat(outcomes).allSatisfy(outcome -> assertThat(outcome.join()).isInstanceOf(Appended.Written.class));
    }

    private void failAlways(Step at, StorageException.Kind kind) {
        fault.set(step -> {
            if (step == at) {
                throw new StorageException(kind, "injected", new IllegalStateException());
            }
        });
    }

    private void failOnce(Step at, StorageException.Kind kind) {
        fault.set(step -> {
            if (step == at) {
                fault.set(later -> {});
                throw new StorageException(kind, "injected", new IllegalStateException());
            }
        });
    }

    private static Unit unit(NewEvent event) {
        return Unit.of(CONTEXT, new StreamAppend(STREAM, Expected.any(), List.of(event)));
    }

    private static NewEvent event() {
        return new NewEvent(
                UUID.randomUUID(),
                new EventType("thing.happened"),
                1,
                "subject",
                JsonNodeFactory.instance.objectNode(),
                Instant.EPOCH,
                null);
    }
}
