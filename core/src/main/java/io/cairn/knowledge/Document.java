package io.cairn.knowledge;

import io.cairn.event.Event;
import io.cairn.event.EventType;
import io.cairn.text.Heading;
import io.cairn.text.Language;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// One version of a document.
///
/// @param version from 1; a new version supersedes the one before it
/// @param language the one given or detected; null if it could not be told
/// @param fingerprint by which equal content of the same tenant is recognised
/// @param original the address of the blob with the file as it came
/// @param text the address of the blob with the extracted text, into which citations point
/// @param bytes of the original
/// @param pages where each page of the text begins, in code points; none if it has no pages
/// @param partOf the document in which it came, as an attachment or an entry of an archive
/// @param parts the files that came in it
public record Document(
        DocumentId id,
        long version,
        @Nullable String title,
        String mediaType,
        @Nullable String sourceType,
        @Nullable Language language,
        List<String> tags,
        JsonNode metadata,
        @Nullable Instant at,
        String fingerprint,
        String original,
        String text,
        long bytes,
        List<Heading> headings,
        List<Integer> pages,
        @Nullable DocumentId partOf,
        List<Within> parts) {
    public static final EventType STORED = new EventType("document.stored");
    public static final EventType DELETED = new EventType("document.deleted");

    /// In a payload: the document in which it came.
    static final String PART_OF = "part_of";

    static final int SCHEMA_VERSION = 1;

    public Document {
        tags = List.copyOf(tags);
        headings = List.copyOf(headings);
        pages = List.copyOf(pages);
        parts = List.copyOf(parts);
    }

    /// A file that came in a document.
    ///
    /// @param id of the document that it is; null if it was refused
    /// @param refused why it is none
    public record Within(String name, @Nullable DocumentId id, Extraction.@Nullable Refused refused) {
        private static Within of(JsonNode json) {
            return new Within(
                    json.required("name").asString(),
                    json.path("id").asStringOpt().map(DocumentId::new).orElse(null),
                    json.path("reason")
                            .asStringOpt()
                            .map(reason -> new Extraction.Refused(
                                    Extraction.Reason.valueOf(reason),
                                    json.path("detail").asString("")))
                            .orElse(null));
        }

        private void write(ObjectNode json) {
            json.put("name", name);
            put(json, "id", id);
            if (refused != null) {
                json.put("reason", refused.reason().name()).put("detail", refused.detail());
            }
        }
    }

    /// The version that an event tells of; nothing for other events, and for what was forgotten.
    public static Optional<Document> of(Event event) {
        return event.type().equals(STORED)
                ? event.payload()
                        .needed()
                        .map(json -> of(new DocumentId(event.stream().id()), event.version(), json))
                : Optional.empty();
    }

    /// The blobs that a payload names: the file and its text.
    public static List<String> blobs(EventType type, JsonNode payload) {
        return type.equals(STORED)
                ? List.of(
                        payload.required("original").asString(),
                        payload.required("text").asString())
                : List.of();
    }

    private static Document of(DocumentId id, long version, JsonNode json) {
        return new Document(
                id,
                version,
                json.path("title").asStringOpt().orElse(null),
                json.required("media_type").asString(),
                json.path("source_type").asStringOpt().orElse(null),
                json.path("language").asStringOpt().map(Language::new).orElse(null),
                json.path("tags").valueStream().map(JsonNode::asString).toList(),
                json.path("metadata").isObject() ? json.path("metadata") : JsonNodeFactory.instance.objectNode(),
                json.path("at").asStringOpt().map(Instant::parse).orElse(null),
                json.required("fingerprint").asString(),
                json.required("original").asString(),
                json.required("text").asString(),
                json.required("bytes").asLong(),
                json.path("headings").valueStream().map(Document::heading).toList(),
                json.path("pages").valueStream().map(JsonNode::asInt).toList(),
                json.path(PART_OF).asStringOpt().map(DocumentId::new).orElse(null),
                json.path("parts").valueStream().map(Within::of).toList());
    }

    private static Heading heading(JsonNode json) {
        return new Heading(
                json.required("start").asInt(),
                json.required("end").asInt(),
                json.required("level").asInt(),
                json.required("title").asString());
    }

    ObjectNode payload() {
        var json = JsonNodeFactory.instance.objectNode();
        put(json, "title", title);
        json.put("media_type", mediaType);
        put(json, "source_type", sourceType);
        put(json, "language", language);
        tags.forEach(json.withArray("tags")::add);
        if (!metadata.isEmpty()) {
            json.set("metadata", metadata);
        }
        put(json, "at", at);
        json.put("fingerprint", fingerprint);
        json.put("original", original);
        json.put("text", text);
        json.put("bytes", bytes);
        var list = json.withArray("headings");
        headings.forEach(heading -> list.addObject()
                .put("start", heading.start())
                .put("end", heading.end())
                .put("level", heading.level())
                .put("title", heading.title()));
        if (!pages.isEmpty()) {
            pages.forEach(json.withArray("pages")::add);
        }
        put(json, PART_OF, partOf);
        parts.forEach(part -> part.write(json.withArray("parts").addObject()));
        return json;
    }

    /// The number of the page, from 1, on which a place in the text stands; null if it has no pages.
    @Nullable
    Integer page(int offset) {
        int after = 0;
        while (after < pages.size() && pages.get(after) <= offset) {
            after++;
        }
        return after == 0 ? null : (Integer) after;
    }

    private static void put(ObjectNode json, String name, @Nullable Object value) {
        if (value != null) {
            json.put(name, value.toString());
        }
    }

    /// Whether the other version says the same of the same content.
    boolean sameAs(Document other) {
        return payload().equals(other.payload());
    }
}
