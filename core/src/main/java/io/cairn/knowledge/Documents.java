package io.cairn.knowledge;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cairn.event.Appended;
import io.cairn.event.Event;
import io.cairn.event.EventLog;
import io.cairn.event.Expected;
import io.cairn.event.Ids;
import io.cairn.event.NewEvent;
import io.cairn.event.Payload;
import io.cairn.event.Position;
import io.cairn.event.StorageException;
import io.cairn.event.StreamAppend;
import io.cairn.event.StreamVersion;
import io.cairn.event.TenantView;
import io.cairn.event.Times;
import io.cairn.event.Unit;
import io.cairn.feature.Feature;
import io.cairn.row.Row;
import io.cairn.row.RowChange;
import io.cairn.row.RowExpectation;
import io.cairn.row.RowKey;
import io.cairn.schema.DeclaredType;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import io.cairn.text.LanguageDetector;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;

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

    /// Keeps a document.
    ///
    /// @param replaces the version that the caller means to replace, if it matters to them; 0 for none
    public DocumentStored put(Context context, NewDocument document, OptionalLong replaces) {
        return switch (extractor.extract(document.content(), document.mediaType(), document.fileName())) {
            case Extraction.Refused(var reason, var detail) -> new DocumentStored.Refused(reason, detail);
            case Extraction.Extracted extracted -> put(context, document, extracted, replaces);
        };
    }

    private DocumentStored put(
            Context context, NewDocument document, Extraction.Extracted extracted, OptionalLong replaces) {
        var fingerprint = log.fingerprint(context.tenant(), document.content());
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            var decided = decide(context, document, extracted, fingerprint, replaces);
            if (decided.isPresent()) {
                return decided.get();
            }
        }
        throw new StorageException(
                StorageException.Kind.BUSY,
                "The document changed under each of %d attempts to store it".formatted(ATTEMPTS_MAX),
                new ConcurrentModificationException());
    }

    /// @param current the document that has the id
    /// @param deleted the one that had it
    /// @param content of the current version, unless it cannot be read
    private record Found(
            Optional<Row> current, Optional<Row> deleted, Optional<DocumentId> holder, Optional<Document> content) {
        /// Of the last event of the id's stream.
        long version() {
            return current.or(() -> deleted).map(row -> row.number("version")).orElse(0L);
        }
    }

    /// One attempt; nothing if somebody else was faster.
    private Optional<DocumentStored> decide(
            Context context,
            NewDocument given,
            Extraction.Extracted extracted,
            String fingerprint,
            OptionalLong replaces) {
        var tenant = context.tenant();
        var found = log.read(tenant, view -> {
            var holder = view.row(DocumentRows.CONTENT, DocumentRows.CONTENT.key(fingerprint))
                    .map(row -> new DocumentId(row.text("document")));
            var id = given.id() == null ? holder : Optional.of(given.id());
            var known = id.flatMap(wanted -> view.row(DocumentRows.TABLE, key(wanted)));
            var current = known.filter(Documents::stands);
            return new Found(
                    current,
                    known.filter(row -> !stands(row)),
                    holder,
                    current.flatMap(row -> readable(view, List.of(row)).stream().findFirst()));
        });
        var current = found.current();
        long version = current.map(row -> row.number("version")).orElse(0L);
        if (found.deleted().isPresent() && !given.reusesDeletedId()) {
            return Optional.of(new DocumentStored.Deleted());
        }
        if (replaces.isPresent() && replaces.getAsLong() != version) {
            return Optional.of(new DocumentStored.VersionMismatch(version));
        }
        if (given.id() == null && current.isPresent()) {
            return Optional.of(unchanged(tenant, current.get()));
        }
        var id = given.id() == null ? new DocumentId(ids.next().toString()) : given.id();
        if (found.holder().filter(holder -> !holder.equals(id)).isPresent()) {
            return Optional.of(
                    new DocumentStored.ContentElsewhere(found.holder().get()));
        }
        return store(context, given, id, extracted, fingerprint, found);
    }

    private Optional<DocumentStored> store(
            Context context,
            NewDocument given,
            DocumentId id,
            Extraction.Extracted extracted,
            String fingerprint,
            Found found) {
        var current = found.current();
        var rows = new ArrayList<RowChange>();
        var expectations = new ArrayList<RowExpectation>();
        var original = blob(context, id, given.content(), expectations, rows);
        var text = extracted.text().getBytes(UTF_8);
        var textAddress = Arrays.equals(text, given.content()) ? original : blob(context, id, text, expectations, rows);
        var next = new Document(
                id,
                found.version() + 1,
                given.title() == null ? extracted.title() : given.title(),
                extracted.mediaType(),
                given.sourceType(),
                given.language() == null ? detector.detect(extracted.text()).orElse(null) : given.language(),
                given.tags(),
                given.metadata(),
                given.at() == null ? extracted.sentAt().orElse(null) : given.at(),
                fingerprint,
                original,
                textAddress,
                given.content().length,
                extracted.headings(),
                extracted.pages());
        if (current.isPresent()
                && found.content().filter(known -> known.sameAs(next)).isPresent()) {
            return Optional.of(unchanged(context.tenant(), current.get()));
        }
        var payload = next.payload();
        current.map(row -> row.text("fingerprint"))
                .filter(released -> !released.equals(fingerprint))
                .ifPresent(released -> payload.put(DocumentRows.RELEASED, released));
        found.deleted().ifPresent(deleted -> payload.put(DocumentRows.REUSED, deleted.number("version")));
        var event = new NewEvent(
                ids.next(), Document.STORED, Document.SCHEMA_VERSION, id.subject(), payload, ids.now(), null);
        expectations.add(claimable(fingerprint, id, current));
        var unit = new Unit(
                context,
                List.of(new StreamAppend(id.stream(), Expected.version(found.version()), List.of(event))),
                expectations,
                rows);
        return switch (log.append(unit)) {
            case Appended.Written(var at, var versions) ->
                Optional.of(new DocumentStored.Stored(
                        id,
                        next.version(),
                        at,
                        current.isPresent() ? DocumentStored.Status.UPDATED : DocumentStored.Status.CREATED));
            case Appended.Conflict conflict -> Optional.empty();
            case Appended.Unmet unmet -> Optional.empty();
            case Appended.Refused refused -> throw new IllegalStateException("A document was refused: " + refused);
            case Appended.Duplicate duplicate ->
                throw new IllegalStateException("A new event id was there already: " + duplicate);
        };
    }

    private String blob(
            Context context, DocumentId id, byte[] content, List<RowExpectation> expectations, List<RowChange> rows) {
        var stored = log.blobs().store(context, id.subject(), content);
        expectations.addAll(stored.expectations());
        rows.addAll(stored.rows());
        return stored.address();
    }

    private static RowExpectation claimable(String fingerprint, DocumentId id, Optional<Row> current) {
        var key = DocumentRows.CONTENT.key(fingerprint);
        return current.filter(row -> row.text("fingerprint").equals(fingerprint))
                        .isPresent()
                ? new RowExpectation.Cell(DocumentRows.CONTENT, key, "document", id.id())
                : new RowExpectation.Absent(DocumentRows.CONTENT, key);
    }

    /// The current version of a document, unless there is none or it was deleted.
    public Optional<Kept> find(Tenant tenant, DocumentId id) {
        return log.read(tenant, view -> {
            var row = standing(view, id).stream().toList();
            return current(view, row).stream().findFirst();
        });
    }

    /// One version of a document, older or current, unless there is none or the document was deleted.
    public Optional<Kept> find(Tenant tenant, DocumentId id, long version) {
        return log.read(
                tenant,
                view -> standing(view, id)
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
                view -> standing(view, id)
                        .map(row -> view.stream(id.stream(), Math.max(after, deletedVersion(row)), limit).stream()
                                .flatMap(event -> kept(event, row).stream())
                                .toList())
                        .orElse(List.of()));
    }

    private static Optional<Row> standing(TenantView view, DocumentId id) {
        return view.row(DocumentRows.TABLE, key(id)).filter(Documents::stands);
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
                        .filter(Documents::stands)
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
                                .filter(Documents::stands)
                                .limit((long) limit - found.size())
                                .toList()));
                from = rows.isEmpty() ? from : rows.getLast().key();
            } while (rows.size() == SCAN && found.size() < limit);
            return found;
        });
    }

    /// Deletes a document for good: its id may be used again by those who say so, its content under any other.
    ///
    /// @return where the deletion stands in the log, or nothing if there was no such document
    public Optional<Position> delete(Context context, DocumentId id) {
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            var row = log.read(context.tenant(), view -> view.row(DocumentRows.TABLE, key(id)));
            if (row.isEmpty()) {
                return Optional.empty();
            }
            if (row.get().numberOrNull("deleted_at") != null) {
                return row.map(deleted -> position(context.tenant(), deleted));
            }
            if (log.append(deletion(context, id, row.get())) instanceof Appended.Written(var at, var versions)) {
                return Optional.of(at);
            }
        }
        throw new StorageException(
                StorageException.Kind.BUSY,
                "The document changed under each of %d attempts to delete it".formatted(ATTEMPTS_MAX),
                new ConcurrentModificationException());
    }

    private Unit deletion(Context context, DocumentId id, Row current) {
        var event = new NewEvent(
                ids.next(),
                Document.DELETED,
                1,
                id.subject(),
                JsonNodeFactory.instance.objectNode().put(DocumentRows.RELEASED, current.text("fingerprint")),
                ids.now(),
                null);
        return Unit.of(
                context, new StreamAppend(id.stream(), Expected.version(current.number("version")), List.of(event)));
    }

    private DocumentStored unchanged(Tenant tenant, Row row) {
        return new DocumentStored.Stored(
                new DocumentId(row.text("id")),
                row.number("version"),
                position(tenant, row),
                DocumentStored.Status.UNCHANGED);
    }

    private static boolean stands(Row row) {
        return row.numberOrNull("deleted_at") == null;
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
