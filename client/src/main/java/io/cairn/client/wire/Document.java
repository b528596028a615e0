package io.cairn.client.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A version of a stored document; lists leave `content` out. `active` says whether it is the current one.
///
/// @param partOf the document in which it came, as an attachment or an entry of an archive
/// @param parts the files that came in it
public record Document(
        String id,
        int version,
        @Nullable String title,
        @Nullable String content,
        @Nullable String mediaType,
        @Nullable String sourceType,
        @Nullable String language,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> tags,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, @Nullable Object> metadata,
        @Nullable Instant at,
        @Nullable Instant recordedAt,
        @Nullable String contentHash,
        @Nullable String position,
        @Nullable Boolean active,
        @Nullable String partOf,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<DocumentPart> parts) {
    public Document {
        tags = Copy.of(tags);
        metadata = Copy.of(metadata);
        parts = Copy.of(parts);
    }
}
