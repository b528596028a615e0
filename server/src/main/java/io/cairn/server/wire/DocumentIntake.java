package io.cairn.server.wire;

import io.cairn.client.wire.DocumentResult;
import io.cairn.client.wire.ProblemItem;
import io.cairn.event.EventLog;
import io.cairn.knowledge.DocumentId;
import io.cairn.knowledge.DocumentStored;
import io.cairn.knowledge.Documents;
import io.cairn.knowledge.Extraction;
import io.cairn.knowledge.NewDocument;
import io.cairn.server.http.Field;
import io.cairn.server.http.HttpLimits;
import io.cairn.server.http.Refusal;
import io.cairn.server.http.Trouble;
import io.cairn.tenant.Context;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// Takes documents in, one by one, and says of each what became of it.
@Component
public final class DocumentIntake {
    private final Documents documents;
    private final EventLog log;
    private final HttpLimits limits;
    private final Map<Extraction.Reason, Counter> refused = new EnumMap<>(Extraction.Reason.class);

    DocumentIntake(Documents documents, EventLog log, HttpLimits limits, MeterRegistry meters) {
        this.limits = limits;
        this.documents = documents;
        this.log = log;
        for (var reason : Extraction.Reason.values()) {
            refused.put(reason, meters.counter("extraction.errors", "reason", reason.code()));
        }
    }

    /// Keeps a document or throws the refusal.
    ///
    /// @param replaces the version that the caller means to replace
    public DocumentStored.Stored keep(Context context, NewDocument document, OptionalLong replaces) {
        return switch (documents.put(context, document, replaces)) {
            case DocumentStored.Stored stored -> counted(stored);
            case DocumentStored.VersionMismatch(var actual) ->
                throw Trouble.VERSION_MISMATCH
                        .because("The document is at version " + actual)
                        .actualVersion(actual);
            case DocumentStored.Refused(var reason, var detail) -> throw unreadable(reason, detail);
            case DocumentStored.ContentElsewhere(var holder) ->
                throw Trouble.CONTENT_EXISTS.because("The document '%s' has the same content".formatted(holder));
            case DocumentStored.Deleted() ->
                throw Trouble.DELETED.because(
                        "A document with this id was deleted; to use the id again, say so with reuse_deleted_id");
        };
    }

    private DocumentStored.Stored counted(DocumentStored.Stored stored) {
        for (var part : stored.parts()) {
            if (part instanceof DocumentStored.StoredPart.Rejected rejected) {
                Objects.requireNonNull(refused.get(rejected.why().reason())).increment();
            }
        }
        return stored;
    }

    private Refusal unreadable(Extraction.Reason reason, String detail) {
        Objects.requireNonNull(refused.get(reason)).increment();
        return Trouble.UNREADABLE.because(
                detail, List.of(new ProblemItem(null, "content", reason.code(), detail, null, null)));
    }

    /// Keeps a document whose id was derived from an idempotency key: it is the first of its id, or the very same.
    public DocumentStored.Stored keepOnce(Context context, DocumentId derived, NewDocument document) {
        return switch (documents.put(context, document, OptionalLong.of(0))) {
            case DocumentStored.VersionMismatch mismatch ->
                same(context, derived, document)
                        .orElseThrow(() -> Trouble.ID_REUSED.because(
                                "The idempotency key stands for a document of other content"));
            case DocumentStored.Stored stored -> counted(stored);
            case DocumentStored.Refused refused -> keep(context, document, OptionalLong.empty());
            case DocumentStored.ContentElsewhere elsewhere -> keep(context, document, OptionalLong.empty());
            case DocumentStored.Deleted deleted -> keep(context, document, OptionalLong.empty());
        };
    }

    private Optional<DocumentStored.Stored> same(Context context, DocumentId id, NewDocument document) {
        var fingerprint = log.fingerprint(context.tenant(), document.content());
        return documents
                .find(context.tenant(), id)
                .filter(current -> current.document().fingerprint().equals(fingerprint))
                .map(current -> new DocumentStored.Stored(
                        id, current.document().version(), current.position(), DocumentStored.Status.UNCHANGED));
    }

    /// Keeps one of several documents: what is refused costs the others nothing.
    public DocumentResult one(
            Context context,
            int index,
            @Nullable DocumentId made,
            io.cairn.client.wire.@Nullable NewDocument document) {
        try {
            var field = Field.item("documents", index);
            var given = field.required(document);
            var built = DocumentBodies.document(field, given, made, limits);
            var stored = made != null && given.id() == null
                    ? keepOnce(context, made, built)
                    : keep(context, built, OptionalLong.empty());
            return DocumentBodies.result(index, stored);
        } catch (Refusal refusal) {
            return DocumentBodies.rejected(index, document == null ? null : document.id(), refusal);
        }
    }
}
