package io.cairn.bus;

import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.event.EventLog;
import io.cairn.event.EventPattern;
import io.cairn.event.EventType;
import io.cairn.event.Expected;
import io.cairn.event.Ids;
import io.cairn.event.LogPlace;
import io.cairn.event.NewEvent;
import io.cairn.event.StreamAppend;
import io.cairn.event.StreamId;
import io.cairn.event.Unit;
import io.cairn.feature.Features;
import io.cairn.follow.Skipped;
import io.cairn.seal.MasterKey;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;

/// What durable subscriptions promise on every storage.
public abstract class ReadersContract {
    private static final Context ACME = new Context(new Tenant("acme"), "tester", "c1");
    private static final Context GLOBEX = new Context(new Tenant("globex"), "tester", "c1");

    private final LogPlace place;
    private EventLog log;
    private Readers readers;

    /// @param place of logs of one partition, so that the positions of both tenants are counted together
    protected ReadersContract(LogPlace place) {
        this.place = place;
    }

    @BeforeEach
    void open() {
        var random = new SecureRandom();
        var tables = Features.of(List.of(WebhookTables.feature())).tables();
        log = EventLog.on(place.create(tables))
                .sealedWith(MasterKey.random(random))
                .open()
                .start();
        readers = new Readers(log, new Ids(Clock.systemUTC(), random));
    }

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

    @Test
    void theLagCountsNobodyElsesEvents() {
        readers.create(ACME, "board", new EventPattern("*"), 0);
        append(GLOBEX, "lead.received", 7);
        assertThat(reader().lag()).isZero();
        append(ACME, "lead.received", 2);
        append(GLOBEX, "lead.received", 1);
        readers.create(ACME, "other", new EventPattern("*"), 8);
        assertThat(readers.list(ACME.tenant())).extracting(Reader::lag).containsExactly(2L, 1L);
    }

    @Test
    void ofAllTenantsTheSubscriptionIsToldThatIsFurthestBehind() {
        assertThat(readers.lagMost()).isZero();
        readers.create(ACME, "board", new EventPattern("*"), 0);
        readers.create(GLOBEX, "board", new EventPattern("*"), 0);
        append(ACME, "lead.received", 2);
        append(GLOBEX, "lead.received", 5);
        readers.create(GLOBEX, "other", new EventPattern("*"), 6);
        assertThat(readers.lagMost()).isEqualTo(5);
        readers.acknowledge(GLOBEX, "board", 7);
        assertThat(readers.lagMost()).isEqualTo(2);
    }

    @Test
    void aStreamWhoseEventIsParkedWaitsAndTheOthersGoOn() {
        readers.create(ACME, "board", new EventPattern("*"), 0);
        append(ACME, "sick", 3);
        append(ACME, "sound", 2);
        assertThat(park("sick", 2)).isTrue();
        assertThat(read(10)).containsExactly("sick 1", "sound 1", "sound 2");
        acknowledge(10);
        append(ACME, "sick", 1);
        append(ACME, "sound", 1);
        assertThat(read(10)).containsExactly("sound 3");
        assertThat(reader().parked()).isEqualTo(1);
        assertThat(readers.parked().list(ACME.tenant(), "board", null, 10))
                .singleElement()
                .matches(parked -> parked.key().equals("lead/sick")
                        && parked.version() == 2
                        && parked.attempts() == 1
                        && parked.error().equals("broken"));
        assertThat(readers.parked().list(GLOBEX.tenant(), "board", null, 10)).isEmpty();
    }

    @Test
    void whatIsRetriedComesAgainInOrderAndBeforeAnythingElse() {
        readers.create(ACME, "board", new EventPattern("*"), 0);
        append(ACME, "sick", 3);
        append(ACME, "sound", 1);
        park("sick", 2);
        acknowledge(10);
        append(ACME, "sick", 1);
        append(ACME, "sound", 1);
        assertThat(readers.parked().retry(ACME, "board", "lead/other")).isZero();
        assertThat(readers.parked().retry(ACME, "board", null)).isEqualTo(1);

        assertThat(read(2)).containsExactly("sick 2", "sick 3");
        assertThat(read(2)).containsExactly("sick 2", "sick 3");
        acknowledge(2);
        assertThat(read(2)).containsExactly("sick 4");
        acknowledge(2);
        // The page behind it may bring again what came only just now.
        assertThat(read(10)).containsExactly("sick 4", "sound 2");
        acknowledge(10);
        assertThat(read(10)).isEmpty();
        assertThat(reader().parked()).isZero();
    }

