package io.cairn.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cairn.event.Event;
import io.cairn.event.EventLog;
import io.cairn.event.LogPlace;
import io.cairn.event.StorageException;
import io.cairn.follow.FollowSettings;
import io.cairn.follow.FollowerHealth;
import io.cairn.follow.Rows;
import io.cairn.follow.Skipped;
import io.cairn.row.RowChange;
import io.cairn.row.Table;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/// Rows are built anew beside those that answer, on every storage, and those of a new version take over.
public abstract class RowsGenerationsContract extends RowsFixture {
    protected RowsGenerationsContract(LogPlace place) {
        super(place);
    }

    @Test
    void aRebuildAnswersFromTheOldRowsUntilTheNewOnesHaveCaughtUp() {
        one.say(ACME, "a", "x", "y", "x", "y", "x", "y");
        one.follow();
        one.words.weight = 10;

        assertThat(one.projection.rebuild()).isEqualTo(2);

        assertThat(one.counted(ACME)).isEqualTo(Map.of("x", 3L, "y", 3L));
        assertThat(one.projection.health().generation()).isEqualTo(1);
        assertThat(one.projection.health().rebuilding()).contains(new FollowerHealth.Rebuild(2, 0, 6));
        one.follow();
        assertThat(one.counted(ACME)).isEqualTo(Map.of("x", 30L, "y", 30L));
        assertThat(one.projection.health().generation()).isEqualTo(2);
        assertThat(one.projection.health().rebuilding()).isEmpty();
        one.say(ACME, "a", "x");
        one.follow();
        assertThat(one.counted(ACME)).isEqualTo(Map.of("x", 40L, "y", 30L));
    }

    @Test
    void theFormerGenerationComesBackWithWhatHappenedSince() {
        one.say(ACME, "a", "x");
        one.follow();
        assertThat(one.projection.rollback()).isInstanceOf(RolledBack.Refused.class);
        one.words.weight = 10;
        one.projection.rebuild();
        assertThat(one.projection.rollback()).isInstanceOf(RolledBack.Refused.class);
        one.follow();
        one.say(ACME, "a", "y");
        one.follow();
        one.words.weight = 1;

        assertThat(one.projection.rollback()).isEqualTo(new RolledBack.Begun(1));
        assertThat(one.counted(ACME)).isEqualTo(Map.of("x", 10L, "y", 10L));
        one.follow();

        assertThat(one.counted(ACME)).isEqualTo(Map.of("x", 1L, "y", 1L));
        assertThat(one.projection.health().generation()).isEqualTo(1);
        assertThat(one.projection.rollback()).isEqualTo(new RolledBack.Begun(2));
    }

    @Test
    void aRebuildThatIsBegunAgainStartsFromNothing() {
        one.say(ACME, "a", "x", "y", "x", "y", "x", "y");
        one.follow();
        one.projection.rebuild();
        one.words.before = () -> {
            one.words.before = () -> {};
            assertThat(one.projection().rebuild()).isEqualTo(3);
        };

        one.follow();

        assertThat(one.projection.health().generation()).isEqualTo(3);
        assertThat(one.counted(ACME)).isEqualTo(Map.of("x", 3L, "y", 3L));
    }

    @Test
    void whatANewGenerationCannotTakeInIsParkedThereAndSkippedEventsStayOut() {
        poison.add("bad");
        one.say(ACME, "a", "bad");
        one.say(ACME, "b", "worse", "fine");
        one.say(ACME, "c", "good");
        one.follow();
        assertThat(one.projection.skip(CONTEXT, "thing/a")).isEqualTo(new Skipped.Done(1));
        poison.clear();
        poison.add("worse");
        one.projection.rebuild();

        one.follow();

        assertThat(one.counted(ACME)).isEqualTo(Map.of("good", 1L));
        assertThat(one.projection.parked(ACME, null, 10))
                .singleElement()
                .satisfies(parked -> assertThat(parked.key()).isEqualTo("thing/b"));
        poison.clear();
        assertThat(one.projection.retry(ACME, null)).isEqualTo(1);
        assertThat(one.counted(ACME)).isEqualTo(Map.of("good", 1L, "worse", 1L, "fine", 1L));
    }

    @Test
    void whatIsSkippedWhileTheNextGenerationIsBuiltStaysOutOfIt() {
        poison.add("bad");
        one.say(ACME, "a", "x");
        one.say(ACME, "b", "bad", "after bad");
        one.follow();
        var operator = one.projection();
        one.projection.rebuild();
        one.words.before = () -> {
            one.words.before = () -> {};
            poison.clear();
            assertThat(operator.skip(CONTEXT, "thing/b")).isEqualTo(new Skipped.Done(2));
        };

        one.follow();

        assertThat(one.projection.health().generation()).isEqualTo(2);
        assertThat(one.counted(ACME)).isEqualTo(Map.of("x", 1L));
    }

