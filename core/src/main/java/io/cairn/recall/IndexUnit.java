package io.cairn.recall;

import io.cairn.tenant.Tenant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A stretch of text as it is indexed.
///
/// @param headed the stretch with its date and speaker, for messages
/// @param words the stretch with what gives it its sense: what was said before, or its title and headings
/// @param meanings texts to embed, in groups: a group's vector is the mean of its texts' by length, and the unit's
///     vector is the mean of its groups'
/// @param sourceType of its document
/// @param tags of its document
/// @param metadata top-level fields with their values as text
public record IndexUnit(
        Tenant tenant,
        UnitRef ref,
        @Nullable String headed,
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
