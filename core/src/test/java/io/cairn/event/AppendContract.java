package io.cairn.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cairn.row.Row;
import io.cairn.row.RowChange;
import io.cairn.tenant.Context;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What is appended to a log is read back as it was, once and in its order, whatever storage it is on.
public abstract class AppendContract extends EventLogFixture {
    protected AppendContract(LogPlace place) {
        super(place);
    }

    @Test
    void anAppendedEventIsReadBackAsItWas() {
        var event = event("{\"text\":\"Bună ziua 👋\"}");

        var outcome = log.append(unit(STREAM, Expected.none(), event));

        assertThat(outcome).isEqualTo(new Appended.Written(log.position(partition(ACME), 1), Map.of(STREAM, 1L)));
        var read = only(read(STREAM));
        assertThat(read.id()).isEqualTo(event.id());
        assertThat(read.payload()).isEqualTo(new Payload.Open(event.payload()));
        assertThat(read.occurredAt()).isEqualTo(event.occurredAt());
        assertThat(read.recordedAt()).isEqualTo(CLOCK.instant());
        assertThat(read.correlation()).isEqualTo("corr-1");
        assertThat(read.actor()).isEqualTo("tester");
    }

    @Test
    void payloadsAreSealedInTheStore() {
        log.append(unit(STREAM, Expected.any(), event("{\"secret\":\"swordfish\"}")));

        var stored = storage.read(snapshot -> snapshot.after(partition(ACME), 0, 10, Long.MAX_VALUE));

        assertThat(new String(only(stored).payload(), java.nio.charset.StandardCharsets.ISO_8859_1))
                .doesNotContain("swordfish");
    }

    @Test
    void everythingAcknowledgedIsThereAfterARestart() {
        log.append(unit(STREAM, Expected.none(), event("{\"n\":1}"), event("{\"n\":2}")));
        var epoch = log.epoch();

        reopen();

        assertThat(log.epoch()).isEqualTo(epoch);
        assertThat(read(STREAM)).map(Event::version).containsExactly(1L, 2L);
        assertThat(read(STREAM)).allSatisfy(event -> assertThat(event.payload()).isInstanceOf(Payload.Open.class));
        assertThat(log.append(unit(STREAM, Expected.version(2), event("{}"))))
                .isEqualTo(new Appended.Written(log.position(partition(ACME), 3), Map.of(STREAM, 3L)));
        assertThat(verify().problems()).isEmpty();
    }

    @Test
    void anUnexpectedVersionIsAConflictThatNamesTheActualOne() {
        log.append(unit(STREAM, Expected.none(), event("{}"), event("{}")));

        assertThat(log.append(unit(STREAM, Expected.none(), event("{}")))).isEqualTo(new Appended.Conflict(STREAM, 2));
        assertThat(log.append(unit(STREAM, Expected.version(1), event("{}"))))
                .isEqualTo(new Appended.Conflict(STREAM, 2));
        assertThat(log.append(unit(STREAM, Expected.version(2), event("{}")))).isInstanceOf(Appended.Written.class);
        assertThat(read(STREAM)).hasSize(3);
    }

    @Test
    void anEventIdIsWrittenOnce() {
        var first = event("{}");
        log.append(unit(STREAM, Expected.any(), first));

        var again = log.append(unit(STREAM, Expected.any(), first));
        var partly = log.append(unit(STREAM, Expected.any(), event("{}"), first));

        var recorded = Map.of(first.id(), new Recorded(first.id(), STREAM, 1, 1));
        assertThat(again).isEqualTo(new Appended.Duplicate(recorded, log.position(partition(ACME), 1)));
        assertThat(partly).isEqualTo(new Appended.Duplicate(recorded, log.position(partition(ACME), 1)));
        assertThat(read(STREAM)).hasSize(1);
    }

    /// A writer that finds its partition as it left it asks less.
    @Test
    void whoeverIsRefusedAfterQuietTimesIsToldWhatIsThere() {
        var first = event("{}");
        log.append(unit(STREAM, Expected.any(), first));
        for (int version = 1; version < 10; version++) {
            log.append(unit(STREAM, Expected.version(version), event("{}")));
        }

        assertThat(log.append(unit(STREAM, Expected.version(3), event("{}"))))
                .isEqualTo(new Appended.Conflict(STREAM, 10));
        assertThat(log.append(unit(STREAM, Expected.any(), first))).isInstanceOf(Appended.Duplicate.class);
        assertThat(log.append(unit(STREAM, Expected.version(10), event("{}")))).isInstanceOf(Appended.Written.class);
        assertThat(verify().problems()).isEmpty();
    }

