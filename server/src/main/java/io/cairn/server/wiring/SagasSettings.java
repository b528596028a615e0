package io.cairn.server.wiring;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Sagas.
///
/// @param keepEnded how long a saga that has ended is kept to be looked at
/// @param jars with sagas of the user's own
public record SagasSettings(
        @DefaultValue("7d") Duration keepEnded,
        @DefaultValue List<Path> jars) {
    static final String JARS = "cairn.sagas.jars";

    public SagasSettings {
        jars = List.copyOf(jars);
        if (keepEnded.isNegative()) {
            throw new IllegalArgumentException("cairn.sagas.keep-ended is no negative time; found " + keepEnded);
        }
    }
}
