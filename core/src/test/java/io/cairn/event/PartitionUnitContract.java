package io.cairn.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cairn.row.Row;
import io.cairn.row.RowChange;
import io.cairn.row.RowExpectation;
import io.cairn.row.RowKey;
import io.cairn.row.Table;
import io.cairn.seal.MasterKey;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;

/// The engine's one unit on every storage: events of several streams and tenants, rows and a fence commit together or
/// not at all.
public abstract class PartitionUnitContract {
    /// A table that stands for what the engine keeps; every storage has one like it.
    private static final Table DONE = new Table(
            "blob_unfinished",
            Table.Kind.DERIVED,
            List.of(Table.Column.text("address")),
            List.of(Table.Column.number("since")));

    private static final StreamId STREAM = new StreamId("thing", "a");
    private static final RowExpectation FENCE = new RowExpectation.Cell(DONE, DONE.key("fence"), "since", 7L);

    private final SecureRandom random = new SecureRandom();
    private EventLog log;
    private List<Tenant> tenants;
    private int partition;

    /// A new, empty storage with the log's own tables.
    protected abstract LogStorage create();

    @BeforeEach
    void open() {
        log = EventLog.on(create())
                .sealedWith(MasterKey.random(random))
                .random(random)
                .open();
        partition = log.partition(new Tenant("t0"));
        tenants = IntStream.range(0, 100)
                .mapToObj(i -> new Tenant("t" + i))
                .filter(tenant -> log.partition(tenant) == partition)
                .limit(3)
                .toList();
        assertThat(tenants).hasSize(3);
        log.feed().append(new PartitionUnit(partition, List.of(), List.of(put(Tenant.CAIRN, "fence", 7))));
    }

    @AfterEach
    void stop() {
        log.close();
    }

    private static PartitionUnit.Change put(Tenant tenant, String address, long since) {
        return new PartitionUnit.Change(
                tenant, new RowChange.Put(DONE.row(Map.of("address", address, "since", since))));
    }

    private static NewEvent event(String id) {
        return new NewEvent(
                UUID.nameUUIDFromBytes(id.getBytes(StandardCharsets.UTF_8)),
                new EventType("thing.happened"),
                1,
                "subject",
                JsonNodeFactory.instance.objectNode().put("said", id),
                Instant.EPOCH,
                null);
    }

    private PartitionUnit.Append append(Tenant tenant, Expected expected, String id) {
        return new PartitionUnit.Append(
                new Context(tenant, "engine", "corr"), new StreamAppend(STREAM, expected, List.of(event(id))));
    }

    /// Two events and a row of each of three tenants, in streams of one name, under a fence.
    private PartitionUnit unit(RowExpectation fence, Expected expectedOfLast) {
        var last = tenants.getLast();
        return new PartitionUnit(
                partition,
                tenants.stream()
                        .flatMap(tenant -> IntStream.range(0, 2)
                                .mapToObj(i -> append(
                                        tenant,
                                        tenant.equals(last) && i == 0 ? expectedOfLast : Expected.any(),
                                        tenant.id() + "-" + i)))
                        .toList(),
                List.of(new PartitionUnit.Expectation(Tenant.CAIRN, fence)),
                tenants.stream().map(tenant -> put(tenant, "row", 1)).toList());
    }

    private void assertNothingIsThere() {
        for (var tenant : tenants) {
            assertThat(said(tenant)).as("events of %s", tenant).isEmpty();
            assertThat(rows(tenant)).as("rows of %s", tenant).isEmpty();
        }
    }

    private List<String> said(Tenant tenant) {
        return log.read(tenant, view -> view.stream(STREAM, 0, 10)).stream()
                .map(event -> event.payload() instanceof Payload.Open(var json)
                        ? json.get("said").asString()
                        : "unread")
                .toList();
    }

    private List<Row> rows(Tenant tenant) {
        return log.read(tenant, view -> view.rows(DONE, new RowKey(List.of()), null, 10));
    }

    @Test
    void eventsAndRowsOfThreeTenantsCommitUnderOneFence() {
        assertThat(log.feed().append(unit(FENCE, Expected.none()))).isInstanceOf(Appended.Written.class);

        for (var tenant : tenants) {
            assertThat(said(tenant)).containsExactly(tenant.id() + "-0", tenant.id() + "-1");
            assertThat(rows(tenant)).hasSize(1);
        }
        assertThat(log.feed().after(partition, 0, 10, Long.MAX_VALUE))
                .extracting(event -> event.position().number())
                .containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
    }

    @Test
    void nothingOfThemIsThereUnderABrokenFence() {
        var broken = new RowExpectation.Cell(DONE, DONE.key("fence"), "since", 8L);

        assertThat(log.feed().append(unit(broken, Expected.none()))).isInstanceOf(Appended.Unmet.class);

        assertNothingIsThere();
    }

    @Test
    void nothingOfThemIsThereIfTheStreamOfOneTenantHasMoved() {
        assertThat(log.feed().append(unit(FENCE, Expected.version(5)))).isInstanceOf(Appended.Conflict.class);

        assertNothingIsThere();
    }

    @Test
    void theSameUnitAgainIsADuplicateAndChangesNothing() {
        log.feed().append(unit(FENCE, Expected.any()));

        assertThat(log.feed().append(unit(FENCE, Expected.any()))).isInstanceOf(Appended.Duplicate.class);

        assertThat(said(tenants.getFirst())).hasSize(2);
    }

    @Test
    void aTenantOfAnotherPartitionIsRefused() {
        var elsewhere = IntStream.range(0, 1000)
                .mapToObj(i -> new Tenant("e" + i))
                .filter(tenant -> log.partition(tenant) != partition)
                .findFirst();

        elsewhere.ifPresent(tenant -> assertThatThrownBy(() -> log.feed()
                        .append(new PartitionUnit(
                                partition, List.of(append(tenant, Expected.any(), "x")), List.of(), List.of())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tenant " + tenant.id()));
    }

    @Test
    void streamsOfOneNameArePlacedTenantByTenantWhenTheHeadIsPresumed() {
        for (int i = 0; i < 6; i++) {
            for (var tenant : tenants) {
                log.feed()
                        .append(new PartitionUnit(
                                partition,
                                List.of(append(tenant, Expected.any(), tenant.id() + "-again-" + i)),
                                List.of(),
                                List.of()));
            }
        }

        for (var tenant : tenants) {
            assertThat(log.<Long>read(tenant, view -> view.version(STREAM))).isEqualTo(6);
        }
    }
}
