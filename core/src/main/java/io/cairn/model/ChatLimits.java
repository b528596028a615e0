package io.cairn.model;

import java.time.Duration;

/// How long a streamed answer may take.
///
/// @param firstToken from the request to the first piece of the answer's content
/// @param idle between two signs of life
/// @param total from the request to the end
public record ChatLimits(Duration firstToken, Duration idle, Duration total) {
    public static final ChatLimits DEFAULT =
            new ChatLimits(Duration.ofSeconds(60), Duration.ofSeconds(60), Duration.ofSeconds(120));

    public ChatLimits {
        if (!firstToken.isPositive() || !idle.isPositive() || !total.isPositive()) {
            throw new IllegalArgumentException(
                    "Limits of time are positive; found %s, %s and %s".formatted(firstToken, idle, total));
        }
    }
}
