package io.cairn.server.rest;

import io.cairn.client.wire.Deleted;
import io.cairn.client.wire.Document;
import io.cairn.client.wire.DocumentBatch;
import io.cairn.client.wire.DocumentBatchAnswer;
import io.cairn.client.wire.DocumentResult;
import io.cairn.client.wire.NewDocument;
import io.cairn.client.wire.Page;
import io.cairn.client.wire.StoredDocument;
import io.cairn.event.EventLog;
import io.cairn.knowledge.DocumentId;
import io.cairn.knowledge.DocumentStored;
import io.cairn.knowledge.Documents;
import io.cairn.server.http.Call;
import io.cairn.server.http.Field;
import io.cairn.server.http.HttpLimits;
import io.cairn.server.http.Paging;
import io.cairn.server.http.Refusal;
import io.cairn.server.http.Trouble;
import io.cairn.server.wire.DocumentBodies;
import io.cairn.server.wire.DocumentIntake;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RequestPart;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartFile;

/// Documents: one, many, or a stream of them.
@RestController
@RequestMapping("/v1/documents")
final class DocumentsDoor {
    private static final Pattern VERSION = Pattern.compile("(?:W/)?\"?([0-9]{1,9})\"?");

    private final Documents documents;
    private final DocumentIntake intake;
    private final DocumentBatches batches;
    private final DocumentImport imports;
    private final EventLog log;
    private final HttpLimits limits;

    DocumentsDoor(
            Documents documents,
            DocumentIntake intake,
            DocumentBatches batches,
            DocumentImport imports,
            EventLog log,
            HttpLimits limits) {
        this.documents = documents;
        this.intake = intake;
        this.batches = batches;
        this.imports = imports;
        this.log = log;
        this.limits = limits;
    }

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<StoredDocument> add(
            Call call,
            @RequestBody NewDocument body,
            @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch,
            @RequestHeader(name = IdempotencyKey.HEADER, required = false) @Nullable String idempotency) {
        var made = made(body.id(), idempotency);
        return answered(call, made, DocumentBodies.document(Field.of(""), body, made, limits), ifMatch);
    }

    @PostMapping(consumes = MediaType.MULTIPART_FORM_DATA_VALUE)
    ResponseEntity<StoredDocument> upload(
            Call call,
            @RequestPart("file") MultipartFile file,
            HttpServletRequest request,
            @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch,
            @RequestHeader(name = IdempotencyKey.HEADER, required = false) @Nullable String idempotency)
            throws IOException {
        var said = UploadForm.of(request.getParameterMap());
        var made = made(said.id(), idempotency);
        var document = DocumentBodies.described(
                Field.of(""),
                said,
                made,
                file.getBytes(),
                UploadForm.mediaType(said, file),
                file.getOriginalFilename(),
                limits);
        return answered(call, made, document, ifMatch);
    }

    private static @Nullable DocumentId made(@Nullable String id, @Nullable String idempotency) {
        var key = IdempotencyKey.of(idempotency);
        return id != null
                ? null
                : key.map(known -> new DocumentId(known.id(0).toString())).orElse(null);
    }

    private ResponseEntity<StoredDocument> answered(
            Call call, @Nullable DocumentId made, io.cairn.knowledge.NewDocument document, @Nullable String ifMatch) {
        call.count("bytes", document.content().length);
        var stored = made == null
                ? intake.keep(call.context(), document, version(ifMatch))
                : intake.keepOnce(call.context(), made, document);
        boolean created = stored.status() == DocumentStored.Status.CREATED;
        return ResponseEntity.status(created ? 201 : 200)
                .eTag("\"" + stored.version() + "\"")
                .body(DocumentBodies.wire(stored));
    }

    private static OptionalLong version(@Nullable String ifMatch) {
        if (ifMatch == null) {
            return OptionalLong.empty();
        }
        var version = VERSION.matcher(ifMatch.strip());
        if (!version.matches()) {
            throw Field.of("If-Match").invalid("'" + ifMatch + "'", "the version of the document, such as \"3\"");
        }
        return OptionalLong.of(Long.parseLong(version.group(1)));
    }

