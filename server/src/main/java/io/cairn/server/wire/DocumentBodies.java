package io.cairn.server.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cairn.client.wire.DocumentPart;
import io.cairn.client.wire.DocumentResult;
import io.cairn.client.wire.DocumentStatus;
import io.cairn.client.wire.ProblemItem;
import io.cairn.client.wire.StoredDocument;
import io.cairn.client.wire.StoredPart;
import io.cairn.knowledge.Document;
import io.cairn.knowledge.DocumentId;
import io.cairn.knowledge.DocumentStored;
import io.cairn.knowledge.Documents;
import io.cairn.knowledge.Extraction;
import io.cairn.knowledge.NewDocument;
import io.cairn.server.http.Field;
import io.cairn.server.http.HttpLimits;
import io.cairn.server.http.Json;
import io.cairn.server.http.Refusal;
import io.cairn.text.Language;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Documents on the wire and in the core.
public final class DocumentBodies {
    static final String PLAIN = "text/plain";

    private static final int MEDIA_TYPE_LENGTH_MAX = 200;

    private DocumentBodies() {}

    public static DocumentId id(String id) {
        return Field.of("id").built(id, () -> new DocumentId(id));
    }

    /// @param made the id of a document that comes without one, if that is known already
    public static NewDocument document(
            Field field, io.cairn.client.wire.NewDocument document, @Nullable DocumentId made, HttpLimits limits) {
        var content = field.at("content").wellFormed(field.at("content").required(document.content()));
        return described(field, document, made, content.getBytes(UTF_8), typeOfText(field, document), null, limits);
    }

    /// What is said of a file that comes beside its bytes.
    public static NewDocument described(
            Field field,
            io.cairn.client.wire.NewDocument said,
            @Nullable DocumentId made,
            byte[] content,
            @Nullable String mediaType,
            @Nullable String fileName,
            HttpLimits limits) {
        var id = said.id();
        var title = field.at("title").optionalWord(said.title(), NewDocument.TITLE_LENGTH_MAX);
        var source = field.at("source_type").optionalWord(said.sourceType(), NewDocument.WORD_LENGTH_MAX);
        var tags = tags(field.at("tags"), said.tags());
        var metadata = field.at("metadata").json(said.metadata(), limits.metadataBytesMax());
        var at = field.at("at").optionalTime(said.at());
        var language = language(field.at("language"), said.language());
        var known = id == null ? made : field.at("id").built(id, () -> new DocumentId(id));
        return field.built(
                id,
                () -> new NewDocument(
                        known,
                        title,
                        content,
                        mediaType,
                        fileName,
                        source,
                        language,
                        tags,
                        metadata,
                        at,
                        Boolean.TRUE.equals(said.reuseDeletedId())));
    }

    private static List<String> tags(Field field, List<String> tags) {
        return tags.isEmpty()
                ? List.of()
                : field.each(tags, NewDocument.TAGS_MAX, (at, tag) -> at.word(tag, NewDocument.WORD_LENGTH_MAX));
    }

    public static @Nullable Language language(Field field, @Nullable String tag) {
        return tag == null ? null : field.built(tag, () -> Language.ofTag(tag));
    }

    /// The text came as JSON, so whatever its type says of an encoding, it is UTF-8 now.
    private static String typeOfText(Field field, io.cairn.client.wire.NewDocument document) {
        var type = field.at("media_type").optionalWord(document.mediaType(), MEDIA_TYPE_LENGTH_MAX);
        return type == null ? PLAIN : type.split(";", 2)[0].strip() + "; charset=utf-8";
    }

    public static io.cairn.client.wire.Document wire(Documents.Kept kept, @Nullable String content) {
        var document = kept.document();
        var language = document.language();
        return new io.cairn.client.wire.Document(
                document.id().id(),
                Math.toIntExact(document.version()),
                document.title(),
                content,
                document.mediaType(),
                document.sourceType(),
                language == null ? null : language.tag(),
                document.tags(),
                Json.map(document.metadata()),
                document.at(),
                kept.recordedAt(),
                document.fingerprint(),
                kept.position().wire(),
                kept.active(),
                document.partOf() == null ? null : document.partOf().id(),
                document.parts().stream().map(DocumentBodies::wire).toList());
    }

    private static DocumentPart wire(Document.Within part) {
        return new DocumentPart(
                part.name(),
                part.id() == null ? null : part.id().id(),
                part.refused() == null ? null : item(part.refused()));
    }

    private static ProblemItem item(Extraction.Refused refused) {
        return new ProblemItem(null, "content", refused.reason().code(), refused.detail(), null, null);
    }

    private static List<StoredPart> parts(DocumentStored.Stored stored) {
        return stored.parts().stream()
                .map(part -> switch (part) {
                    case DocumentStored.StoredPart.Kept(var id, var within, var name, var version, var status) ->
                        new StoredPart(name, id.id(), within.id(), Math.toIntExact(version), status(status), null);
                    case DocumentStored.StoredPart.Rejected(var id, var within, var name, var why) ->
                        new StoredPart(name, null, within.id(), null, DocumentStatus.REJECTED, item(why));
                })
                .toList();
    }

    public static StoredDocument wire(DocumentStored.Stored stored) {
        return new StoredDocument(
                stored.id().id(),
                Math.toIntExact(stored.version()),
                stored.at().wire(),
                status(stored.status()),
                parts(stored));
    }

    public static DocumentResult result(int index, DocumentStored.Stored stored) {
        return new DocumentResult(
                index,
                stored.id().id(),
                Math.toIntExact(stored.version()),
                status(stored.status()),
                null,
                stored.at().wire(),
                parts(stored));
    }

    public static DocumentResult rejected(int index, @Nullable String id, Refusal refusal) {
        return new DocumentResult(index, id, null, DocumentStatus.REJECTED, item(index, refusal), null, List.of());
    }

    private static ProblemItem item(int index, Refusal refusal) {
        if (refusal.errors().isEmpty()) {
            return new ProblemItem(index, null, refusal.trouble().code(), refusal.detail(), null, null);
        }
        var first = refusal.errors().getFirst();
        return new ProblemItem(index, first.field(), first.code(), first.detail(), first.found(), first.allowed());
    }

    private static DocumentStatus status(DocumentStored.Status status) {
        return new DocumentStatus(status.name().toLowerCase(Locale.ROOT));
    }
}
