package io.cairn.recall;

import io.cairn.tenant.Tenant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A stretch of text as it is indexed.
///
/// @param words what the lexical leg searches: the stretch with its header (speaker, title, headings) and, for messages,
///     what was said before
/// @param meanings texts to embed, in groups: a group's vector is the mean of its texts', and the unit's vector is the
///     mean of its groups'
/// @param sourceType of its document
/// @param tags of its document
/// @param metadata top-level fields with their values as text
public record IndexUnit(
        Tenant tenant,
        UnitRef ref,
        String words,
        List<List<String>> meanings,
        @Nullable String sourceType,
        List<String> tags,
        Map<String, String> metadata) {
    public IndexUnit {
        meanings = meanings.stream().map(List::copyOf).toList();
        tags = List.copyOf(tags);
        metadata = Map.copyOf(metadata);
    }
}
