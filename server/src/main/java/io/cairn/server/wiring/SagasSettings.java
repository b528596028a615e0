package io.cairn.server.wiring;

import java.nio.file.Path;
import java.util.List;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Sagas.
///
/// @param jars with sagas of the user's own
public record SagasSettings(@DefaultValue List<Path> jars) {
    static final String JARS = "cairn.sagas.jars";

    public SagasSettings {
        jars = List.copyOf(jars);
    }
}
