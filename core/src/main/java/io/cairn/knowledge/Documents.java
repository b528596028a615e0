package io.cairn.knowledge;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cairn.event.Appended;
import io.cairn.event.Event;
import io.cairn.event.EventLog;
import io.cairn.event.Ids;
import io.cairn.event.Payload;
import io.cairn.event.Position;
import io.cairn.event.StorageException;
import io.cairn.event.StreamVersion;
import io.cairn.event.TenantView;
import io.cairn.event.Times;
import io.cairn.event.Unit;
import io.cairn.feature.Feature;
import io.cairn.row.Row;
import io.cairn.row.RowKey;
import io.cairn.schema.DeclaredType;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import io.cairn.text.LanguageDetector;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The documents of a tenant: one stream each, one event per version, content unique within the tenant.
///
/// A file is read as text before anything is appended; what cannot be read is refused alone. Whether an id or
/// a content is taken is decided on a snapshot and expected to hold still when the writer's turn comes; if it
/// does not, the decision is made anew.
public final class Documents {
    private static final int ATTEMPTS_MAX = 10;
    private static final int SCAN = 200;

    private final EventLog log;
    private final TextExtractor extractor;
    private final LanguageDetector detector;
    private final Ids ids;
    private final Lock unpacking = new ReentrantLock(true);

    public Documents(EventLog log, TextExtractor extractor, LanguageDetector detector, Ids ids) {
        this.log = log;
        this.extractor = extractor;
        this.detector = detector;
        this.ids = ids;
    }

    /// What documents bring to a Cairn.
    public static Feature feature() {
        return Feature.named("documents")
                .inline(new DocumentRows())
                .types(List.of(
                        new DeclaredType(Document.STORED, Document.SCHEMA_VERSION, List.of()),
                        DeclaredType.first(Document.DELETED)))
                .reserving("document");
    }

    /// A version of a document.
    ///
    /// @param active whether it is the current one
    /// @param position of the version
    public record Kept(Document document, boolean active, Position position, Instant recordedAt) {}

    /// Keeps a document, and with it the files that came in it, each as a document of its own.
    ///
    /// @param replaces the version that the caller means to replace, if it matters to them; 0 for none
    public DocumentStored put(Context context, NewDocument document, OptionalLong replaces) {
        return switch (extractor.extract(document.content(), document.mediaType(), document.fileName())) {
            case Extraction.Refused(var reason, var detail) -> new DocumentStored.Refused(reason, detail);
            case Extraction.Extracted extracted
            when extracted.holdsParts() -> unpacked(context, document, extracted, replaces);
            case Extraction.Extracted extracted -> put(context, document, extracted, List.of(), replaces);
        };
    }

    /// What is unpacked stands in memory, whatever the size of the file, so only one file at a time is.
    private DocumentStored unpacked(
            Context context, NewDocument document, Extraction.Extracted extracted, OptionalLong replaces) {
        unpacking.lock();
        try {
            return switch (extractor.unpack(document.content(), document.mediaType(), document.fileName())) {
                case Extraction.Refused(var reason, var detail) -> new DocumentStored.Refused(reason, detail);
                case Parts.Found(var parts) -> put(context, document, extracted, parts, replaces);
            };
        } finally {
            unpacking.unlock();
        }
    }

