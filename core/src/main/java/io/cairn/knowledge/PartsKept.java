package io.cairn.knowledge;

import io.cairn.knowledge.DocumentStored.StoredPart;
import io.cairn.knowledge.Extraction.Extracted;
import io.cairn.knowledge.Extraction.Reason;
import io.cairn.knowledge.Extraction.Refused;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Keeps the files that came in a document beside it. What the caller says of the document holds for each of them;
/// those that came in an earlier version and do not come in this one are deleted.
final class PartsKept {
    private final DocumentUnit unit;
    private final DocumentId root;
    private final NewDocument given;
    private final Extracted extracted;
    private final Map<DocumentId, DocumentStanding> found;
    private final List<Part.Read> parts;

    /// @param root the document in which they came
    /// @param found what there is under ids within that one's
    PartsKept(
            DocumentUnit unit,
            DocumentId root,
            NewDocument given,
            Extracted extracted,
            Map<DocumentId, DocumentStanding> found,
            List<Part.Read> parts) {
        this.unit = unit;
        this.root = root;
        this.given = given;
        this.extracted = extracted;
        this.found = found;
        this.parts = parts.stream()
                .map(part -> isTaken(part.id()) ? taken(part) : part)
                .toList();
    }

    private boolean isTaken(DocumentId id) {
        var standing = standing(id);
        return standing.current().isPresent() && !standing.isPartWithin(root);
    }

    private static Part.Read taken(Part.Read part) {
        var refused = new Refused(
                Reason.ID_TAKEN, "Another document has the id '%s', which would be its".formatted(part.id()));
        return new Part.Read(part.id(), part.within(), part.part(), refused);
    }

    private DocumentStanding standing(DocumentId id) {
        return found.getOrDefault(id, new DocumentStanding(id, Optional.empty(), Optional.empty()));
    }

    List<StoredPart> put() {
        var stored = parts.stream().map(this::put).toList();
        Set<DocumentId> kept = parts.stream()
                .filter(part -> part.extraction() instanceof Extracted)
                .map(Part.Read::id)
                .collect(Collectors.toSet());
        found.values().stream()
                .filter(standing -> standing.isPartWithin(root) && !kept.contains(standing.id()))
                .forEach(unit::delete);
        return stored;
    }

    private StoredPart put(Part.Read part) {
        return switch (part.extraction()) {
            case Refused refused ->
                new StoredPart.Rejected(part.id(), part.within(), part.part().name(), refused);
            case Extracted read -> {
                var standing = standing(part.id());
                var status = unit.put(standing, described(part, read), read, part.within(), within(part.id()));
                long version = standing.version() + (status == DocumentStored.Status.UNCHANGED ? 0 : 1);
                yield new StoredPart.Kept(part.id(), part.within(), part.part().name(), version, status);
            }
        };
    }

    private NewDocument described(Part.Read part, Extracted read) {
        var sentAt = read.sentAt().or(extracted::sentAt).orElse(null);
        return new NewDocument(
                part.id(),
                part.title(given.title() == null ? extracted.title() : given.title()),
                part.part().content(),
                part.part().mediaType(),
                part.part().name(),
                given.sourceType(),
                given.language(),
                given.tags(),
                given.metadata(),
                given.at() == null ? sentAt : given.at(),
                true);
    }

    /// The files that came in a document, as it tells of them.
    List<Document.Within> within(DocumentId document) {
        return parts.stream()
                .filter(part -> part.within().equals(document))
                .map(part -> switch (part.extraction()) {
                    case Refused refused -> new Document.Within(part.part().name(), null, refused);
                    case Extracted read -> new Document.Within(part.part().name(), part.id(), null);
                })
                .toList();
    }
}
