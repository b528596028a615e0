package io.cairn.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cairn.event.LogPlace;
import io.cairn.event.SubjectKeys;
import io.cairn.event.Unit;
import io.cairn.row.RowChange;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;

/// Schedules enqueue a task at each of their times, once.
public abstract class ScheduleContract extends TaskFixture {
    protected ScheduleContract(LogPlace place) {
        super(place);
    }

    private static NewSchedule every5Minutes(CatchUp policy) {
        return schedule("five", "*/5 * * * *", policy);
    }

    private static NewSchedule schedule(String name, String cron, CatchUp policy) {
        return NewSchedule.of(
                        name,
                        CronExpression.parse(cron),
                        ZoneOffset.UTC,
                        DO,
                        JsonNodeFactory.instance.objectNode().put("name", "fired"))
                .catchingUp(policy);
    }

    private Schedule schedule(String name) {
        return node.schedules().find(ACME.tenant(), name).orElseThrow();
    }

    /// Each look at the timers takes in some of what was missed.
    private void catchUp() {
        do {
            node.claim();
        } while (node.schedules().list(ACME.tenant(), null, 10).stream()
                .anyMatch(schedule -> !Objects.requireNonNull(schedule.next()).isAfter(clock.instant())));
    }

    /// The times for which a schedule has enqueued a task.
    private Set<Instant> enqueued(String schedule) {
        return node.tasks().list(ACME.tenant(), Tasks.Filter.all(), null, 10_000).tasks().stream()
                .map(Task::correlation)
                .filter(correlation -> correlation.startsWith(schedule + "@"))
                .map(correlation -> Instant.parse(correlation.substring(schedule.length() + 1)))
                .collect(Collectors.toSet());
    }

    @Test
    void aScheduleFiresAtItsTimesAndSaysWhen() {
        node.schedules().put(ACME, every5Minutes(CatchUp.ONCE));
        node.runUntilIdle();
        assertThat(done).isEmpty();
        assertThat(node.schedules().find(ACME.tenant(), "five").orElseThrow().next())
                .isEqualTo(Instant.parse("2026-01-02T03:05:00Z"));

        for (int i = 0; i < 12; i++) {
            clock.pass(Duration.ofMinutes(1));
            node.runUntilIdle();
        }

        assertThat(done).hasSize(3);
        assertThat(node.schedules().find(ACME.tenant(), "five").orElseThrow()).satisfies(schedule -> {
            assertThat(schedule.fired()).isEqualTo(3);
            assertThat(schedule.last()).isEqualTo(Instant.parse("2026-01-02T03:15:00Z"));
            assertThat(found(Objects.requireNonNull(schedule.lastTask())).state())
                    .isEqualTo(TaskState.DONE);
        });
    }

    @Test
    void whatAScheduleMissedIsCaughtUpAsItsPolicySays() {
        afterAnOutage("*/5 * * * *", Duration.ofHours(10), 120, Instant.parse("2026-01-02T13:00:00Z"));
    }

    @Test
    void moreTimesThanOneStepTakesInAreCaughtUpLikeFew() {
        afterAnOutage("*/5 * * * *", Duration.ofDays(5), 1440, Instant.parse("2026-01-07T03:00:00Z"));
    }

    private void afterAnOutage(String cron, Duration outage, int missed, Instant last) {
        for (var policy : CatchUp.values()) {
            node.schedules().put(ACME, schedule(policy.text(), cron, policy));
        }
        node.claim();
        clock.pass(outage);
        catchUp();

        assertThat(schedule("skip")).satisfies(skipping -> {
            assertThat(skipping.fired()).isZero();
            assertThat(skipping.skipped()).isEqualTo(missed);
            assertThat(skipping.next()).isAfter(clock.instant());
        });
        assertThat(schedule("once")).satisfies(once -> {
            assertThat(once.fired()).isEqualTo(1);
            assertThat(once.skipped()).isEqualTo(missed - 1);
            assertThat(once.last()).isEqualTo(last);
            assertThat(once.next()).isAfter(clock.instant());
        });
        assertThat(schedule("all")).satisfies(all -> {
            assertThat(all.fired()).isEqualTo(missed);
            assertThat(all.skipped()).isZero();
            assertThat(all.last()).isEqualTo(last);
        });
        assertThat(enqueued("skip")).isEmpty();
        assertThat(enqueued("once")).containsExactly(last);
        assertThat(enqueued("all")).hasSize(missed).contains(last);
    }

