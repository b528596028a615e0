package io.cairn.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.adapter.sql.TestServers;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/// What is measured beside Cairn does what it is measured for.
class Axon5Test {
    private static PostgresServer server;

    @BeforeAll
    static void find() {
        var found = TestServers.postgres();
        server = new PostgresServer(found.url(), found.user(), found.password());
    }

    private record Stored(long sequence, byte[] payload) {}

    @Test
    void whatClientsAppendIsStoredOnceAndInOrder() throws Exception {
        var stored = server.withSchema("axon5_" + ProcessHandle.current().pid(), schema -> {
            try (var axon = Axon5.open(schema, 2)) {
                var clients = List.of(appending(axon, "one", 30), appending(axon, "other", 20));
                clients.forEach(CompletableFuture::join);
                assertThat(stored(schema, "nobody's")).isEmpty();
                return List.of(stored(schema, "one"), stored(schema, "other"));
            }
        });

        assertThat(stored.getFirst()).extracting(Stored::sequence).containsExactlyElementsOf(upTo(30));
        assertThat(stored.getLast()).extracting(Stored::sequence).containsExactlyElementsOf(upTo(20));
        assertThat(stored).allSatisfy(events -> assertThat(events).allSatisfy(Axon5Test::carriesTheText));
    }

    private static CompletableFuture<Void> appending(Axon5 axon, String aggregate, int events) {
        return CompletableFuture.runAsync(() -> IntStream.range(0, events).forEach(i -> axon.to(aggregate)));
    }

    private static List<Long> upTo(int events) {
        return LongStream.range(0, events).boxed().toList();
    }

    private static void carriesTheText(Stored event) {
        assertThat(JsonMapper.shared()
                        .readTree(new String(event.payload(), UTF_8))
                        .get("text")
                        .asString())
                .isEqualTo(AppendBench.text());
    }

    /// A `bytea` is read as it is; of a large object there would be a number.
    private static List<Stored> stored(PostgresServer schema, String aggregate) throws SQLException {
        try (var connection = schema.connect();
                var statement = connection.prepareStatement("""
                        SELECT "aggregateSequenceNumber", payload::bytea FROM "AggregateEventEntry"
                        WHERE "aggregateIdentifier" = ? ORDER BY "globalIndex"
                        """)) {
            statement.setString(1, aggregate);
            var stored = new ArrayList<Stored>();
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    stored.add(new Stored(rows.getLong(1), rows.getBytes(2)));
                }
            }
            return stored;
        }
    }
}
