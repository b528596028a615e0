package io.cairn.adapter.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cairn.event.StorageException;
import io.cairn.guard.Breaker;
import io.cairn.guard.Retry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The dense index's database when it does not answer.
class GuardedPoolTest {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    private final AtomicInteger again = new AtomicInteger();
    private final Breaker breaker = new Breaker(
            "dense", StorageException.FAILURES, new Breaker.Settings(4, Duration.ofHours(1)), System::nanoTime);
    private GuardedPool pool;

    @BeforeEach
    void open() {
        var settings = DATABASE.settings();
        pool = new GuardedPool(
                PostgresPool.dense(
                        PostgresAddress.of(settings), settings, new SimpleMeterRegistry(), Statements.watched()),
                breaker,
                new Retry(
                        StorageException.FAILURES,
                        new Retry.Settings(3, Duration.ZERO, Duration.ZERO, Duration.ofSeconds(10)),
                        System::nanoTime,
                        time -> {},
                        again::incrementAndGet));
    }

    @AfterEach
    void close() {
        pool.close();
    }

    @Test
    void aQuestionWhoseConnectionBrokeIsAskedAgain() {
        var broken = new AtomicInteger();

        int answer = pool.ask("ask", session -> {
            if (broken.incrementAndGet() < 3) {
                throw new SQLException("The connection is gone", "08006");
            }
            return session.first("SELECT 7", row -> row.getInt(1)).orElseThrow();
        });

        assertThat(answer).isEqualTo(7);
        assertThat(again.get()).isEqualTo(2);
    }

    @Test
    void aChangeIsMadeOnce() {
        var made = new AtomicInteger();

        assertThatThrownBy(() -> pool.transaction("change", session -> {
                    made.incrementAndGet();
                    throw new SQLException("The connection is gone", "08006");
                }))
                .isInstanceOf(StorageException.class);
        assertThat(made.get()).isOne();
    }

    @Test
    void aDatabaseThatDoesNotAnswerIsLeftAlone() {
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> pool.ask("ask", session -> {
                        throw new SQLException("The connection is gone", "08006");
                    }))
                    .isInstanceOf(StorageException.class);
        }

        assertThat(breaker.state()).isEqualTo(Breaker.State.OPEN);
        assertThatThrownBy(() -> pool.ask("ask", session -> 1))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("dense failed 4 times in a row");
    }

    @Test
    void whatIsWrongWithTheDataSaysNothingAboutTheDatabase() {
        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(() -> pool.ask("ask", session -> {
                        throw new SQLException("too large", "54000");
                    }))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(breaker.state()).isEqualTo(Breaker.State.CLOSED);
    }
}
