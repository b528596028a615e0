package io.cairn.client.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/// What handing in one document answers.
///
/// @param parts what became of the files that came in it, such as attachments of a message
public record StoredDocument(
        String id,
        int version,
        String position,
        DocumentStatus status,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<StoredPart> parts) {
    public StoredDocument {
        parts = Copy.of(parts);
    }
}
