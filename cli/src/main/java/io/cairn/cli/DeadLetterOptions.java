package io.cairn.cli;

import io.cairn.client.wire.DeadLetterFilter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which dead letters a command is about.
final class DeadLetterOptions {
    @Option(names = "--type", paramLabel = "TYPE", description = "Of this type.")
    @Nullable
    String type;

    @Option(names = "--lane", paramLabel = "LANE", description = "In this lane.")
    @Nullable
    String lane;

    @Option(names = "--key", paramLabel = "KEY", description = "Of this key.")
    @Nullable
    String key;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Whose reason has this in it.")
    @Nullable
    String reason;

    @Option(
            names = "--before",
            paramLabel = "TIME",
            description = "That gave up before, such as 2026-03-01 or 2026-03-01T12:00:00Z.")
    @Nullable
    String before;

    @Option(names = "--limit", paramLabel = "N", description = "At most so many.")
    @Nullable
    Integer limit;

    boolean areAny() {
        return type != null || lane != null || key != null || reason != null || before != null;
    }

    /// @param most if the command does not say
    DeadLetterFilter filter(@Nullable Integer most) {
        return filter(most, null);
    }

    /// @param ids null if it is not about certain ones
    DeadLetterFilter filter(@Nullable Integer most, @Nullable List<String> ids) {
        return new DeadLetterFilter(
                type,
                lane,
                key,
                reason,
                before == null ? null : Times.startOf(before),
                limit == null ? most : limit,
                ids);
    }
}
