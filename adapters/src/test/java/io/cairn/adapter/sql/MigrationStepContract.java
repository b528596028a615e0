package io.cairn.adapter.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cairn.archive.Verification;
import io.cairn.event.EventLog;
import io.cairn.event.EventType;
import io.cairn.event.Expected;
import io.cairn.event.LogStorage;
import io.cairn.event.NewEvent;
import io.cairn.event.StorageException;
import io.cairn.event.StreamAppend;
import io.cairn.event.StreamId;
import io.cairn.event.Unit;
import io.cairn.seal.MasterKey;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.JsonNodeFactory;

/// Every migration that is found: over a schema with a log in it, and back.
abstract class MigrationStepContract {
    private static final int EVENTS = 40;

    @TempDir
    Path temp;

    private MigrationFiles files;

    abstract String vendor();

    /// A log of today's schema, empty.
    abstract LogStorage createFilled();

    /// An empty place for a schema of any version.
    abstract void begin() throws Exception;

    abstract void migrate(String location);

    abstract Connection connect() throws SQLException;

    /// Brings the filled log within reach of a connection.
    abstract void reach(Statement statement) throws SQLException;

    /// Takes the rows of a table of the filled log.
    abstract String insertOf(String table, String columns);

    /// Does what operators are told to do to get back.
    abstract void goBack(MigrationFiles files, MigrationFiles.Step from, MigrationFiles.Step to) throws Exception;

    /// Opens the log as a server does.
    abstract LogStorage open();

    @BeforeEach
    void find() throws Exception {
        files = MigrationFiles.of(vendor());
        fill(createFilled());
    }

    private static void fill(LogStorage storage) {
        var random = new SecureRandom();
        var context = new Context(new Tenant("acme"), "tester", "corr");
        try (var log = EventLog.on(storage)
                .sealedWith(MasterKey.random(random))
                .random(random)
                .start()) {
            for (int i = 0; i < EVENTS; i++) {
                var event = new NewEvent(
                        UUID.randomUUID(),
                        new EventType("thing.happened"),
                        1,
                        "subject" + i % 3,
                        JsonNodeFactory.instance.objectNode().put("n", i),
                        Instant.EPOCH,
                        null);
                log.append(Unit.of(
                        context, new StreamAppend(new StreamId("thing", "t" + i % 5), Expected.any(), List.of(event))));
            }
            var blob = log.blobs().store(context, "subject0", new byte[300_000]);
            log.append(new Unit(context, List.of(), blob.expectations(), blob.rows()));
        }
    }

    @TestFactory
    Stream<DynamicTest> eachMigrationKeepsWhatIsThereAndHasAWayBack() {
        var steps = files.steps();
        return IntStream.range(1, steps.size())
                .mapToObj(i -> DynamicTest.dynamicTest(
                        "%s to %s"
                                .formatted(
                                        steps.get(i - 1).version(), steps.get(i).version()),
                        () -> thereAndBack(steps.get(i - 1), steps.get(i))));
    }

    private void thereAndBack(MigrationFiles.Step before, MigrationFiles.Step after) throws Exception {
        begin();
        migrate(files.upTo(before, temp.resolve("before" + after.version())));
        var columns = takeTheLog();
        var rows = rows(columns);
        assertThat(rows.get("event")).hasSize(EVENTS);

        migrate(files.upTo(after, temp.resolve("after" + after.version())));
        assertThat(version()).isEqualTo(after.version());
        assertThat(rows(columns)).isEqualTo(rows);

        goBack(files, after, before);
        assertThat(version()).isEqualTo(before.version());
        assertThat(allColumns()).isEqualTo(columns);
        assertThat(rows(columns)).isEqualTo(rows);

        try (var storage = open()) {
            var found = Verification.of(storage, Optional.empty(), events -> {});
            assertThat(found.problems()).isEmpty();
            assertThat(found.events()).isEqualTo(EVENTS);
        }
    }

    @Test
    void aMigrationThatWasChangedAfterItWasAppliedIsRefused() throws Exception {
        var folder = temp.resolve("changed");
        begin();
        var location = files.upTo(files.steps().getFirst(), folder);
        migrate(location);

        var first = folder.resolve(files.steps().getFirst().file().getFileName());
        Files.writeString(first, "CREATE TABLE more (name TEXT);", StandardOpenOption.APPEND);

        assertThatThrownBy(() -> migrate(location))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("could not be brought up to date");
    }

    /// Rows of the filled log, as far as the present schema has a place for them.
    private Map<String, List<String>> takeTheLog() throws SQLException {
        var columns = allColumns();
        try (var connection = connect();
                var statement = connection.createStatement()) {
            reach(statement);
            for (var table : columns.entrySet()) {
                statement.execute(insertOf(table.getKey(), String.join(", ", table.getValue())));
            }
        }
        return columns;
    }

    private Map<String, List<String>> allColumns() throws SQLException {
        try (var connection = connect()) {
            return SchemaRows.columns(connection);
        }
    }

    private Map<String, List<String>> rows(Map<String, List<String>> columns) throws SQLException {
        try (var connection = connect()) {
            return SchemaRows.of(connection, columns);
        }
    }

    private String version() throws SQLException {
        try (var connection = connect()) {
            return SchemaRows.version(connection);
        }
    }
}