    @Test
    void anIdThatComesAgainAfterQuietTimesIsFoundOutWhateverElseIsInItsUnit() {
        var first = event("{}");
        log.append(unit(STREAM, Expected.any(), first));
        for (int i = 0; i < 10; i++) {
            log.append(unit(STREAM, Expected.any(), event("{}")));
        }
        var many = IntStream.range(0, 700)
                .mapToObj(i -> i == 0 ? first : event("{}"))
                .toArray(NewEvent[]::new);

        assertThat(log.append(unit(STREAM, Expected.any(), many))).isInstanceOf(Appended.Duplicate.class);
        assertThat(read(STREAM)).hasSize(11);
    }

    @Test
    void twoLogsOnOneStorageThatTakeTurnsNeverRefuseWhatHolds() {
        try (var other = start(new LastingStorage(storage), EventLogSettings.defaults())) {
            int version = 0;
            for (int turn = 0; turn < 6; turn++) {
                for (int i = 0; i < 6; i++) {
                    var writing = turn % 2 == 0 ? log : other;
                    assertThat(writing.append(unit(STREAM, Expected.version(version), event("{}"))))
                            .isInstanceOf(Appended.Written.class);
                    version++;
                }
            }
        }
        assertThat(verify().problems()).isEmpty();
    }

    @Test
    void anotherTenantsIdsAndStreamsAreItsOwn() {
        var event = event("{}");
        log.append(unit(STREAM, Expected.none(), event));

        var outcome = log.append(Unit.of(
                new Context(OTHER, "tester", "corr-2"), new StreamAppend(STREAM, Expected.none(), List.of(event))));

        assertThat(outcome).isInstanceOf(Appended.Written.class);
        assertThat(read(STREAM)).hasSize(1);
        assertThat(log.<List<Event>>read(OTHER, view -> view.after(0, 10))).hasSize(1);
        assertThat(log.<Optional<Row>>read(OTHER, view -> view.row(THINGS, THINGS.key("a"))))
                .hasValueSatisfying(row -> assertThat(row.number("position"))
                        .isEqualTo(log.head(partition(OTHER)).number()));
    }

    @Test
    void ofTheEventsBehindAPlaceATenantsOwnAreCountedUpToANumber() {
        for (int i = 0; i < 4; i++) {
            log.append(unit(STREAM, Expected.any(), event("{}")));
            log.append(Unit.of(
                    new Context(OTHER, "tester", "corr-2"),
                    new StreamAppend(STREAM, Expected.any(), List.of(event("{}")))));
        }
        long head = log.head(partition(OTHER)).number();
        long last = log.<List<Event>>read(OTHER, view -> view.after(0, 10))
                .getLast()
                .position()
                .number();

        assertThat(log.<Map<Long, Long>>read(OTHER, view -> view.behind(Set.of(0L, last - 1, head), 10)))
                .isEqualTo(Map.of(0L, 4L, last - 1, 1L, head, 0L));
        assertThat(log.<Map<Long, Long>>read(OTHER, view -> view.behind(Set.of(0L), 3)))
                .isEqualTo(Map.of(0L, 3L));
        assertThat(log.<Map<Long, Long>>read(OTHER, view -> view.behind(Set.of(), 3)))
                .isEmpty();
    }

    @Test
    void aUnitOverTwoStreamsIsWrittenAsAWholeOrNotAtAll() {
        var other = new StreamId("thing", "b");
        log.append(unit(other, Expected.none(), event("{}")));

        var outcome = log.append(new Unit(
                CONTEXT,
                List.of(
                        new StreamAppend(STREAM, Expected.none(), List.of(event("{}"))),
                        new StreamAppend(other, Expected.none(), List.of(event("{}")))),
                List.of(),
                List.of()));

        assertThat(outcome).isEqualTo(new Appended.Conflict(other, 1));
        assertThat(read(STREAM)).isEmpty();
        assertThat(log.head(partition(ACME)).number()).isEqualTo(1);
    }

    @Test
    void aUnitOverTheLimitIsRefusedByItsCaller() {
        var events = IntStream.range(0, 1001).mapToObj(i -> event("{}")).toArray(NewEvent[]::new);

        assertThatThrownBy(() -> log.append(unit(STREAM, Expected.any(), events)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at most 1000 events; found 1001");
    }

    @Test
    void aForgottenSubjectsPayloadsCannotBeReadAndTheLogStillVerifies() {
        log.append(unit(STREAM, Expected.none(), event("{\"text\":\"gone\"}")));
        log.append(Unit.rows(
                CONTEXT, List.of(new RowChange.Remove(SubjectKeys.TABLE, SubjectKeys.TABLE.key("subject-1")))));

        reopen();

        assertThat(only(read(STREAM)).payload()).isInstanceOf(Payload.Forgotten.class);
        assertThat(verify().problems()).isEmpty();
    }
}
