package io.cairn.client.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A document as it is handed in.
///
/// `content` is text of the given `media_type` (plain text when absent). Files that are no text go as a
/// multipart form whose part `file` holds the bytes and whose plain fields carry the names used here: `id`,
/// `title`, `source_type`, `language`, `tags` (repeated), `metadata` (a JSON object), `at` and `reuse_deleted_id`.
///
/// The id of a deleted document is refused unless `reuse_deleted_id` is true; nothing of the deleted one comes back.
public record NewDocument(
        @Nullable String id,
        @Nullable String title,
        String content,
        @Nullable String mediaType,
        @Nullable String sourceType,
        @Nullable String language,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> tags,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, @Nullable Object> metadata,
        @Nullable Instant at,
        @Nullable Boolean reuseDeletedId) {
    public NewDocument {
        tags = Copy.of(tags);
        metadata = Copy.of(metadata);
    }

    public static NewDocument of(String id, String content) {
        return new NewDocument(id, null, content, null, null, null, List.of(), Map.of(), null, null);
    }

    public NewDocument withId(String newId) {
        return new NewDocument(
                newId, title, content, mediaType, sourceType, language, tags, metadata, at, reuseDeletedId);
    }

    public NewDocument withTitle(@Nullable String newTitle) {
        return new NewDocument(
                id, newTitle, content, mediaType, sourceType, language, tags, metadata, at, reuseDeletedId);
    }

    public NewDocument withMediaType(@Nullable String newMediaType) {
        return new NewDocument(
                id, title, content, newMediaType, sourceType, language, tags, metadata, at, reuseDeletedId);
    }

    public NewDocument withTags(List<String> newTags) {
        return new NewDocument(
                id, title, content, mediaType, sourceType, language, newTags, metadata, at, reuseDeletedId);
    }

    public NewDocument withReuseOfDeletedId() {
        return new NewDocument(id, title, content, mediaType, sourceType, language, tags, metadata, at, true);
    }
}
