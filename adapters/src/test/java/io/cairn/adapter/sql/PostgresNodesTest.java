package io.cairn.adapter.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cairn.archive.Verification;
import io.cairn.event.Appended;
import io.cairn.event.Expected;
import io.cairn.event.StorageException;
import io.cairn.event.StoredEvent;
import io.cairn.seal.MasterKey;
import io.cairn.seal.SealBrokenException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Several nodes on one database.
class PostgresNodesTest {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    @BeforeEach
    void empty() {
        DATABASE.emptied();
    }

    @Test
    void nodesThatAppendToOnePartitionGetGaplessPositionsAndLoseNothing() throws Exception {
        int writers = 6;
        int each = 40;
        try (var one = Node.start(DATABASE.settings());
                var other = Node.start(DATABASE.settings())) {
            var acknowledged = together(IntStream.range(0, writers)
                    .<Callable<List<UUID>>>mapToObj(
                            writer -> () -> appended(writer % 2 == 0 ? one : other, "w" + writer, each))
                    .toList());

            var stored = stored(one);

            assertThat(stored)
                    .map(StoredEvent::position)
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, writers * each).boxed().toList());
            assertThat(stored)
                    .map(StoredEvent::eventId)
                    .containsExactlyInAnyOrderElementsOf(
                            acknowledged.stream().flatMap(List::stream).toList());
            assertThat(Verification.of(other.storage(), Optional.empty(), events -> {})
                            .problems())
                    .isEmpty();
        }
    }

    @Test
    void whoeverWritesAloneSendsOneMessageAndAsksAgainOnceOthersWrote() {
        var meters = new SimpleMeterRegistry();
        try (var one = Node.counted(DATABASE.settings(), meters);
                var other = Node.start(DATABASE.settings())) {
            IntStream.range(0, 6).forEach(i -> one.append("s", UUID.randomUUID()));

            assertThat(sent(meters, () -> one.append("s", UUID.randomUUID()))).isEqualTo(1);
            assertThat(sent(meters, () -> one.append("new", UUID.randomUUID())))
                    .as("head and version, then the rest")
                    .isEqualTo(2);

            other.append("s", UUID.randomUUID());
            assertThat(sent(meters, () -> one.append("s", UUID.randomUUID())))
                    .as("one in vain, then two")
                    .isEqualTo(3);
            assertThat(sent(meters, () -> one.append("s", UUID.randomUUID())))
                    .as("not presumed so soon again")
                    .isEqualTo(2);
            assertThat(stored(one)).hasSize(11);
        }
    }

    private static double sent(SimpleMeterRegistry meters, Runnable work) {
        double before = sent(meters);
        work.run();
        return sent(meters) - before;
    }

    private static double sent(SimpleMeterRegistry meters) {
        return meters.get("db.statements").counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    /// Each one's expectation holds only if it has seen what was committed last, by whichever node.
    @Test
    void nodesThatExpectOneVersionOfOneStreamTakeTurns() throws Exception {
        try (var one = Node.start(DATABASE.settings());
                var other = Node.start(DATABASE.settings())) {
            var outcomes = together(List.<Callable<Integer>>of(() -> counted(one, 60), () -> counted(other, 60)));

            assertThat(outcomes.stream().mapToInt(Integer::intValue).sum()).isEqualTo(120);
            assertThat(stored(one))
                    .map(StoredEvent::version)
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, 120).boxed().toList());
        }
    }

    private static int counted(Node node, int wanted) {
        int written = 0;
        long version = 0;
        while (written < wanted) {
            switch (node.append("shared", Expected.version(version), UUID.randomUUID())) {
                case Appended.Written done -> {
                    written++;
                    version++;
                }
                case Appended.Conflict(var stream, var actual) -> version = actual;
                case Appended.Duplicate duplicate -> throw new AssertionError(duplicate);
                case Appended.Refused refused -> throw new AssertionError(refused);
                case Appended.Unmet unmet -> throw new AssertionError(unmet);
            }
        }
        return written;
    }

    @Test
    void nodesThatStartAtOnceMigrateOnceAndFoundOneLog() throws Exception {
        var nodes = together(IntStream.range(0, 4)
                .<Callable<Node>>mapToObj(i -> () -> Node.start(DATABASE.settings()))
                .toList());
        try {
            assertThat(nodes)
                    .map(node -> node.storage().epoch())
                    .containsOnly(nodes.getFirst().storage().epoch());
            assertThat(DATABASE.number("SELECT count(*) FROM log_identity")).isEqualTo(1);
            assertThat(DATABASE.number("SELECT count(*) FROM flyway_schema_history WHERE version = '1'"))
                    .isEqualTo(1);
        } finally {
            nodes.forEach(Node::close);
        }
    }

    @Test
    void whatOneNodeAppendsTheOthersHeadShows() throws Exception {
        try (var one = Node.start(DATABASE.settings());
                var other = Node.start(DATABASE.settings())) {
            one.append("s", UUID.randomUUID());

            assertThat(other.log().awaitPast(other.partition(), 0, Duration.ofSeconds(5)))
                    .isTrue();
        }
    }

    @Test
    void aLogKeepsTheNumberOfItsPartitions() {
        Node.start(DATABASE.settings().withPartitions(3)).close();

        assertThatThrownBy(() -> PostgresLogStorage.open(DATABASE.settings()))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("founded with 3 partitions and keeps them; the settings say 8");
        Node.start(DATABASE.settings().withPartitions(3)).close();
    }

    @Test
    void ofNodesWithDifferentMasterKeysOnlyTheFirstGoesOn() throws Exception {
        var random = new SecureRandom();
        try (var one = Node.start(DATABASE.settings());
                var other = Node.start(DATABASE.settings(), MasterKey.random(random))) {
            one.log().requireOwnMasterKey();

            assertThatThrownBy(() -> other.log().requireOwnMasterKey()).isInstanceOf(SealBrokenException.class);
            one.log().requireOwnMasterKey();
        }
    }

    private static List<UUID> appended(Node node, String stream, int count) {
        var ids = new ArrayList<UUID>();
        for (int i = 0; i < count; i++) {
            var id = UUID.randomUUID();
            assertThat(node.append(stream, Expected.version(i), id)).isInstanceOf(Appended.Written.class);
            ids.add(id);
        }
        return ids;
    }

    private static List<StoredEvent> stored(Node node) {
        return node.storage().read(snapshot -> snapshot.after(node.partition(), 0, 100_000, Long.MAX_VALUE));
    }

    private static <T> List<T> together(List<Callable<T>> work) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var results = new ArrayList<T>();
            for (var running : threads.invokeAll(work)) {
                results.add(running.get());
            }
            return results;
        }
    }
}
