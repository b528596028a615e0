package io.cairn.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cairn.event.Appended;
import io.cairn.event.EventLog;
import io.cairn.event.LogPlace;
import io.cairn.event.LogStorage;
import io.cairn.event.PartitionUnit;
import io.cairn.row.Row;
import io.cairn.row.RowChange;
import io.cairn.row.RowKey;
import io.cairn.row.Table;
import io.cairn.tenant.Tenant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a lease promises on every storage: of those who take it one succeeds, and a stale owner cannot write.
public abstract class LeaseContract {
    protected static final String THING = "thing";

    /// A table that stands for what is done under leases; every storage has one like it.
    private static final Table DONE = new Table(
            "blob_unfinished",
            Table.Kind.DERIVED,
            List.of(Table.Column.text("address")),
            List.of(Table.Column.number("since")));

    private final LogPlace place;
    private final List<EventLog> logs = new ArrayList<>();

    protected LogStorage storage;

    protected LeaseContract(LogPlace place) {
        this.place = place;
    }

    @BeforeEach
    void open() {
        storage = place.create(Stream.concat(EventLog.tables().stream(), Leases.tables().stream())
                .toList());
    }

    @AfterEach
    void stop() {
        logs.forEach(EventLog::close);
    }

    /// A node with a log and a clock of its own, which only move when they are told to.
    protected final class Node {
        final EventLog log;
        final Leases leases;
        private final AtomicLong nanos;

        Node(String name, EventLog log) {
            this.log = log;
            this.nanos = new AtomicLong(name.hashCode() * 1_000_000_000L);
            this.leases = new Leases(log, name, LeaseSettings.defaults(), nanos::get);
        }

        /// The log may write only as long as the token of the lease is the last that was granted.
        Appended act(Lease lease, String done) {
            return log.feed()
                    .append(new PartitionUnit(
                            lease.partition(),
                            List.of(lease.fence()),
                            List.of(new PartitionUnit.Change(
                                    Tenant.CAIRN, new RowChange.Put(DONE.row(Map.of("address", done)))))));
        }

        Lease taken(int partition) {
            return leases.take(THING, partition).orElseThrow();
        }

        void after(Duration time) {
            nanos.addAndGet(time.toNanos());
            leases.step();
        }

        void pause(Duration time) {
            nanos.addAndGet(time.toNanos());
        }
    }

    protected Node node(String name) {
        var log = TestLog.on(logs.isEmpty() ? storage : place.again(storage));
        logs.add(log);
        var node = new Node(name, log);
        node.leases.step();
        return node;
    }

    protected List<String> done() {
        return logs
                .getFirst()
                .<List<Row>>read(Tenant.CAIRN, view -> view.rows(DONE, new RowKey(List.of()), null, 100))
                .stream()
                .map(row -> row.text("address"))
                .toList();
    }

    @Test
    void aStaleOwnerCannotWrite() {
        var one = node("one");
        var former = one.taken(0);
        one.leases.release(former);
        var other = node("other");
        var latter = other.taken(0);

        assertThat(one.act(former, "stale")).isInstanceOf(Appended.Unmet.class);
        assertThat(other.act(latter, "fresh")).isInstanceOf(Appended.Written.class);

        assertThat(done()).containsExactly("fresh");
    }

    @Test
    void ofTwoWhoTakeAtOnceOneSucceeds() {
        var one = node("one");
        var other = node("other");
        var free = new Leases.Found(0, null, null);

        assertThat(one.leases.take(THING, free)).isPresent();
        assertThat(other.leases.take(THING, free)).isEmpty();
    }

    @Test
    void whoSeizesALeaseReplacesAHolderThatLives() {
        var one = node("one");
        var former = one.taken(0);
        var other = node("other");

        var seized = other.leases.seize(THING, 0);

        assertThat(one.act(former, "stale")).isInstanceOf(Appended.Unmet.class);
        assertThat(other.act(seized, "fresh")).isInstanceOf(Appended.Written.class);
        assertThat(other.leases.seize(THING, 0)).isEqualTo(seized);
        assertThat(other.leases.seize("another", 0).token()).isEqualTo(1);
    }

    @Test
    void whoGivesALeaseBackTwiceTakesItFromNobody() {
        var one = node("one");
        var lease = one.taken(0);
        one.leases.release(lease);
        var other = node("other");
        var theirs = other.taken(0);

        one.leases.release(lease);

        assertThat(other.act(theirs, "mine")).isInstanceOf(Appended.Written.class);
        assertThat(other.leases.take(THING, 0)).contains(theirs);
    }

    @Test
    void aHolderFindsItsLeaseAgain() {
        var one = node("one");
        var lease = one.taken(0);

        assertThat(one.leases.take(THING, 0)).contains(lease);
        assertThat(lease.token()).isEqualTo(1);
    }

    @Test
    void theTokenGrowsWithEachTaking() {
        var one = node("one");
        for (int taking = 1; taking <= 3; taking++) {
            var lease = one.taken(0);
            assertThat(lease.token()).isEqualTo(taking);
            one.leases.release(lease);
        }
    }

    @Test
    void leasesOfTwoThingsDoNotMeet() {
        var one = node("one");
        one.leases.release(one.taken(0));
        var lease = one.taken(0);
        var another = one.leases.take("another", 0).orElseThrow();

        assertThat(another.token()).isEqualTo(1);
        assertThat(one.act(lease, "a")).isInstanceOf(Appended.Written.class);
        assertThat(one.act(another, "b")).isInstanceOf(Appended.Written.class);
    }

    @Test
    void whatEndsIsFree() {
        var one = node("one");
        one.taken(0);
        one.leases.close();

        assertThat(node("other").leases.take(THING, 0)).map(Lease::token).isEqualTo(Optional.of(2L));
    }

    @Test
    void rowsOfATenantAreNotChangedInAPartitionThatIsNotItsOwn() {
        var one = node("one");
        int elsewhere = one.log.partition(new Tenant("acme")) + 1;
        var unit = new PartitionUnit(
                elsewhere,
                List.of(),
                List.of(new PartitionUnit.Change(
                        new Tenant("acme"), new RowChange.Put(DONE.row(Map.of("address", "lost"))))));

        assertThatThrownBy(() -> one.log.feed().append(unit))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tenant acme");
    }
}
