package io.cairn.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.cairn.event.LogStorage;
import io.cairn.event.StorageException.Kind;
import io.cairn.model.EmbeddingModel;
import io.cairn.server.FaultyStorage.Step;
import io.cairn.server.RunningCairn.Answer;
import io.cairn.server.http.Problems;
import io.cairn.server.ops.MeteredStorage;
import io.cairn.server.ops.WriteFailures;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

/// A store that fails under a running server: every caller learns what happened and what to do, and once
/// the store does its work again, so does the server.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StorageFailureTest {
    private RunningCairn cairn;
    private FaultyStorage storage;
    private int number;

    @Configuration(proxyBeanMethods = false)
    static class Faults {
        @Bean(destroyMethod = "")
        FaultyStorage faulty(@Qualifier("storage") LogStorage real) {
            return new FaultyStorage(real);
        }

        /// Sees the faults as it would see those of a database.
        @Bean(destroyMethod = "")
        @Primary
        LogStorage metered(FaultyStorage faulty, MeterRegistry meters, WriteFailures failures) {
            return new MeteredStorage(faulty, meters, failures);
        }

        @Bean
        @Primary
        EmbeddingModel cheap() {
            return EmbeddingModel.inMemory(8);
        }
    }

    @BeforeAll
    void start(@TempDir Path data) {
        cairn = RunningCairn.start(
                data,
                List.of(
                        "--logging.level.io.cairn=off",
                        "--cairn.limits.free-disk=1MB",
                        "--cairn.store.retry.attempts=1"),
                Faults.class);
        storage = cairn.bean(FaultyStorage.class);
    }

    @AfterAll
    void stop() {
        storage.heal();
        cairn.close();
    }

    /// A message that nobody sent before.
    private String message() {
        return "{\"messages\":[{\"id\":\"m%d\",\"role\":\"user\",\"content\":\"Rain at noon\"}]}".formatted(number++);
    }

    private Answer add(String message) {
        return cairn.post("/v1/conversations/c/messages", message);
    }

    private Answer whileFailing(Step step, Kind kind, String message) {
        storage.fail(step, kind);
        try {
            return add(message);
        } finally {
            storage.heal();
        }
    }

    @Test
    void aFullStoreIsToldAsSuchAndTheSameRequestDoesOnceThereIsRoom() {
        for (var step : List.of(Step.BEGIN, Step.INSERT, Step.COMMIT)) {
            var message = message();
            var refused = whileFailing(step, Kind.FULL, message).isProblem(507, "storage_full");
            assertThat(refused.header("Retry-After")).as("nobody knows when").isNull();
            assertThat(refused.text("/remedy")).contains("Free some");
            add(message).has(201);
        }
    }

    @Test
    void aBusyStoreSaysWhenToAskAgain() {
        var message = message();
        var refused = whileFailing(Step.BEGIN, Kind.BUSY, message).isProblem(503, "storage_busy");
        assertThat(refused.header("Retry-After")).matches("[1-9][0-9]*");
        add(message).has(201);
    }

    @Test
    void whatPassesLeavesALineAndWhatIsBrokenSaysWhereItArose() {
        var logger = (Logger) LoggerFactory.getLogger(Problems.class);
        var lines = new ListAppender<ILoggingEvent>();
        lines.start();
        logger.addAppender(lines);
        logger.setLevel(Level.WARN);
        try {
            whileFailing(Step.BEGIN, Kind.BUSY, message()).isProblem(503, "storage_busy");
            whileFailing(Step.BEGIN, Kind.BROKEN, message()).isProblem(503, "storage_broken");
        } finally {
            logger.setLevel(null);
            logger.detachAppender(lines);
        }

        assertThat(lines.list).hasSize(2);
        var busy = lines.list.getFirst();
        assertThat(busy.getLevel()).isEqualTo(Level.WARN);
        assertThat(busy.getFormattedMessage()).contains("POST /v1/conversations/c/messages failed: The test lets");
        assertThat(busy.getThrowableProxy()).isNull();
        assertThat(busy.getMDCPropertyMap()).containsKey("correlation_id");
        var broken = lines.list.getLast();
        assertThat(broken.getLevel()).isEqualTo(Level.ERROR);
        assertThat(broken.getThrowableProxy()).isNotNull();
    }

    @Test
    void aCommitOfUnknownFateThatDidNotHappenMayBeTriedAgain() {
        var message = message();
        var refused = whileFailing(Step.COMMIT, Kind.UNKNOWN, message).isProblem(503, "storage_busy");
        assertThat(refused.text("/detail")).contains("lost before it took effect");
        add(message).has(201);
    }

    @Test
    void aCommitAfterWhichNobodyCanBeAskedIsUnknownAndHappensOnceWhenAskedAgain() {
        var message = message();
        storage.fail(Step.ASKED, Kind.BUSY);
        var refused = whileFailing(Step.COMMIT, Kind.UNKNOWN, message).isProblem(503, "outcome_unknown");
        assertThat(refused.header("Retry-After")).matches("[1-9][0-9]*");
        assertThat(refused.text("/remedy")).contains("same ids");
        add(message).has(201);
        add(message).has(200);
    }

    @Test
    void aCommitOfUnknownFateThatHappenedIsASuccess() {
        var message = message();
        whileFailing(Step.COMMITTED, Kind.UNKNOWN, message).has(201);
        add(message).has(200);
    }

    @Test
    void aBrokenStoreCallsForAnOperatorAndPromisesNoTime() {
        var refused = whileFailing(Step.COMMIT, Kind.BROKEN, message()).isProblem(503, "storage_broken");
        assertThat(refused.header("Retry-After")).isNull();
        assertThat(refused.text("/remedy")).contains("operator");
        assertThat(refused.response().body())
                .as("what the store said is the operator's")
                .doesNotContain("made up");
    }

    @Test
    void readersAreToldToo() {
        var codes = Map.of(Kind.BUSY, "storage_busy", Kind.BROKEN, "storage_broken", Kind.DAMAGED, "storage_damaged");
        for (var expected : codes.keySet()) {
            storage.fail(Step.READ, expected);
            try {
                var code = codes.get(expected);
                cairn.get("/v1/conversations/c/messages").isProblem(503, code);
                cairn.get("/v1/documents/d").isProblem(503, code);
                cairn.get("/v1/streams/order/1/events").isProblem(503, code);
                assertThat(cairn.get("/health/ready").has(503).text("/failing/0"))
                        .isEqualTo("storage");
            } finally {
                storage.heal();
            }
        }
        cairn.get("/v1/conversations").has(200);
    }

    @Test
    void everyDoorThatWritesTellsOfAFullStore() {
        storage.fail(Step.COMMIT, Kind.FULL);
        try {
            cairn.post("/v1/documents", "{\"content\":\"Clouds\"}").isProblem(507, "storage_full");
            cairn.post("/v1/documents/batch", "{\"documents\":[{\"content\":\"Clouds\"}]}")
                    .isProblem(507, "storage_full");
            cairn.post(
                            "/v1/streams/order/1/events",
                            "{\"expected\":\"any\",\"events\":[{\"type\":\"x\",\"payload\":{}}]}")
                    .isProblem(507, "storage_full");
        } finally {
            storage.heal();
        }
        cairn.post("/v1/documents", "{\"content\":\"Clouds\"}").has(201);
    }

    @Test
    void healthSaysThatTheLastWriteFailedUntilOneSucceeds() {
        whileFailing(Step.COMMIT, Kind.FULL, message()).isProblem(507, "storage_full");
        assertThat(cairn.get("/health/ready").has(200).text("/degraded/0")).isEqualTo("writer");
        add(message()).has(201);
        assertThat(cairn.get("/health/ready").has(200).response().body()).doesNotContain("writer");
    }

    @Test
    void noStreamIsParkedBecauseTheStoreFailed() {
        storage.fail(Step.READ, Kind.BUSY);
        try {
            add(message());
        } finally {
            storage.heal();
        }
        var position = add(message()).has(201).text("/position");
        assertThat(cairn.post("/v1/recall", "{\"query\":\"rain\",\"min_position\":\"%s\"}".formatted(position))
                        .has(200)
                        .json()
                        .path("hits")
                        .size())
                .isPositive();
        assertThat(cairn.get("/v1/projections/lexical/parked").json().path("items"))
                .isEmpty();
        assertThat(cairn.get("/v1/projections/dense/parked").json().path("items"))
                .isEmpty();
    }
}
