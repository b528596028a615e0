package io.cairn.client;

import io.cairn.client.wire.Wire;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A file to be added as a document, such as a PDF, with what is known about it.
public record DocumentFile(
        Path path,
        String id,
        @Nullable String title,
        @Nullable String mediaType,
        @Nullable String sourceType,
        @Nullable String language,
        List<String> tags,
        Map<String, Object> metadata,
        @Nullable Instant at,
        boolean reuseDeletedId) {
    public DocumentFile {
        tags = List.copyOf(tags);
        metadata = Map.copyOf(metadata);
    }

    public static DocumentFile of(Path path, String id) {
        return new DocumentFile(path, id, null, null, null, null, List.of(), Map.of(), null, false);
    }

    public DocumentFile withTags(List<String> newTags) {
        return new DocumentFile(
                path, id, title, mediaType, sourceType, language, newTags, metadata, at, reuseDeletedId);
    }

    /// Takes the id of a deleted document; nothing of that one comes back.
    public DocumentFile withReuseOfDeletedId() {
        return new DocumentFile(path, id, title, mediaType, sourceType, language, tags, metadata, at, true);
    }

    Form form(String boundary) {
        Form form = new Form(boundary)
                .field("id", id)
                .field("title", title)
                .field("source_type", sourceType)
                .field("language", language)
                .field("at", at)
                .field("reuse_deleted_id", reuseDeletedId ? "true" : null);
        tags.forEach(tag -> form.field("tags", tag));
        if (!metadata.isEmpty()) {
            form.field("metadata", Wire.responses().writeValueAsString(metadata));
        }
        return form.file("file", path, mediaType == null ? "application/octet-stream" : mediaType);
    }
}
