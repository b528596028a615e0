package io.cairn.client.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a hit must satisfy, all of it; what is absent or empty does not filter.
///
/// `from` is inclusive, `to` exclusive; `metadata` asks for equal values at the top level, where
/// numbers are equal by value: 2 is 2.0, and "2" is a text. `title` is a document's, word for word.
public record RecallFilters(
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<HitKind> kinds,
        @Nullable String conversationId,
        @Nullable String documentId,
        @Nullable String sourceType,
        @Nullable String language,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> tagsAny,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> tagsAll,
        @Nullable String speaker,
        @Nullable Instant from,
        @Nullable Instant to,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, @Nullable Object> metadata,
        @Nullable String title) {
    public RecallFilters {
        kinds = Copy.of(kinds);
        tagsAny = Copy.of(tagsAny);
        tagsAll = Copy.of(tagsAll);
        metadata = Copy.of(metadata);
    }

    public static RecallFilters none() {
        return new RecallFilters(
                List.of(), null, null, null, null, List.of(), List.of(), null, null, null, Map.of(), null);
    }
}