    @Test
    void theLastMomentsOfAnOutageAreMissedLikeTheOnesBefore() {
        node.schedules().put(ACME, schedule("skip", "* * * * * *", CatchUp.SKIP));
        node.schedules().put(ACME, schedule("once", "* * * * * *", CatchUp.ONCE));
        node.claim();
        clock.pass(Duration.ofSeconds(2));
        node.claim();
        long before = schedule("skip").fired();
        assertThat(before).isPositive();
        var outage = Duration.ofHours(2).plusSeconds(17);
        clock.pass(outage);
        catchUp();

        assertThat(schedule("skip").fired()).isEqualTo(before);
        assertThat(schedule("skip").skipped()).isGreaterThanOrEqualTo(outage.toSeconds());
        assertThat(schedule("once").last()).isEqualTo(clock.instant().truncatedTo(ChronoUnit.SECONDS));
        clock.pass(Duration.ofSeconds(2));
        node.claim();
        assertThat(schedule("skip").fired()).isGreaterThan(before);
    }

    @Test
    void whatIsPutAgainUnchangedHasNotForgottenWhatItMissed() {
        node.schedules().put(ACME, every5Minutes(CatchUp.ONCE));
        node.claim();
        clock.pass(Duration.ofMinutes(11));
        node.schedules().put(ACME, every5Minutes(CatchUp.ALL));
        node.claim();

        assertThat(enqueued("five"))
                .containsExactlyInAnyOrder(
                        Instant.parse("2026-01-02T03:05:00Z"),
                        Instant.parse("2026-01-02T03:10:00Z"),
                        Instant.parse("2026-01-02T03:15:00Z"));
    }

    @Test
    void whatIsPutWithOtherTimesBeginsAnew() {
        node.schedules().put(ACME, every5Minutes(CatchUp.ALL));
        node.schedules().put(ACME, schedule("noon", "0 12 * * *", CatchUp.ALL));
        node.claim();
        clock.pass(Duration.ofHours(10));
        node.schedules().put(ACME, schedule("five", "*/7 * * * *", CatchUp.ALL));
        node.schedules()
                .put(
                        ACME,
                        new NewSchedule(
                                "noon",
                                CronExpression.parse("0 12 * * *"),
                                ZoneId.of("America/New_York"),
                                CatchUp.ALL,
                                DO,
                                JsonNodeFactory.instance.objectNode(),
                                NewTask.NOBODY,
                                null));
        node.claim();

        assertThat(enqueued("five")).isEmpty();
        assertThat(schedule("five").next()).isEqualTo(Instant.parse("2026-01-02T13:07:00Z"));
        assertThat(enqueued("noon")).isEmpty();
        assertThat(schedule("noon").next()).isEqualTo(Instant.parse("2026-01-02T17:00:00Z"));
    }

    @Test
    void puttingAPausedScheduleResumesItWithoutWhatItMissed() {
        node.schedules().put(ACME, every5Minutes(CatchUp.ALL));
        node.schedules().pause(ACME, "five");
        node.claim();
        clock.pass(Duration.ofHours(1));
        node.schedules().put(ACME, every5Minutes(CatchUp.ALL));
        node.claim();

        assertThat(enqueued("five")).isEmpty();
        assertThat(schedule("five").next()).isAfter(clock.instant());
    }

    @Test
    void aScheduleFiresAlsoWhileWhatItEnqueuedBeforeStillRuns() {
        node.schedules().put(ACME, every5Minutes(CatchUp.ONCE));
        for (int i = 0; i < 4; i++) {
            node.claim();
            clock.pass(Duration.ofMinutes(5));
        }
        node.claim();

        assertThat(done).isEmpty();
        assertThat(enqueued("five")).hasSize(4);
    }

