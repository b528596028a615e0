package io.cairn.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.event.Event;
import io.cairn.event.EventType;
import io.cairn.event.Expected;
import io.cairn.event.LogPlace;
import io.cairn.event.NewEvent;
import io.cairn.event.StorageException;
import io.cairn.event.StreamAppend;
import io.cairn.event.StreamId;
import io.cairn.event.Unit;
import io.cairn.row.RowChange;
import io.cairn.row.Table;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;

/// Rows, events and further tasks commit with the end of the task that led to them, or not at all.
public abstract class TaskEffectsContract extends TaskFixture {
    protected TaskEffectsContract(LogPlace place) {
        super(place);
    }

    @Test
    void furtherTasksCommitWithTheEndOfTheOneThatAskedForThem() {
        var next = node.tasks().enqueue(ACME, task(DO, "next"));
        scripted.put("a", List.of(Outcome.done(new Outcome.Effects(List.of(), next.expectations(), next.rows()))));
        var id = submit(task(DO, "a"));

        node.runUntilIdle();

        assertThat(done).containsExactly("next");
        assertThat(found(id).state()).isEqualTo(TaskState.DONE);
    }

    private StreamAppend happened(Expected expected) {
        var event = new NewEvent(
                UUID.randomUUID(),
                new EventType("thing.happened"),
                1,
                "subject",
                JsonNodeFactory.instance.objectNode(),
                clock.instant(),
                null);
        return new StreamAppend(new StreamId("thing", "x"), expected, List.of(event));
    }

    private List<Event> events() {
        return node.log().read(ACME.tenant(), view -> view.stream(new StreamId("thing", "x"), 0, 100));
    }

    @Test
    void eventsCommitWithTheEndOfTheTaskThatLedToThem() {
        var append = happened(Expected.none());
        scripted.put("a", List.of(Outcome.done(Outcome.Effects.append(append))));
        var id = submit(task(TURN, "a").withKey("x"));

        node.runUntilIdle();

        assertThat(found(id).state()).isEqualTo(TaskState.DONE);
        assertThat(events()).singleElement().satisfies(event -> {
            assertThat(event.id()).isEqualTo(append.events().getFirst().id());
            assertThat(event.correlation()).isEqualTo("corr-1");
        });
    }

    @Test
    void eventsThatAreThereAlreadyCountAsWritten() {
        var append = happened(Expected.any());
        node.log().append(Unit.of(ACME, append));
        scripted.put("a", List.of(Outcome.done(Outcome.Effects.append(append))));
        var id = submit(task(DO, "a"));

        node.runUntilIdle();

        assertThat(found(id).state()).isEqualTo(TaskState.DONE);
        assertThat(events()).hasSize(1);
    }

    @Test
    void aStreamThatIsNotAsExpectedMakesTheAttemptFail() {
        scripted.put("a", List.of(Outcome.done(Outcome.Effects.append(happened(Expected.version(7))))));
        var id = submit(task(DO, "a"));

        node.runUntilIdle();

        assertThat(found(id).state()).isEqualTo(TaskState.LATER);
        assertThat(found(id).reason()).contains("a stream was not as its effects expected");
        assertThat(events()).isEmpty();
    }

    private StreamAppend happenedTo(String what, Expected expected) {
        return new StreamAppend(
                new StreamId("thing", what), expected, happened(expected).events());
    }

    private long version(String what) {
        return node.log().read(ACME.tenant(), view -> view.version(new StreamId("thing", what)));
    }

    @Test
    void ofSeveralThatEndTogetherOnlyThatFailsWhoseEffectsAreRefused() {
        for (var name : List.of("a", "b", "c", "d")) {
            var expected = name.equals("c") ? Expected.version(7) : Expected.none();
            scripted.put(name, List.of(Outcome.done(Outcome.Effects.append(happenedTo(name, expected)))));
        }
        var ids = Stream.of("a", "b", "c", "d")
                .map(name -> submit(task(DO, name)))
                .toList();

        node.runUntilIdle();

        assertThat(ids)
                .extracting(id -> found(id).state())
                .containsExactly(TaskState.DONE, TaskState.DONE, TaskState.LATER, TaskState.DONE);
        assertThat(List.of(version("a"), version("b"), version("c"), version("d")))
                .containsExactly(1L, 1L, 0L, 1L);
    }

