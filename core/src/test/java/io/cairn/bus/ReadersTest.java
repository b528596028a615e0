package io.cairn.bus;

import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.event.EventLog;
import io.cairn.event.EventPattern;
import io.cairn.event.EventType;
import io.cairn.event.Expected;
import io.cairn.event.Ids;
import io.cairn.event.LogStorage;
import io.cairn.event.NewEvent;
import io.cairn.event.StreamAppend;
import io.cairn.event.StreamId;
import io.cairn.event.Unit;
import io.cairn.feature.Features;
import io.cairn.seal.MasterKey;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;

class ReadersTest {
    private static final Context ACME = new Context(new Tenant("acme"), "tester", "c1");
    private static final Context GLOBEX = new Context(new Tenant("globex"), "tester", "c1");

    private final SecureRandom random = new SecureRandom();
    private final EventLog log = EventLog.on(LogStorage.inMemory(
                    Features.of(List.of(WebhookTables.feature())).tables()))
            .sealedWith(MasterKey.random(random))
            .open()
            .start();
    private final Readers readers = new Readers(log, new Ids(Clock.systemUTC(), random));

    @AfterEach
    void close() {
        log.close();
    }

    @Test
    void whatIsNotAcknowledgedComesAgain() {
        readers.create(ACME, "board", new EventPattern("lead.*"), 0);
        append(ACME, "lead.received", 5);
        assertThat(versions(3)).containsExactly(1L, 2L, 3L);
        assertThat(versions(3)).containsExactly(1L, 2L, 3L);
        acknowledge(3);
        assertThat(versions(3)).containsExactly(4L, 5L);
        acknowledge(3);
        assertThat(versions(3)).isEmpty();
        assertThat(reader().lag()).isZero();
    }

    @Test
    void aPlaceNeverGoesBack() {
        readers.create(ACME, "board", new EventPattern("*"), 0);
        append(ACME, "lead.received", 5);
        readers.acknowledge(ACME, "board", 4);
        readers.acknowledge(ACME, "board", 2);
        assertThat(reader().position()).isEqualTo(4);
    }

    @Test
    void aReaderKeepsUpPastWhatItDoesNotWantOrMayNotSee() {
        readers.create(ACME, "board", new EventPattern("lead.*"), 0);
        append(ACME, "order.placed", 5);
        append(GLOBEX, "lead.received", 5);
        assertThat(versions(10)).isEmpty();
        acknowledge(10);
        assertThat(reader().lag()).isZero();
        assertThat(readers.list(GLOBEX.tenant())).isEmpty();
    }

    @Test
    void aNameStandsForOneSubscription() {
        assertThat(readers.create(ACME, "board", new EventPattern("lead.*"), 0)).isTrue();
        readers.acknowledge(ACME, "board", 7);
        assertThat(readers.create(ACME, "board", new EventPattern("lead.*"), 0)).isTrue();
        assertThat(readers.create(ACME, "board", new EventPattern("*"), 0)).isFalse();
        assertThat(reader().position()).isEqualTo(7);
        assertThat(readers.delete(ACME, "board")).isTrue();
        assertThat(readers.delete(ACME, "board")).isFalse();
        assertThat(readers.acknowledge(ACME, "board", 9)).isEmpty();
    }

    private Reader reader() {
        return readers.find(ACME.tenant(), "board").orElseThrow();
    }

    private List<Long> versions(int limit) {
        var page = readers.next(ACME.tenant(), reader(), limit);
        List<Long> found = new ArrayList<>();
        page.events().forEach(event -> found.add(event.version()));
        return found;
    }

    private void acknowledge(int limit) {
        readers.acknowledge(
                ACME, "board", readers.next(ACME.tenant(), reader(), limit).upTo());
    }

    private void append(Context context, String type, int count) {
        for (int i = 0; i < count; i++) {
            log.append(Unit.of(
                    context,
                    new StreamAppend(
                            new StreamId("lead", type),
                            Expected.any(),
                            List.of(new NewEvent(
                                    UUID.randomUUID(),
                                    new EventType(type),
                                    1,
                                    "s",
                                    JsonNodeFactory.instance.objectNode(),
                                    Instant.EPOCH,
                                    null)))));
        }
    }
}
