package io.cairn.refresh;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// How a refresh goes on.
///
/// @param batch texts that are embedded together
/// @param textsPerMinute that are embedded at most; 0 for as fast as the model goes
/// @param questions a file of judged questions
/// @param budget that is its own
public record RefreshSettings(
        int batch, int textsPerMinute, Optional<Path> questions, RefreshRule rule, RefreshBudget budget) {
    public RefreshSettings {
        if (batch < 1 || textsPerMinute < 0) {
            throw new IllegalArgumentException(
                    "A refresh embeds 1 or more texts together, and 0 or more a minute; found %d and %d"
                            .formatted(batch, textsPerMinute));
        }
    }

    public static RefreshSettings defaults() {
        return new RefreshSettings(100, 0, Optional.empty(), RefreshRule.defaults(), RefreshBudget.unlimited());
    }

    /// How long so many texts take at least.
    Duration atRate(long texts) {
        return textsPerMinute == 0
                ? Duration.ZERO
                : Duration.ofMinutes(1).multipliedBy(texts).dividedBy(textsPerMinute);
    }
}