    @Test
    void severalThatEndTogetherAppendToTheSameStream() {
        for (var name : List.of("a", "b", "c")) {
            scripted.put(name, List.of(Outcome.done(Outcome.Effects.append(happenedTo("x", Expected.any())))));
        }
        var ids = Stream.of("a", "b", "c").map(name -> submit(task(DO, name))).toList();

        node.runUntilIdle();

        assertThat(ids).allSatisfy(id -> assertThat(found(id).state()).isEqualTo(TaskState.DONE));
        assertThat(version("x")).isEqualTo(3);
    }

    @Test
    void ofTwoThatEndTogetherAndExpectTheSameStreamToBeEmptyOneFails() {
        scripted.put("a", List.of(Outcome.done(Outcome.Effects.append(happenedTo("x", Expected.none())))));
        scripted.put("b", List.of(Outcome.done(Outcome.Effects.append(happenedTo("x", Expected.none())))));
        var ids = List.of(submit(task(DO, "a")), submit(task(DO, "b")));

        node.runUntilIdle();

        assertThat(ids).extracting(id -> found(id).state()).containsExactlyInAnyOrder(TaskState.DONE, TaskState.LATER);
        assertThat(version("x")).isEqualTo(1);
    }

    @Test
    void ofTwoThatEndTogetherAndExpectTheSameRowToBeAbsentOneFails() {
        var wanted = node.tasks().enqueue(ACME, task(DO, "one").onceFor("k"));
        var wantedToo = node.tasks().enqueue(ACME, task(DO, "other").onceFor("k"));
        scripted.put("a", List.of(Outcome.done(new Outcome.Effects(List.of(), wanted.expectations(), wanted.rows()))));
        scripted.put(
                "b", List.of(Outcome.done(new Outcome.Effects(List.of(), wantedToo.expectations(), wantedToo.rows()))));
        var ids = List.of(submit(task(DO, "a")), submit(task(DO, "b")));

        node.claim();
        node.run();
        node.claim();

        assertThat(ids).extracting(id -> found(id).attempts()).containsExactlyInAnyOrder(0L, 1L);
    }

    @Test
    void effectsThatMakeNoUnitOfWorkAreADeadLetterAndHoldNobodyUp() {
        var twice = happened(Expected.any()).events().getFirst();
        scripted.put(
                "a",
                List.of(Outcome.done(Outcome.Effects.append(
                        new StreamAppend(new StreamId("thing", "x"), Expected.any(), List.of(twice, twice))))));
        var poison = submit(task(DO, "a"));
        var sound = submit(task(DO, "b"));

        node.runUntilIdle();

        assertThat(found(poison).state()).isEqualTo(TaskState.DEAD);
        assertThat(found(poison).reason()).contains("its effects make no unit of work");
        assertThat(found(sound).state()).isEqualTo(TaskState.DONE);
    }

    @Test
    void effectsThatTheStoreDoesNotKnowFailTheirTaskAndHoldNobodyUp() {
        var strange = new Table("nowhere", Table.Kind.STATE, List.of(Table.Column.text("id")), List.of());
        scripted.put(
                "a",
                List.of(Outcome.done(new Outcome.Effects(
                        List.of(), List.of(), List.of(new RowChange.Put(strange.row(Map.of("id", "x"))))))));
        submit(task(DO, "a"));
        var sound = submit(task(DO, "b"));

        int failed = 0;
        for (boolean idle = false; !idle && failed < 5; ) {
            try {
                node.runUntilIdle();
                idle = true;
            } catch (StorageException e) {
                failed++;
            }
        }

        assertThat(found(sound).state()).isEqualTo(TaskState.DONE);
    }

    @Test
    void effectsThatAreRefusedMakeTheAttemptFail() {
        submit(task(DO, "held").onceFor("k").dueAt(clock.instant().plusSeconds(600)));
        var refused = node.tasks().enqueue(ACME, task(DO, "next").onceFor("k"));
        scripted.put(
                "a", List.of(Outcome.done(new Outcome.Effects(List.of(), refused.expectations(), refused.rows()))));
        var id = submit(task(DO, "a"));

        node.runUntilIdle();

        assertThat(found(id).attempts()).isEqualTo(1);
        assertThat(done).isEmpty();
    }
}
