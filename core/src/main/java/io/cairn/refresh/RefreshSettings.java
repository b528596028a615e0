package io.cairn.refresh;

import java.nio.file.Path;
import java.util.Optional;

/// How a refresh goes on.
///
/// @param batch texts that are embedded together
/// @param textsPerMinute that are embedded at most; 0 for as fast as the model goes
/// @param questions a file of judged questions
public record RefreshSettings(int batch, int textsPerMinute, Optional<Path> questions, RefreshRule rule) {
    public RefreshSettings {
        if (batch < 1 || textsPerMinute < 0) {
            throw new IllegalArgumentException(
                    "A refresh embeds 1 or more texts together, and 0 or more a minute; found %d and %d"
                            .formatted(batch, textsPerMinute));
        }
    }

    public static RefreshSettings defaults() {
        return new RefreshSettings(100, 0, Optional.empty(), RefreshRule.defaults());
    }
}
