package io.cairn.server.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.refresh.ModelRefresh;
import io.cairn.refresh.Phase;
import io.cairn.refresh.Refresh;
import io.cairn.server.EmbeddingSettings;
import io.cairn.server.RunningCairn;
import io.cairn.task.CronExpression;
import io.cairn.testkit.ModelServer;
import io.cairn.testkit.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A change of the model begins by itself on Sunday at three, where it is needed. The server's own clockwork is off
/// here, so that the test's is the only one.
class RefreshCronTest {
    private static final Instant SATURDAY = Instant.parse("2026-11-28T12:00:00Z");
    private static final Instant DUE = Instant.parse("2026-11-29T03:00:00Z");
    private static final Duration WEEK = Duration.ofDays(7);

    @TempDir
    Path data;

    private final ModelServer provider = ModelServer.start();
    private final SettableClock clock = SettableClock.at(SATURDAY);

    @AfterEach
    void stopProvider() {
        provider.close();
    }

    private RunningCairn start(String model, String... more) {
        var settings = new ArrayList<>(EmbeddingSettings.present(model, 32));
        settings.addAll(List.of(
                "--cairn.models.providers.main.url=" + provider.url() + "/v1",
                // One batch a minute, so that a change is under way as long as it is looked at.
                "--cairn.models.refresh.batch=1",
                "--cairn.models.refresh.texts-per-minute=1",
                "--cairn.models.refresh.cron=-"));
        settings.addAll(List.of(more));
        return RunningCairn.start(data, settings);
    }

    private RunningCairn startOutdated() {
        try (var cairn = start("small")) {
            for (int i = 0; i < 5; i++) {
                cairn.post(
                                "/v1/conversations/c/messages",
                                "{\"messages\":[{\"role\":\"user\",\"content\":\"Crate %d is full.\"}]}".formatted(i))
                        .has(201);
            }
        }
        return start("large", EmbeddingSettings.former("small", 32).toArray(String[]::new));
    }

    private RefreshCron cron(RunningCairn cairn, String zone) {
        return new RefreshCron(
                cairn.bean(ModelRefresh.class), CronExpression.parse("0 3 * * SUN"), ZoneId.of(zone), clock);
    }

    @Test
    void aChangeBeginsWhenItIsDueAndNotBefore() {
        try (var cairn = startOutdated()) {
            var refreshes = cairn.bean(ModelRefresh.class);
            var cron = cron(cairn, "UTC");
            cron.take();
            clock.set(DUE.minusSeconds(1));
            assertThat(cron.take()).as("until it is due").isEqualTo(Duration.ofSeconds(1));
            assertThat(refreshes.last()).isEmpty();

            clock.set(DUE);
            cron.take();
            assertThat(refreshes.last().map(Refresh::startedBy)).contains("schedule");
            assertThat(refreshes.last().filter(Refresh::underWay)).isPresent();
        }
    }

    @Test
    void nodesThatBeginAtOnceBeginOneTogetherAndALaterTimeBeginsNoSecond() {
        try (var cairn = startOutdated()) {
            var refreshes = cairn.bean(ModelRefresh.class);
            var one = cron(cairn, "UTC");
            var other = cron(cairn, "UTC");
            clock.set(DUE);
            one.take();
            var begun = refreshes.last().orElseThrow().startedAt();
            other.take();
            clock.pass(WEEK);
            one.take();
            assertThat(refreshes.last().orElseThrow().startedAt()).isEqualTo(begun);
        }
    }

    @Test
    void aChangeThatAnOperatorGaveUpIsNotBegunAgain() {
        try (var cairn = startOutdated()) {
            var refreshes = cairn.bean(ModelRefresh.class);
            var cron = cron(cairn, "UTC");
            clock.set(DUE);
            cron.take();
            refreshes.cancel();
            clock.pass(WEEK);
            cron.take();
            assertThat(refreshes.last().map(Refresh::phase)).contains(Phase.CANCELLED);
        }
    }

    @Test
    void nothingBeginsWhereNothingIsOutdated() {
        try (var cairn = start("small")) {
            var cron = cron(cairn, "UTC");
            clock.set(DUE);
            cron.take();
            assertThat(cairn.bean(ModelRefresh.class).last()).isEmpty();
        }
    }

    @Test
    void theTimeIsThatOfTheZoneAndAClockThatIsSetIsSoonNoticed() {
        try (var cairn = startOutdated()) {
            var refreshes = cairn.bean(ModelRefresh.class);
            var cron = cron(cairn, "America/New_York");
            clock.set(DUE);
            assertThat(cron.take()).as("it looks again before long").isEqualTo(Duration.ofSeconds(30));
            assertThat(refreshes.last()).isEmpty();
            clock.set(SATURDAY);
            cron.take();
            clock.set(DUE.plus(Duration.ofHours(5)));
            cron.take();
            assertThat(refreshes.last()).isPresent();
        }
    }

    @Test
    void whereItFailsTheNextTimeIsAnother() {
        try (var cairn = start("small")) {
            assertThat(cron(cairn, "UTC").failed(new IllegalStateException("the log is away"), 1))
                    .isPositive();
        }
    }
}
