package io.cairn.memory;

import io.cairn.event.Names;
import io.cairn.event.Position;
import java.time.Instant;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A conversation at a glance.
///
/// @param position of its last event
/// @param described what it is about, as it was last said
public record Conversation(
        ConversationId id,
        long messages,
        Instant createdAt,
        Instant updatedAt,
        Position position,
        Description described) {
    /// What a conversation is about.
    ///
    /// @param metadata a JSON object, kept as it is
    public record Description(@Nullable String title, JsonNode metadata) {
        public static final int TITLE_LENGTH_MAX = 1000;

        private static final int WORDS_LENGTH_MAX = 300;

        public static final Description NONE = new Description(null, JsonNodeFactory.instance.objectNode());

        public Description {
            if (title != null) {
                Names.text("title", title);
                if (title.isBlank() || title.length() > TITLE_LENGTH_MAX) {
                    throw new IllegalArgumentException(
                            "A title has 1 to %d characters; found %d".formatted(TITLE_LENGTH_MAX, title.length()));
                }
            }
            if (!metadata.isObject()) {
                throw new IllegalArgumentException("A conversation's metadata is a JSON object");
            }
        }

        /// The title and the metadata's texts, as they are searched.
        String words() {
            var words = Stream.concat(
                            Stream.ofNullable(title),
                            metadata.valueStream().filter(JsonNode::isString).map(JsonNode::asString))
                    .collect(Collectors.joining(", "));
            return words.length() <= WORDS_LENGTH_MAX
                    ? words
                    : words.substring(0, words.offsetByCodePoints(0, words.codePointCount(0, WORDS_LENGTH_MAX) - 1));
        }

        static Description of(JsonNode payload) {
            return new Description(
                    payload.path("title").asStringOpt().orElse(null),
                    payload.path("metadata").isObject()
                            ? payload.path("metadata")
                            : JsonNodeFactory.instance.objectNode());
        }

        ObjectNode payload() {
            var json = JsonNodeFactory.instance.objectNode();
            if (title != null) {
                json.put("title", title);
            }
            if (!metadata.isEmpty()) {
                json.set("metadata", metadata);
            }
            return json;
        }
    }
}