    private DocumentStored put(
            Context context,
            NewDocument document,
            Extraction.Extracted extracted,
            List<Part> parts,
            OptionalLong replaces) {
        var fingerprint = log.fingerprint(context.tenant(), document.content());
        var root = document.id() == null ? holder(context.tenant(), fingerprint) : document.id();
        var read = new PartsReader(extractor, ids::now, root, document.content().length).read(parts);
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            var decided = decide(context, root, document, extracted, fingerprint, read, replaces);
            if (decided.isPresent()) {
                return decided.get();
            }
        }
        throw new StorageException(
                StorageException.Kind.BUSY,
                "The document changed under each of %d attempts to store it".formatted(ATTEMPTS_MAX),
                new ConcurrentModificationException());
    }

    /// The document that has the content, or the id of a new one.
    private DocumentId holder(Tenant tenant, String fingerprint) {
        return log.read(tenant, view -> view.row(DocumentRows.CONTENT, DocumentRows.CONTENT.key(fingerprint)))
                .map(row -> new DocumentId(row.text("document")))
                .orElseGet(() -> new DocumentId(ids.next().toString()));
    }

    /// @param holder the document that has the content, if one has
    /// @param within documents that came in this one, and others whose ids look as if they did
    private record Found(
            DocumentStanding standing, Optional<DocumentId> holder, Map<DocumentId, DocumentStanding> within) {}

    private static Found found(TenantView view, DocumentId id, String fingerprint, boolean hasParts) {
        var standing = standing(view, id);
        var holder = view.row(DocumentRows.CONTENT, DocumentRows.CONTENT.key(fingerprint))
                .map(row -> new DocumentId(row.text("document")));
        boolean had = standing.content()
                .filter(document -> !document.parts().isEmpty())
                .isPresent();
        return new Found(standing, holder, hasParts || had ? within(view, id) : Map.of());
    }

    private static DocumentStanding standing(TenantView view, DocumentId id) {
        var row = view.row(DocumentRows.TABLE, key(id));
        return new DocumentStanding(
                id,
                row,
                row.filter(DocumentStanding::stands)
                        .flatMap(current ->
                                readable(view, List.of(current)).stream().findFirst()));
    }

    private static Map<DocumentId, DocumentStanding> within(TenantView view, DocumentId id) {
        var rows = new ArrayList<Row>();
        var from = DocumentRows.TABLE.key(id.part(""));
        List<Row> some;
        do {
            some = view.rows(DocumentRows.TABLE, new RowKey(List.of()), from, SCAN).stream()
                    .takeWhile(row -> new DocumentId(row.text("id")).isOrIsWithin(id))
                    .toList();
            rows.addAll(some);
            from = some.isEmpty() ? from : some.getLast().key();
        } while (some.size() == SCAN);
        var contents = readable(
                        view, rows.stream().filter(DocumentStanding::stands).toList())
                .stream()
                .collect(Collectors.toMap(Document::id, Function.identity()));
        return rows.stream()
                .map(row -> {
                    var part = new DocumentId(row.text("id"));
                    return new DocumentStanding(part, Optional.of(row), Optional.ofNullable(contents.get(part)));
                })
                .collect(Collectors.toMap(DocumentStanding::id, Function.identity()));
    }

    /// One attempt; nothing if somebody else was faster.
    private Optional<DocumentStored> decide(
            Context context,
            DocumentId id,
            NewDocument given,
            Extraction.Extracted extracted,
            String fingerprint,
            List<Part.Read> parts,
            OptionalLong replaces) {
        var tenant = context.tenant();
        var found = log.read(tenant, view -> found(view, id, fingerprint, !parts.isEmpty()));
        var standing = found.standing();
        long version = standing.current().isPresent() ? standing.version() : 0;
        if (standing.deleted().isPresent() && !given.reusesDeletedId()) {
            return Optional.of(new DocumentStored.Deleted());
        }
        if (replaces.isPresent() && replaces.getAsLong() != version) {
            return Optional.of(new DocumentStored.VersionMismatch(version));
        }
        if (given.id() == null && standing.current().isPresent()) {
            return Optional.of(unchanged(tenant, standing.current().get(), List.of()));
        }
        if (found.holder().filter(holder -> !holder.equals(id)).isPresent()) {
            return given.id() == null
                    ? Optional.empty()
                    : Optional.of(
                            new DocumentStored.ContentElsewhere(found.holder().get()));
        }
        return store(context, given, extracted, found, parts);
    }

    private Optional<DocumentStored> store(
            Context context, NewDocument given, Extraction.Extracted extracted, Found found, List<Part.Read> parts) {
        var standing = found.standing();
        var unit = new DocumentUnit(log, ids, detector, context, standing.id());
        var kept = new PartsKept(unit, standing.id(), given, extracted, found.within(), parts);
        unit.store(Stream.concat(
                Stream.of(given.content(), extracted.text().getBytes(UTF_8)),
                parts.stream().flatMap(Part.Read::contents)));
        var stored = kept.put();
        var status = unit.put(standing, given, extracted, null, kept.within(standing.id()));
        if (unit.isEmpty()) {
            return standing.current().map(row -> unchanged(context.tenant(), row, stored));
        }
        return written(unit.unit())
                .map(at -> new DocumentStored.Stored(
                        standing.id(),
                        status == DocumentStored.Status.UNCHANGED ? standing.version() : standing.version() + 1,
                        at,
                        status,
                        stored));
    }

    /// Where a unit of documents stands, or nothing if somebody else was faster.
    private Optional<Position> written(Unit unit) {
        return switch (log.append(unit)) {
            case Appended.Written(var at, var versions) -> Optional.of(at);
            case Appended.Conflict conflict -> Optional.empty();
            case Appended.Unmet unmet -> Optional.empty();
            case Appended.Refused refused -> throw new IllegalStateException("A document was refused: " + refused);
            case Appended.Duplicate duplicate ->
                throw new IllegalStateException("A new event id was there already: " + duplicate);
        };
    }

    /// The current version of a document, unless there is none or it was deleted.
    public Optional<Kept> find(Tenant tenant, DocumentId id) {
        return log.read(tenant, view -> {
            var row = current(view, id).stream().toList();
            return current(view, row).stream().findFirst();
        });
    }

    /// One version of a document, older or current, unless there is none or the document was deleted.
    public Optional<Kept> find(Tenant tenant, DocumentId id, long version) {
        return log.read(
                tenant,
                view -> current(view, id)
                        .filter(row -> version > deletedVersion(row) && version <= row.number("version"))
                        .flatMap(row -> view.events(List.of(new StreamVersion(id.stream(), version))).stream()
                                .flatMap(event -> kept(event, row).stream())
                                .findFirst()));
    }

    /// The versions of a document past a number, the oldest first; none if there is none or it was deleted. Versions of
    /// a deleted document which had the same id are not among them.
    public List<Kept> versions(Tenant tenant, DocumentId id, long after, int limit) {
        return log.read(
                tenant,
                view -> current(view, id)
                        .map(row -> view.stream(id.stream(), Math.max(after, deletedVersion(row)), limit).stream()
                                .flatMap(event -> kept(event, row).stream())
                                .toList())
                        .orElse(List.of()));
    }

    private static Optional<Row> current(TenantView view, DocumentId id) {
        return view.row(DocumentRows.TABLE, key(id)).filter(DocumentStanding::stands);
    }

    private static long deletedVersion(Row row) {
        var deleted = row.numberOrNull("deleted_version");
        return deleted == null ? 0 : deleted;
    }

    private static Optional<Kept> kept(Event event, Row row) {
        return Document.of(event)
                .map(document -> new Kept(
                        document, document.version() == row.number("version"), event.position(), event.recordedAt()));
    }

    /// The text into which citations of this version point; nothing if it was forgotten.
    public Optional<String> text(Tenant tenant, Document document) {
        return log.blobs().read(tenant, document.text()).map(bytes -> new String(bytes, UTF_8));
    }

    /// The current versions of documents in a snapshot that is already open, without those that were deleted or cannot
    /// be read.
    public static List<Document> find(TenantView view, Collection<DocumentId> ids) {
        return readable(
                view,
                view.rows(DocumentRows.TABLE, ids.stream().map(Documents::key).toList()).stream()
                        .filter(DocumentStanding::stands)
                        .toList());
    }

    /// Documents in the order of their ids.
    public List<Kept> list(Tenant tenant, @Nullable DocumentId after, int limit) {
        return log.read(tenant, view -> {
            var found = new ArrayList<Kept>();
            var from = after == null ? null : key(after);
            List<Row> rows;
            do {
                rows = view.rows(DocumentRows.TABLE, new RowKey(List.of()), from, SCAN);
                found.addAll(current(
                        view,
                        rows.stream()
                                .filter(DocumentStanding::stands)
                                .limit((long) limit - found.size())
                                .toList()));
                from = rows.isEmpty() ? from : rows.getLast().key();
            } while (rows.size() == SCAN && found.size() < limit);
            return found;
        });
    }

    /// Deletes a document for good, and the files that came in it: its id may be used again by those who say so, its
    /// content under any other.
    ///
    /// @return where the deletion stands in the log, or nothing if there was no such document
    public Optional<Position> delete(Context context, DocumentId id) {
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            var found = log.read(context.tenant(), view -> {
                var standing = standing(view, id);
                return new Found(
                        standing, Optional.empty(), standing.current().isPresent() ? within(view, id) : Map.of());
            });
            if (found.standing().row().isEmpty()) {
                return Optional.empty();
            }
            if (found.standing().deleted().isPresent()) {
                return found.standing().deleted().map(deleted -> position(context.tenant(), deleted));
            }
            var unit = new DocumentUnit(log, ids, detector, context, id);
            found.within().values().stream()
                    .filter(part -> part.isPartWithin(id))
                    .forEach(unit::delete);
            unit.delete(found.standing());
            var at = written(unit.unit());
            if (at.isPresent()) {
                return at;
            }
        }
        throw new StorageException(
                StorageException.Kind.BUSY,
                "The document changed under each of %d attempts to delete it".formatted(ATTEMPTS_MAX),
                new ConcurrentModificationException());
    }

    private DocumentStored unchanged(Tenant tenant, Row row, List<DocumentStored.StoredPart> parts) {
        return new DocumentStored.Stored(
                new DocumentId(row.text("id")),
                row.number("version"),
                position(tenant, row),
                DocumentStored.Status.UNCHANGED,
                parts);
    }

    /// Documents as rows say that they stand, in the order of the rows.
    private List<Kept> current(TenantView view, List<Row> rows) {
        var documents = events(view, rows).stream()
                .flatMap(event -> Document.of(event).stream())
                .collect(Collectors.toMap(document -> document.id().id(), Function.identity()));
        return rows.stream()
                .flatMap(row -> Stream.ofNullable(documents.get(row.text("id")))
                        .map(document -> new Kept(
                                document, true, position(view.tenant(), row), Times.instant(row.number("updated_at")))))
                .toList();
    }

    /// The documents that can be read.
    private static List<Document> readable(TenantView view, List<Row> rows) {
        return events(view, rows).stream()
                .filter(event -> !(event.payload() instanceof Payload.Unreadable))
                .flatMap(event -> Document.of(event).stream())
                .toList();
    }

    /// The events of the current versions.
    private static List<Event> events(TenantView view, List<Row> rows) {
        return rows.isEmpty()
                ? List.of()
                : view.events(rows.stream()
                        .map(row -> new StreamVersion(new DocumentId(row.text("id")).stream(), row.number("version")))
                        .toList());
    }

    private Position position(Tenant tenant, Row row) {
        return log.position(log.partition(tenant), row.number("position"));
    }

    private static RowKey key(DocumentId id) {
        return DocumentRows.TABLE.key(id.id());
    }
}
