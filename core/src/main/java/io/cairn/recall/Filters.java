package io.cairn.recall;

import io.cairn.passage.FieldValue;
import io.cairn.passage.Kind;
import io.cairn.passage.SourceId;
import io.cairn.text.Language;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a hit must be; everything that is not given, or is empty, lets all through.
///
/// @param sources the conversation or document that it is of; nothing is of two of them
/// @param tagsAny the document has at least one of them
/// @param tagsAll the document has all of them
/// @param from earliest time, inclusive
/// @param to latest time, exclusive
/// @param metadata top-level fields with their values
/// @param title the document has exactly this one
public record Filters(
        Set<Kind> kinds,
        Set<SourceId> sources,
        @Nullable String sourceType,
        @Nullable Language language,
        List<String> tagsAny,
        List<String> tagsAll,
        @Nullable String speaker,
        @Nullable Instant from,
        @Nullable Instant to,
        Map<String, FieldValue> metadata,
        @Nullable String title) {
    public static final Filters NONE =
            new Filters(Set.of(), Set.of(), null, null, List.of(), List.of(), null, null, null, Map.of(), null);

    public Filters {
        sources = Set.copyOf(sources);
        kinds = Set.copyOf(kinds);
        tagsAny = List.copyOf(tagsAny);
        tagsAll = List.copyOf(tagsAll);
        metadata = Map.copyOf(metadata);
    }

    /// Filters of documents of any title.
    public Filters(
            Set<Kind> kinds,
            Set<SourceId> sources,
            @Nullable String sourceType,
            @Nullable Language language,
            List<String> tagsAny,
            List<String> tagsAll,
            @Nullable String speaker,
            @Nullable Instant from,
            @Nullable Instant to,
            Map<String, FieldValue> metadata) {
        this(kinds, sources, sourceType, language, tagsAny, tagsAll, speaker, from, to, metadata, null);
    }
}