    @Test
    void whatTheFormerGenerationHasParkedStaysWhenTheNextTakesOverWhileItIsBegun() {
        poison.add("bad");
        one.say(ACME, "b", "bad");
        one.follow();
        poison.clear();
        var other = node("other", new Meanwhile(place.again(storage), one::follow));

        other.projection.rebuild();
        one.projection.rollback();
        one.follow();

        assertThat(one.projection.health().generation()).isEqualTo(1);
        assertThat(one.projection.retry(ACME, null)).isEqualTo(1);
        assertThat(one.counted(ACME)).isEqualTo(Map.of("bad", 1L));
    }

    @Test
    void thePositionThatReadersSeeStaysWhenAnotherGenerationIsBegunWhileANodeLooks() {
        one.say(ACME, "a", "x", "y");
        one.follow();
        Runnable nothing = () -> {};
        var others = new AtomicReference<>(nothing);
        var meanwhile = new Meanwhile(
                place.again(storage), () -> others.getAndSet(nothing).run());
        var other = node("other", meanwhile);
        other.projection.step();
        others.set(() -> {
            one.projection.rebuild();
            one.follow();
            one.projection.rebuild();
        });

        other.projection.step();

        assertThat(other.projection.visible(other.log.partition(ACME))).isEqualTo(2);
    }

    @Test
    void anotherProcessGoesOnWithTheRebuild() {
        one.say(ACME, "a", "x", "y");
        one.follow();
        one.projection.rebuild();
        one.projection.close();
        one.leases.close();
        var other = node("other");
        other.say(ACME, "a", "x");

        other.follow();

        assertThat(other.projection.health().generation()).isEqualTo(2);
        assertThat(other.counted(ACME)).isEqualTo(Map.of("x", 2L, "y", 1L));
    }

    @Test
    void aNewVersionBuildsItsRowsAndThenTakesOver() {
        one.say(ACME, "a", "x", "y");
        one.follow();
        one.projection.close();
        one.words.version = 2;
        one.words.counted = WEIGHED;
        one.projection = one.projection();

        one.follow();

        assertThat(one.counted(ACME)).isEqualTo(Map.of("x", 1L, "y", 1L));
        assertThat(one.projection.health().generation()).isEqualTo(2);
        assertThat(one.projection.rollback())
                .isEqualTo(new RolledBack.Refused(
                        "Generation 1 of words was made by version 1 of it; this node has version 2"));
    }

    @Test
    void aNodeOfAFormerVersionBeginsNothingOnceANewOneHasTakenOver() {
        one.say(ACME, "a", "x", "y");
        one.follow();
        var former = one.projection();
        former.rollback();
        one.projection.close();
        one.words.version = 2;
        one.projection = one.projection();
        one.follow();
        one.words.version = 1;

        assertThatThrownBy(former::rebuild)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("taken over");
        assertThatThrownBy(former::rollback)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("taken over");

        one.words.version = 2;
        one.follow();
        assertThat(one.projection.health().rebuilding()).isEmpty();
        assertThat(one.projection.health().generation()).isEqualTo(2);
    }

    @Test
    void otherTablesUnderTheSameVersionAreRefused() {
        one.say(ACME, "a", "x");
        one.follow();
        one.projection.close();
        one.words.counted = WEIGHED;
        one.projection = one.projection();

        assertThatThrownBy(one.projection::step)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("raise its version");
        assertThat(one.projection.health().failure()).isPresent();
        assertThat(one.counted(ACME)).isEqualTo(Map.of("x", 1L));
    }

    @Test
    void aTableThatIsThereAlreadyIsNotTakenOver() {
        one.words.counted = new Table("blob", Table.Kind.DERIVED, COUNTED.key(), COUNTED.values());
        var wrong = one.projection();

        assertThatThrownBy(wrong::step).isInstanceOf(StorageException.class);
        assertThatThrownBy(wrong::step).isInstanceOf(StorageException.class);
    }

    @Test
    void onlyDerivedTablesAreProjectedInto() {
        var wrong = new RowProjection() {
            @Override
            public String name() {
                return "wrong";
            }

            @Override
            public List<Table> tables() {
                return EventLog.tables();
            }

            @Override
            public List<RowChange> changes(Event event, Rows rows) {
                return List.of();
            }
        };

        assertThatThrownBy(
                        () -> new RunningRows(wrong, one.log, one.leases, FollowSettings.defaults(), Clock.systemUTC()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not derived from the log");
    }
}
