package io.cairn.passage;

import io.cairn.tenant.Tenant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A stretch of text as it is indexed.
///
/// @param head of a message's stretch: the date, what the conversation is about, and the speaker
/// @param texts the stretch, with its title and headings if it has any, and then what gives it its sense: what was said
///     before
/// @param meanings texts to embed, in groups: a group's vector is the mean of its texts' by length, and the passage's
///     vector is the mean of its groups'
/// @param title of its document
/// @param sourceType of its document
/// @param tags of its document
/// @param metadata top-level fields that have one value
public record Passage(
        Tenant tenant,
        PassageRef ref,
        @Nullable String head,
        List<String> texts,
        List<List<String>> meanings,
        @Nullable String title,
        @Nullable String sourceType,
        List<String> tags,
        Map<String, FieldValue> metadata) {
    public Passage {
        texts = List.copyOf(texts);
        meanings = meanings.stream().map(List::copyOf).toList();
        tags = List.copyOf(tags);
        metadata = Map.copyOf(metadata);
    }

    /// The stretch with its date and speaker, if it is of a message.
    public @Nullable String headed() {
        return head == null ? null : head + texts.getFirst();
    }

    /// The stretch with what gives it its sense.
    public String words() {
        return String.join("\n", texts);
    }
}
