package io.cairn.client.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a server says of itself: its version, the head of its log, how much it holds, and where its
/// projections stand.
public record Status(
        String version,
        String position,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, Long> counts,
        List<ProjectionStatus> projections,
        @Nullable Long uptimeMs) {
    public Status {
        counts = Copy.of(counts);
        projections = Copy.of(projections);
    }
}