    @Test
    void ofSchedulesThatAreDueTogetherNoMoreRunAtATimeThanTheirLaneLets() {
        for (int i = 0; i < 30; i++) {
            node.schedules().put(ACME, schedule("s" + i, "0 3 * * *", CatchUp.ONCE));
        }
        node.claim();
        clock.pass(Duration.ofDays(3));
        node.claim();
        assertThat(node.begun()).hasSize(4);

        node.runUntilIdle();
        assertThat(done).hasSize(30);
    }

    @Test
    void aFireTimeIsEnqueuedOnceWhicheverProcessLetsItFire() {
        node.schedules().put(ACME, every5Minutes(CatchUp.ALL));
        node.runUntilIdle();
        clock.pass(Duration.ofMinutes(5));
        node.engine().step();
        node = node("b");
        silence();
        node.claim();
        clock.pass(Duration.ofSeconds(30));
        node.runUntilIdle();

        assertThat(done).hasSize(1);
    }

    @Test
    void aPausedScheduleDoesNotFireAndDoesNotCatchUp() {
        node.schedules().put(ACME, every5Minutes(CatchUp.ALL));
        node.runUntilIdle();
        node.schedules().pause(ACME, "five");
        node.runUntilIdle();
        clock.pass(Duration.ofHours(1));
        node.runUntilIdle();
        assertThat(node.schedules().find(ACME.tenant(), "five").orElseThrow().next())
                .isNull();
        assertThat(done).isEmpty();

        node.schedules().resume(ACME, "five");
        node.runUntilIdle();
        clock.pass(Duration.ofMinutes(5));
        node.runUntilIdle();

        assertThat(done).hasSize(1);
    }

    @Test
    void aScheduleRunsNowBesidesItsTimesAndIsRemoved() {
        node.schedules().put(ACME, every5Minutes(CatchUp.ONCE));
        node.schedules().runNow(ACME, "five");
        node.runUntilIdle();
        assertThat(done).hasSize(1);

        node.schedules().remove(ACME, "five");
        node.runUntilIdle();
        clock.pass(Duration.ofHours(1));
        node.runUntilIdle();

        assertThat(done).hasSize(1);
        assertThat(node.schedules().list(ACME.tenant(), null, 10)).isEmpty();
    }

    /// As while one program is replaced by another, node by node.
    @Test
    void aNodeThatDoesNotKnowTheTypeLeavesFireTimesToOneThatDoes() {
        node.schedules().put(ACME, every5Minutes(CatchUp.ALL));
        node.claim();
        node = nodeWithout("b", Set.of(DO));
        silence();
        for (int i = 0; i < 12; i++) {
            clock.pass(Duration.ofMinutes(1));
            node.claim();
        }
        assertThat(schedule("five")).satisfies(waiting -> {
            assertThat(waiting.fired()).isZero();
            assertThat(waiting.skipped()).isZero();
            assertThat(waiting.last()).isNull();
            assertThat(waiting.lastTask()).isNull();
            assertThat(waiting.next()).isEqualTo(Instant.parse("2026-01-02T03:05:00Z"));
        });

        node = node("c");
        silence();
        clock.pass(Duration.ofSeconds(31));
        node.runUntilIdle();

        assertThat(enqueued("five"))
                .containsExactlyInAnyOrder(
                        Instant.parse("2026-01-02T03:05:00Z"),
                        Instant.parse("2026-01-02T03:10:00Z"),
                        Instant.parse("2026-01-02T03:15:00Z"));
        assertThat(done).hasSize(3);
        assertThat(schedule("five")).satisfies(fired -> {
            assertThat(fired.fired()).isEqualTo(3);
            assertThat(fired.last()).isEqualTo(Instant.parse("2026-01-02T03:15:00Z"));
            assertThat(found(Objects.requireNonNull(fired.lastTask())).state()).isEqualTo(TaskState.DONE);
        });
    }

