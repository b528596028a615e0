package io.cairn.server.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.task.TaskEngine;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HealthTest {
    @Test
    void aProjectionThatAFullDiskStopsOnlyDegradesTheServer() {
        var full = Optional.of("The index could not be committed (java.io.IOException: No space left on device)");
        assertThat(Health.worst(true, full, false)).isEqualTo(Health.Status.DEGRADED);
        assertThat(Health.worst(true, Optional.of("It stands"), true)).isEqualTo(Health.Status.DEGRADED);
    }

    @Test
    void tasksThatDoNotEndDegradeTheServerOnceNoMoreOfThemAreLeftBehind() {
        assertThat(Health.tasks(TaskEngine.STUCK_MAX - 1).status()).isEqualTo(Health.Status.UP);
        assertThat(Health.tasks(TaskEngine.STUCK_MAX).status()).isEqualTo(Health.Status.DEGRADED);
    }

    @Test
    void aProjectionOnWhichAPromiseRestsTakesTheServerAwayWhenItFailsOtherwise() {
        assertThat(Health.worst(true, Optional.of("Garbage"), false)).isEqualTo(Health.Status.DOWN);
        assertThat(Health.worst(true, Optional.empty(), true)).isEqualTo(Health.Status.DOWN);
        assertThat(Health.worst(false, Optional.of("Garbage"), false)).isEqualTo(Health.Status.DEGRADED);
    }
}