    @PostMapping("/batch")
    DocumentBatchAnswer batch(
            Call call,
            @RequestBody DocumentBatch body,
            @RequestHeader(name = IdempotencyKey.HEADER, required = false) @Nullable String idempotency) {
        var key = IdempotencyKey.of(idempotency);
        Field.of("documents").count(body.documents(), limits.batchItemsMax());
        var results = new ArrayList<DocumentResult>();
        try (var run = batches.begin(call.context(), results::add)) {
            for (int i = 0; i < body.documents().size(); i++) {
                int index = i;
                var made = key.map(known -> new DocumentId(known.id(index).toString()));
                run.add(i, made.orElse(null), body.documents().get(i));
            }
            run.finish();
            call.count("documents", results.size());
            call.count("rejected", run.rejected());
        }
        return new DocumentBatchAnswer(
                log.head(log.partition(call.tenant())).position().wire(), results);
    }

    @PostMapping(
            path = "/import",
            consumes = {DocumentImport.NDJSON, "application/ndjson", "application/jsonl"},
            produces = DocumentImport.NDJSON)
    void stream(Call call, HttpServletRequest request, HttpServletResponse response) throws IOException {
        imports.run(call, request, response);
    }

    @GetMapping
    Page<Document> list(
            Call call,
            @RequestParam(required = false) @Nullable String after,
            @RequestParam(required = false) @Nullable String limit) {
        var paging = Paging.of(limit);
        var from = after == null ? null : Field.of("after").built(after, () -> new DocumentId(after));
        return paging.page(
                documents.list(call.tenant(), from, paging.oneMore()),
                current -> DocumentBodies.wire(current, null),
                current -> current.document().id().id());
    }

    @GetMapping("/{id}")
    ResponseEntity<Document> find(Call call, @PathVariable String id) {
        return answered(
                call, documents.find(call.tenant(), DocumentBodies.id(id)).orElseThrow(() -> unknown(id)));
    }

    @GetMapping("/{id}/versions")
    Page<Document> versions(
            Call call,
            @PathVariable String id,
            @RequestParam(required = false) @Nullable String after,
            @RequestParam(required = false) @Nullable String limit) {
        var paging = Paging.of(limit);
        var document = DocumentBodies.id(id);
        long from = Paging.numberAfter(after);
        if (documents.find(call.tenant(), document).isEmpty()) {
            throw unknown(id);
        }
        return paging.page(
                documents.versions(call.tenant(), document, from, paging.oneMore()),
                kept -> DocumentBodies.wire(kept, null),
                kept -> Long.toString(kept.document().version()));
    }

    @GetMapping("/{id}/versions/{version}")
    ResponseEntity<Document> version(Call call, @PathVariable String id, @PathVariable String version) {
        long number = Paging.number("version", version);
        var kept = documents
                .find(call.tenant(), DocumentBodies.id(id), number)
                .orElseThrow(() ->
                        Trouble.NOT_FOUND.because("There is no version %d of a document '%s'".formatted(number, id)));
        return answered(call, kept);
    }

    private ResponseEntity<Document> answered(Call call, Documents.Kept kept) {
        var text = documents.text(call.tenant(), kept.document()).orElse(null);
        return ResponseEntity.ok().eTag("\"" + kept.document().version() + "\"").body(DocumentBodies.wire(kept, text));
    }

    @DeleteMapping("/{id}")
    Deleted delete(Call call, @PathVariable String id) {
        return documents
                .delete(call.context(), DocumentBodies.id(id))
                .map(position -> new Deleted(position.wire(), id))
                .orElseThrow(() -> unknown(id));
    }

    private static Refusal unknown(String id) {
        return Trouble.NOT_FOUND.because("There is no document '%s'".formatted(id));
    }
}
