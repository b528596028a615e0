package io.cairn.knowledge;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cairn.event.EventLog;
import io.cairn.event.EventType;
import io.cairn.event.Expected;
import io.cairn.event.Ids;
import io.cairn.event.NewEvent;
import io.cairn.event.StreamAppend;
import io.cairn.event.Unit;
import io.cairn.knowledge.DocumentStored.Status;
import io.cairn.knowledge.Extraction.Extracted;
import io.cairn.row.RowChange;
import io.cairn.row.RowExpectation;
import io.cairn.tenant.Context;
import io.cairn.text.LanguageDetector;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The one unit of work in which a document and the files that came in it are kept, replaced and deleted.
final class DocumentUnit {
    private final EventLog log;
    private final Ids ids;
    private final LanguageDetector detector;
    private final Context context;
    private final DocumentId root;
    private final List<StreamAppend> appends = new ArrayList<>();
    private final List<RowExpectation> expectations = new ArrayList<>();
    private final List<RowChange> rows = new ArrayList<>();
    private final Map<ByteBuffer, String> blobs = new HashMap<>();

    /// @param root whose key seals all of them
    DocumentUnit(EventLog log, Ids ids, LanguageDetector detector, Context context, DocumentId root) {
        this.log = log;
        this.ids = ids;
        this.detector = detector;
        this.context = context;
        this.root = root;
    }

    /// Keeps a version whose file and text are stored, unless the current one says the same.
    Status put(
            DocumentStanding standing,
            NewDocument given,
            Extracted extracted,
            @Nullable DocumentId partOf,
            List<Document.Within> parts) {
        var fingerprint = log.fingerprint(context.tenant(), given.content());
        var original = blob(given.content());
        var next = new Document(
                standing.id(),
                standing.version() + 1,
                given.title() == null ? extracted.title() : given.title(),
                extracted.mediaType(),
                given.sourceType(),
                given.language() == null ? detector.detect(extracted.text()).orElse(null) : given.language(),
                given.tags(),
                given.metadata(),
                given.at() == null ? extracted.sentAt().orElse(null) : given.at(),
                fingerprint,
                original,
                blob(extracted.text().getBytes(UTF_8)),
                given.content().length,
                extracted.headings(),
                extracted.pages(),
                partOf,
                parts);
        if (standing.says(next)) {
            expectations.add(standing.unmoved());
            return Status.UNCHANGED;
        }
        var payload = next.payload();
        standing.claimed()
                .filter(claimed -> partOf != null || !claimed.equals(fingerprint))
                .ifPresent(released -> payload.put(DocumentRows.RELEASED, released));
        standing.deleted().ifPresent(deleted -> payload.put(DocumentRows.REUSED, deleted.number("version")));
        if (partOf == null) {
            expectations.add(standing.claimable(fingerprint));
        }
        append(standing, Document.STORED, Document.SCHEMA_VERSION, payload);
        return standing.current().isPresent() ? Status.UPDATED : Status.CREATED;
    }

    void delete(DocumentStanding standing) {
        var payload = JsonNodeFactory.instance.objectNode();
        standing.claimed().ifPresent(released -> payload.put(DocumentRows.RELEASED, released));
        append(standing, Document.DELETED, 1, payload);
    }

    private void append(DocumentStanding standing, EventType type, int schemaVersion, ObjectNode payload) {
        var event = new NewEvent(ids.next(), type, schemaVersion, root.subject(), payload, ids.now(), null);
        appends.add(new StreamAppend(standing.id().stream(), Expected.version(standing.version()), List.of(event)));
    }

    /// Stores the bytes that documents of this unit will name, all at once.
    void store(Stream<byte[]> contents) {
        var distinct = contents.map(ByteBuffer::wrap).distinct().toList();
        var stored = log.blobs()
                .store(
                        context,
                        root.subject(),
                        distinct.stream().map(ByteBuffer::array).toList());
        for (int i = 0; i < distinct.size(); i++) {
            expectations.addAll(stored.get(i).expectations());
            rows.addAll(stored.get(i).rows());
            blobs.put(distinct.get(i), stored.get(i).address());
        }
    }

    private String blob(byte[] content) {
        return Objects.requireNonNull(blobs.get(ByteBuffer.wrap(content)), "Content that was not stored before");
    }

    /// Whether nothing is to be written.
    boolean isEmpty() {
        return appends.isEmpty();
    }

    Unit unit() {
        return new Unit(context, appends, expectations, rows);
    }
}
