package io.cairn.client.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What became of one document of a batch or an import; `index` counts from 0 in the order of the request.
///
/// @param parts what became of the files that came in it, such as attachments of a message
public record DocumentResult(
        int index,
        @Nullable String id,
        @Nullable Integer version,
        DocumentStatus status,
        @Nullable ProblemItem error,
        @Nullable String position,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<StoredPart> parts) {
    public DocumentResult {
        parts = Copy.of(parts);
    }
}
