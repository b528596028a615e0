package io.cairn.adapter.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cairn.archive.Verification;
import io.cairn.event.Appended;
import io.cairn.event.StorageException;
import io.cairn.event.StorageException.Kind;
import io.cairn.event.StoredEvent;
import io.cairn.event.StreamId;
import io.cairn.guard.Retry;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What becomes of a log when PostgreSQL, or the way to it, fails.
@Timeout(120)
class PostgresFaultsTest {
    private static final String KILL_WRITERS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            + " WHERE datname = current_database() AND application_name = 'cairn' AND state <> 'idle'"
            + " AND query NOT LIKE 'SHOW%'";

    private static final int EVENTS_MIN = 150;
    private static final int EVENTS_MAX = 10_000;

    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    @BeforeEach
    void empty() {
        DATABASE.emptied();
    }

    @Test
    void connectionsKilledUnderWritersLoseNothingAndDoubleNothing() throws Exception {
        int writers = 4;
        var failures = new AtomicInteger();
        try (var node = Node.start(DATABASE.settings());
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = new ArrayList<Future<List<UUID>>>();
            for (int writer = 0; writer < writers; writer++) {
                var stream = "w" + writer;
                running.add(threads.submit(() -> appendedInTheEnd(node, stream, failures)));
            }
            int kills = 0;
            long seen = 0;
            while (!running.stream().allMatch(Future::isDone)) {
                long positions = DATABASE.number("SELECT sum(position)::int FROM partition_head");
                if (positions >= seen + 5) {
                    seen = positions;
                    DATABASE.execute(KILL_WRITERS);
                    kills++;
                }
            }
            var acknowledged = new ArrayList<UUID>();
            for (var writer : running) {
                acknowledged.addAll(writer.get());
            }

            var stored = stored(node);
            assertThat(kills).isGreaterThan(2);
            assertThat(failures).as("appends that noticed").hasPositiveValue();
            assertThat(stored).map(StoredEvent::eventId).containsExactlyInAnyOrderElementsOf(acknowledged);
            assertThat(stored)
                    .map(StoredEvent::position)
                    .containsExactlyElementsOf(LongStream.rangeClosed(1, acknowledged.size())
                            .boxed()
                            .toList());
            assertThat(Verification.of(node.storage(), Optional.empty(), events -> {})
                            .problems())
                    .isEmpty();
        }
    }