    @Test
    void whatWasPutOffFiresOnceAlsoIfItsScheduleIsPutAnewMeanwhile() {
        node.schedules().put(ACME, every5Minutes(CatchUp.ALL));
        node.claim();
        node = nodeWithout("b", Set.of(DO));
        silence();
        clock.pass(Duration.ofMinutes(6));
        node.claim();
        node = node("c");
        silence();
        node.schedules().put(ACME, schedule("five", "*/2 * * * * *", CatchUp.ALL));
        node.claim();
        var from = clock.instant();
        clock.pass(Duration.ofSeconds(40));
        node.claim();

        long seconds = Duration.between(from, clock.instant()).toSeconds();
        assertThat(enqueued("five")).hasSizeBetween((int) seconds / 2 - 1, (int) seconds / 2 + 3);
        assertThat(schedule("five").fired()).isEqualTo(enqueued("five").size());
    }

    @Test
    void toFireNowWaitsForANodeThatKnowsTheTypeAndIsRefusedByOneThatDoesNot() {
        node.schedules().put(ACME, every5Minutes(CatchUp.ONCE));
        node.claim();
        node.schedules().runNow(ACME, "five");
        node = nodeWithout("b", Set.of(DO));
        silence();
        node.runUntilIdle();
        assertThatThrownBy(() -> node.schedules().runNow(ACME, "five"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(DO);
        submit(task(TURN, "other").withKey("x"));
        node.runUntilIdle();
        assertThat(done).containsExactly("other");

        node = node("c");
        silence();
        node.runUntilIdle();

        assertThat(done).containsExactly("other", "fired");
    }

    @Test
    void timesOfAScheduleWhosePayloadIsForgottenCountAsLeftOut() {
        var ofAna = new NewSchedule(
                "ana",
                CronExpression.parse("*/5 * * * *"),
                ZoneOffset.UTC,
                CatchUp.ALL,
                DO,
                JsonNodeFactory.instance.objectNode().put("name", "fired"),
                "ana",
                null);
        node.schedules().put(ACME, ofAna);
        node.claim();
        var forgotten = new RowChange.Remove(SubjectKeys.TABLE, SubjectKeys.TABLE.key("ana"));
        node.log().append(Unit.rows(ACME, List.of(forgotten)));
        // Which has never seen the key.
        node = node("b");
        silence();
        clock.pass(Duration.ofMinutes(10));
        node.runUntilIdle();
        node.schedules().runNow(ACME, "ana");
        node.runUntilIdle();

        assertThat(leftOut("ana")).isEqualTo(2);
    }

    @Test
    void aSchedulePayloadThatIsDamagedKeepsNothingElseFromGoingOn() {
        node.schedules().put(ACME, every5Minutes(CatchUp.ALL));
        node.claim();
        var row = node.log()
                .read(
                        ACME.tenant(),
                        view -> view.row(TaskTables.SCHEDULE, TaskTables.SCHEDULE.key("five"))
                                .orElseThrow());
        var cells = new HashMap<String, @Nullable Object>();
        TaskTables.SCHEDULE.columns().forEach(column -> cells.put(column.name(), row.cell(column.name())));
        cells.put("payload", new byte[60]);
        node.log().append(Unit.rows(ACME, List.of(new RowChange.Put(TaskTables.SCHEDULE.row(cells)))));
        submit(task(DO, "other"));
        clock.pass(Duration.ofMinutes(10));
        node.runUntilIdle();

        assertThat(done).containsExactly("other");
        assertThat(leftOut("five")).isEqualTo(2);
    }

    /// How many times of a schedule were left out that never fired.
    private long leftOut(String name) {
        assertThat(schedule(name).fired()).isZero();
        assertThat(schedule(name).last()).isNull();
        assertThat(schedule(name).lastTask()).isNull();
        assertThat(enqueued(name)).isEmpty();
        return schedule(name).skipped();
    }
}
