package io.cairn.knowledge;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cairn.event.Names;
import io.cairn.event.Times;
import io.cairn.text.Language;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// A document that is to be kept: a file, and what is said of it.
///
/// @param id null to have one made, or to be answered with the document that has this content already
/// @param title null to take the one that the file itself gives
/// @param mediaType as the sender claims it
/// @param fileName its extension helps where there is no media type
/// @param sourceType a word for where it comes from, by which recall filters
/// @param language null to have it detected
/// @param at the time that the document speaks of itself as written; null if it does not matter
/// @param metadata a JSON object, kept as it is
/// @param reusesDeletedId whether it may have the id of a document that was deleted; nothing of that one comes back
public record NewDocument(
        @Nullable DocumentId id,
        @Nullable String title,
        byte[] content,
        @Nullable String mediaType,
        @Nullable String fileName,
        @Nullable String sourceType,
        @Nullable Language language,
        List<String> tags,
        JsonNode metadata,
        @Nullable Instant at,
        boolean reusesDeletedId) {
    public static final int TITLE_LENGTH_MAX = 1000;
    public static final int WORD_LENGTH_MAX = 200;
    public static final int TAGS_MAX = 100;

    public NewDocument {
        if (title != null) {
            text("title", title, TITLE_LENGTH_MAX);
        }
        if (sourceType != null) {
            text("source_type", sourceType, WORD_LENGTH_MAX);
        }
        if (tags.size() > TAGS_MAX) {
            throw new IllegalArgumentException(
                    "A document has at most %d tags; found %d".formatted(TAGS_MAX, tags.size()));
        }
        tags = List.copyOf(tags);
        tags.forEach(tag -> text("tag", tag, WORD_LENGTH_MAX));
        if (!metadata.isObject()) {
            throw new IllegalArgumentException("A document's metadata is a JSON object");
        }
        at = at == null ? null : Times.checked("at", at);
    }

    /// A document whose id is not that of a deleted one.
    public NewDocument(
            @Nullable DocumentId id,
            @Nullable String title,
            byte[] content,
            @Nullable String mediaType,
            @Nullable String fileName,
            @Nullable String sourceType,
            @Nullable Language language,
            List<String> tags,
            JsonNode metadata,
            @Nullable Instant at) {
        this(id, title, content, mediaType, fileName, sourceType, language, tags, metadata, at, false);
    }

    /// A plain text of which nothing else is known.
    public static NewDocument plain(@Nullable DocumentId id, @Nullable String title, String text) {
        return new NewDocument(
                id,
                title,
                text.getBytes(UTF_8),
                "text/plain",
                null,
                null,
                null,
                List.of(),
                JsonNodeFactory.instance.objectNode(),
                null);
    }

    private static void text(String what, String value, int lengthMax) {
        Names.text(what, value);
        if (value.isBlank() || value.length() > lengthMax) {
            throw new IllegalArgumentException(
                    "A %s has 1 to %d characters; found %d".formatted(what, lengthMax, value.length()));
        }
    }
}
