package io.cairn.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.event.LogPlace;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;

/// Schedules enqueue a task at each of their times, once.
public abstract class ScheduleContract extends TaskFixture {
    protected ScheduleContract(LogPlace place) {
        super(place);
    }

    private static NewSchedule every5Minutes(CatchUp policy) {
        return NewSchedule.of(
                        "five",
                        CronExpression.parse("*/5 * * * *"),
                        ZoneOffset.UTC,
                        DO,
                        JsonNodeFactory.instance.objectNode().put("name", "fired"))
                .catchingUp(policy);
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
        for (var policy : CatchUp.values()) {
            done.clear();
            node.schedules().put(ACME, every5Minutes(policy));
            node.runUntilIdle();
            clock.pass(Duration.ofHours(10));
            clock.pass(Duration.ofMinutes(3));
            node.runUntilIdle();

            assertThat(done)
                    .hasSizeBetween(
                            switch (policy) {
                                case SKIP -> 0;
                                case ONCE -> 1;
                                case ALL -> 120;
                            },
                            switch (policy) {
                                case SKIP -> 0;
                                case ONCE -> 1;
                                case ALL -> 121;
                            });
            clock.pass(Duration.ofMinutes(5).minusSeconds((clock.instant().getEpochSecond() + 120) % 300));
        }
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
}