    @Test
    void aPageThatIsAcknowledgedLateLosesNothingOfAStreamThatWasRetriedMeanwhile() {
        readers.create(ACME, "board", new EventPattern("*"), 0);
        append(ACME, "sick", 2);
        park("sick", 1);
        append(ACME, "sick", 2);
        var inFlight = readers.next(ACME, reader(), 10);
        assertThat(inFlight.events()).isEmpty();

        readers.parked().retry(ACME, "board", "lead/sick");
        readers.acknowledge(ACME, "board", inFlight.upTo());
        assertThat(read(10)).containsExactly("sick 1", "sick 2", "sick 3", "sick 4");
        acknowledge(10);
        assertThat(read(10)).isEmpty();
    }

    @Test
    void whatFailsAgainIsParkedAgainAndAnEarlierAcknowledgementCountsForNothing() {
        readers.create(ACME, "board", new EventPattern("*"), 0);
        append(ACME, "sick", 3);
        park("sick", 1);
        acknowledge(10);
        readers.parked().retry(ACME, "board", null);
        var again = readers.next(ACME, reader(), 10);
        park("sick", 2);
        readers.parked().retry(ACME, "board", null);
        readers.acknowledge(ACME, "board", Objects.requireNonNull(again.again()));

        assertThat(read(10)).containsExactly("sick 1", "sick 2", "sick 3");
        park("sick", 1);
        assertThat(readers.parked().list(ACME.tenant(), "board", null, 10))
                .singleElement()
                .matches(parked -> parked.attempts() == 3);
        assertThat(read(10)).isEmpty();
    }

    @Test
    void whatIsSkippedNeverComesAndWhatFollowsDoes() {
        readers.create(ACME, "board", new EventPattern("*"), 0);
        append(ACME, "sick", 3);
        park("sick", 2);
        assertThat(readers.parked().skip(ACME, "board", "lead/sick")).isEqualTo(new Skipped.Done(2));
        assertThat(readers.parked().skip(ACME, "board", "lead/sick")).isEqualTo(new Skipped.NotParked());
        append(ACME, "sick", 1);
        assertThat(read(10)).containsExactly("sick 4");
        acknowledge(10);
        assertThat(read(10)).containsExactly("sick 1", "sick 4");
    }

    @Test
    void nothingIsParkedThatTheSubscriptionDoesNotTell() {
        readers.create(ACME, "board", new EventPattern("lead.*"), 0);
        append(ACME, "other", 1);
        append(GLOBEX, "lead.received", 1);
        assertThat(park("other", 1)).isFalse();
        assertThat(readers.parked().park(ACME, reader(), UUID.randomUUID(), "broken"))
                .isFalse();
        var theirs = log.read(GLOBEX.tenant(), view -> view.after(0, 1)).getFirst();
        assertThat(readers.parked().park(ACME, reader(), theirs.id(), "broken")).isFalse();
    }

    @Test
    void withASubscriptionGoesWhatItParked() {
        readers.create(ACME, "board", new EventPattern("*"), 0);
        append(ACME, "sick", 2);
        park("sick", 1);
        readers.parked().skip(ACME, "board", "lead/sick");
        readers.delete(ACME, "board");
        readers.create(ACME, "board", new EventPattern("*"), 0);
        assertThat(read(10)).containsExactly("sick 1", "sick 2");
    }

    private boolean park(String stream, long version) {
        var event = log.read(ACME.tenant(), view -> view.stream(new StreamId("lead", stream), version - 1, 1))
                .getFirst();
        return readers.parked().park(ACME, reader(), event.id(), "broken");
    }

    private List<String> read(int limit) {
        return readers.next(ACME, reader(), limit).events().stream()
                .map(event -> event.stream().id() + " " + event.version())
                .toList();
    }

    private Reader reader() {
        return readers.find(ACME.tenant(), "board").orElseThrow();
    }

    private List<Long> versions(int limit) {
        var page = readers.next(ACME, reader(), limit);
        List<Long> found = new ArrayList<>();
        page.events().forEach(event -> found.add(event.version()));
        return found;
    }

    private void acknowledge(int limit) {
        var page = readers.next(ACME, reader(), limit);
        var again = page.again();
        if (again == null) {
            readers.acknowledge(ACME, "board", page.upTo());
        } else {
            readers.acknowledge(ACME, "board", again);
        }
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
