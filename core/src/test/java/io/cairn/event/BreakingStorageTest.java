package io.cairn.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cairn.event.InMemoryLogStorage.Step;
import io.cairn.event.StorageException.Kind;
import io.cairn.guard.Breaker;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// A breaker in front of a storage that fails when it is told to.
class BreakingStorageTest {
    private static final Duration OPEN = Duration.ofSeconds(60);

    private long now;
    private @Nullable Kind beginFails;
    private @Nullable Kind commitFails;
    private int asked;
    private final Breaker breaker =
            new Breaker("log", StorageException.FAILURES, new Breaker.Settings(5, OPEN), () -> now);
    private final LogStorage storage =
            new BreakingStorage(InMemoryLogStorage.failing(EventLog.tables(), this::strike), breaker);

    private void strike(Step step) {
        asked++;
        var kind = step == Step.BEGIN ? beginFails : step == Step.BEFORE_COMMIT ? commitFails : null;
        if (kind != null) {
            throw new StorageException(kind, "injected", new IllegalStateException());
        }
    }

    @Test
    void afterFiveFailuresInARowNobodyAsksAndEverybodyIsToldWhenTo() {
        open();
        asked = 0;
        now += Duration.ofSeconds(20).toNanos();

        assertThatThrownBy(this::write).isInstanceOfSatisfying(StorageException.class, e -> {
            assertThat(e.kind()).isEqualTo(Kind.BUSY);
            assertThat(e.retryAfter()).contains(Duration.ofSeconds(40));
        });
        assertThatThrownBy(this::read).isInstanceOf(StorageException.class);
        assertThat(asked).isZero();
        assertThat(breaker.refused()).isEqualTo(2);
    }

    @Test
    void aSuccessInBetweenBeginsTheCountAnew() {
        failures(4);
        write();
        failures(4);

        assertThat(breaker.state()).isEqualTo(Breaker.State.CLOSED);
    }

    @Test
    void afterAWhileOneIsLetThroughAndItsSuccessLetsAllThrough() {
        open();
        now += OPEN.toNanos();
        assertThat(breaker.state()).isEqualTo(Breaker.State.HALF_OPEN);

        try (var transaction = storage.write(0)) {
            assertThatThrownBy(this::read).as("while the first one asks").isInstanceOf(StorageException.class);
            transaction.commit(transaction.head(0));
        }

        assertThat(breaker.state()).isEqualTo(Breaker.State.CLOSED);
        read();
    }

    @Test
    void theWhileBeginsAnewIfTheFirstOneFails() {
        open();
        now += OPEN.toNanos();

        failures(1);

        assertThat(breaker.state()).isEqualTo(Breaker.State.OPEN);
        assertThatThrownBy(this::read)
                .isInstanceOfSatisfying(
                        StorageException.class, e -> assertThat(e.retryAfter()).contains(OPEN));
    }

    @Test
    void thePassOfTheFirstOneComesBackHoweverItEnds() {
        open();
        now += OPEN.toNanos();

        assertThatThrownBy(() -> storage.read(snapshot -> {
                    throw new IllegalStateException("a bug of the reader");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(breaker.state()).isEqualTo(Breaker.State.HALF_OPEN);

        beginFails = Kind.FULL;
        assertThatThrownBy(this::write).isInstanceOf(StorageException.class);
        assertThat(breaker.state()).isEqualTo(Breaker.State.HALF_OPEN);

        beginFails = null;
        storage.write(0).close();
        assertThat(breaker.state()).as("it began, so the store is there").isEqualTo(Breaker.State.CLOSED);
    }

    @Test
    void aCommitOfUnknownFateIsAFailureAndAFullStoreIsNone() {
        commitFails = Kind.FULL;
        for (int i = 0; i < 10; i++) {
            assertThatThrownBy(this::write).isInstanceOf(StorageException.class);
        }
        assertThat(breaker.state()).isEqualTo(Breaker.State.CLOSED);

        commitFails = Kind.UNKNOWN;
        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(this::write).isInstanceOf(StorageException.class);
        }
        assertThat(breaker.state()).isEqualTo(Breaker.State.OPEN);
    }

    @Test
    void whoWasLetThroughBeforeDoesNotCloseIt() {
        var late = storage.write(0);
        for (int i = 0; i < 5; i++) {
            breaker.enter().failed();
        }
        late.close();

        assertThat(breaker.state()).isEqualTo(Breaker.State.OPEN);
    }

    private void open() {
        failures(5);
        assertThat(breaker.state()).isEqualTo(Breaker.State.OPEN);
    }

    private void failures(int count) {
        beginFails = Kind.BUSY;
        for (int i = 0; i < count; i++) {
            assertThatThrownBy(this::write).isInstanceOf(StorageException.class);
        }
        beginFails = null;
    }

    private void write() {
        try (var transaction = storage.write(0)) {
            transaction.commit(transaction.head(0));
        }
    }

    private void read() {
        assertThat(Optional.of(storage.<Head>read(snapshot -> snapshot.head(0))))
                .isPresent();
    }
}