    @Test
    void whoReadsOrAppendsDoesNotNoticeThatConnectionsWereCut() {
        var again = new AtomicInteger();
        var limits = new Retry.Settings(8, Duration.ofSeconds(2), Duration.ofSeconds(10), Duration.ofMinutes(10));
        var retry = new Retry(StorageException.FAILURES, limits, System::nanoTime, time -> {}, again::incrementAndGet);
        try (var node = Node.start(DATABASE.settings(), retry)) {
            for (int i = 1; i <= 5; i++) {
                assertThat(node.append("s", UUID.randomUUID())).isInstanceOf(Appended.Written.class);
                DATABASE.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        + " WHERE datname = current_database() AND application_name = 'cairn'");
                long version = node.log().<Long>read(Node.ACME, view -> view.version(new StreamId("thing", "s")));
                assertThat(version).isEqualTo(i);
            }
        }
        assertThat(again).as("retry besides the first").hasPositiveValue();
    }

    /// As a client does: the same event again, until there is an answer. Goes on until one was hit, since a
    /// connection that is killed right after its commit harms nobody.
    private static List<UUID> appendedInTheEnd(Node node, String stream, AtomicInteger failures) {
        var ids = new ArrayList<UUID>();
        while (ids.size() < EVENTS_MIN || failures.get() == 0 && ids.size() < EVENTS_MAX) {
            var id = UUID.randomUUID();
            while (!answered(node, stream, id)) {
                failures.incrementAndGet();
            }
            ids.add(id);
        }
        return ids;
    }

    private static boolean answered(Node node, String stream, UUID id) {
        try {
            return switch (node.append(stream, id)) {
                case Appended.Written written -> true;
                case Appended.Duplicate duplicate -> true;
                case Appended.Conflict conflict -> throw new AssertionError(conflict);
                case Appended.Refused refused -> throw new AssertionError(refused);
                case Appended.Unmet unmet -> throw new AssertionError(unmet);
            };
        } catch (StorageException e) {
            assertThat(e.kind()).as("%s", e.getMessage()).isIn(Kind.BUSY, Kind.UNKNOWN);
            return false;
        }
    }

    /// What is written goes out with the commit, so whoever has sent it cannot tell.
    @Test
    void aConnectionKilledBeforeTheCommitKeepsNothing() {
        try (var node = Node.start(DATABASE.settings())) {
            node.append("s", UUID.randomUUID());
            var head = node.log().head(node.partition());
            try (var transaction = node.storage().write(node.partition())) {
                DATABASE.execute(KILL_WRITERS);

                refused(Kind.UNKNOWN, () -> transaction.commit(head));
            }

            assertThat(node.append("s", UUID.randomUUID())).isInstanceOf(Appended.Written.class);
            assertThat(stored(node)).hasSize(2);
        }
    }

    @Test
    void anExhaustedPoolIsBusyInBoundedTimeAndRecovers() throws Exception {
        var small = new PostgresSettings.Pool(
                1, 2, Duration.ofMillis(500), Duration.ofMillis(250), Duration.ofMinutes(30), Duration.ZERO);
        try (var node = Node.start(DATABASE.settings().with(small));
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            node.append("s", UUID.randomUUID());
            var held = new CountDownLatch(2);
            var release = new CountDownLatch(1);
            for (int i = 0; i < 2; i++) {
                threads.submit(() -> node.storage().read(snapshot -> {
                    held.countDown();
                    return waited(release);
                }));
            }
            held.await();
            try {
                within(Duration.ofSeconds(5), () -> refused(Kind.BUSY, () -> stored(node)));
                try (var transaction = node.storage().write(node.partition())) {
                    assertThat(transaction.head(node.partition()).number())
                            .as("no reader keeps a writer waiting")
                            .isEqualTo(1);
                }
            } finally {
                release.countDown();
            }

            await().ignoreExceptionsInstanceOf(StorageException.class)
                    .untilAsserted(() -> assertThat(stored(node)).hasSize(1));
        }
    }

    @Test
    void aHeadThatSomebodyHoldsIsBusyInBoundedTime() throws SQLException {
        var waits = waits(Duration.ofMillis(300), Duration.ofSeconds(8));
        try (var node = Node.start(DATABASE.settings().with(waits));
                var holder = DATABASE.connect()) {
            holder.setAutoCommit(false);
            try (var statement = holder.createStatement()) {
                statement.execute("SELECT position FROM partition_head FOR UPDATE");

                within(Duration.ofSeconds(5), () -> refused(Kind.BUSY, () -> node.append("s", UUID.randomUUID())));
            }
            holder.rollback();

            assertThat(node.append("s", UUID.randomUUID())).isInstanceOf(Appended.Written.class);
        }
    }

    @Test
    void aNodeThatStallsInATransactionLosesTheHeadToTheNext() {
        var stalling = waits(Duration.ofSeconds(12), Duration.ofMillis(300));
        try (var stalled = Node.start(DATABASE.settings().with(stalling));
                var other = Node.start(DATABASE.settings())) {
            var head = stalled.log().head(stalled.partition());
            try (var transaction = stalled.storage().write(stalled.partition())) {
                within(
                        Duration.ofSeconds(8),
                        () -> assertThat(other.append("s", UUID.randomUUID())).isInstanceOf(Appended.Written.class));

                refused(Kind.BUSY, () -> transaction.commit(head));
            }
            assertThat(stalled.append("s", UUID.randomUUID())).isInstanceOf(Appended.Written.class);
            assertThat(stored(other)).hasSize(2);
        }
    }

    @Test
    void connectionsAreGivenBackAndReplaced() {
        try (var node = Node.start(DATABASE.settings())) {
            for (int i = 0; i < 10; i++) {
                node.append("s", UUID.randomUUID());
                stored(node);
            }
            await().untilAsserted(() -> assertThat(DATABASE.connections("state LIKE 'idle in transaction%'"))
                    .isZero());

            DATABASE.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    + " WHERE datname = current_database() AND application_name = 'cairn'");

            await().ignoreExceptionsInstanceOf(StorageException.class)
                    .until(() -> node.append("s", UUID.randomUUID()) instanceof Appended.Written);
        }
        await().untilAsserted(() -> assertThat(DATABASE.connections("true")).isZero());
    }

    private static PostgresSettings.Waits waits(Duration lock, Duration idle) {
        return new PostgresSettings.Waits(Duration.ofSeconds(10), lock, Duration.ofSeconds(30), idle);
    }

    private static List<StoredEvent> stored(Node node) {
        return node.storage().read(snapshot -> snapshot.after(node.partition(), 0, 100_000, Long.MAX_VALUE));
    }

    private static boolean waited(CountDownLatch latch) {
        try {
            latch.await();
            return true;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void refused(Kind kind, ThrowingCallable work) {
        assertThatThrownBy(work)
                .isInstanceOfSatisfying(
                        StorageException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }

    private static void within(Duration time, Runnable work) {
        var begun = Instant.now();
        work.run();
        assertThat(Duration.between(begun, Instant.now())).isLessThan(time);
    }
}
