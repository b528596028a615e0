package io.cairn.client;

import io.cairn.client.wire.Deleted;
import io.cairn.client.wire.Document;
import io.cairn.client.wire.DocumentBatch;
import io.cairn.client.wire.DocumentBatchAnswer;
import io.cairn.client.wire.DocumentResult;
import io.cairn.client.wire.NewDocument;
import io.cairn.client.wire.Page;
import io.cairn.client.wire.StoredDocument;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The documents of a tenant.
public final class Documents {
    private final Transport transport;
    private final Supplier<String> ids;

    Documents(Transport transport, Supplier<String> ids) {
        this.transport = transport;
        this.ids = ids;
    }

    public StoredDocument add(NewDocument document) {
        return transport.send(
                Call.post(Address.of("documents"), named(document), Call.Again.HARMLESS), StoredDocument.class);
    }

    /// Adds a version if the document still stands at `version`; otherwise the server refuses with status
    /// 412.
    public StoredDocument add(NewDocument document, int version) {
        Call call = Call.post(Address.of("documents"), named(document), Call.Again.ONLY_IF_REFUSED)
                .with("If-Match", "\"" + version + "\"");
        return transport.send(call, StoredDocument.class);
    }

    /// Adds a file of any kind that the server reads, sent as it is.
    public StoredDocument add(DocumentFile file) {
        return transport.send(file.form(ids.get()).call(Address.of("documents")), StoredDocument.class);
    }

    /// Adds documents in one request; each succeeds or fails alone.
    public DocumentBatchAnswer addBatch(List<NewDocument> documents) {
        DocumentBatch batch =
                new DocumentBatch(documents.stream().map(this::named).toList());
        return transport.send(
                Call.post(Address.of("documents", "batch"), batch, Call.Again.HARMLESS), DocumentBatchAnswer.class);
    }

    /// Adds any number of documents; each result is handed over when its document is durable.
    ///
    /// Only a part of them is held in memory at a time. A broken connection is taken up with what has no
    /// result yet.
    public void addAll(Iterator<NewDocument> documents, Consumer<DocumentResult> results) {
        new DocumentImport(transport, this::named, results).run(documents);
    }

    public Document get(String document) {
        return transport.send(Call.get(Address.of("documents", document)), Document.class);
    }

    /// A version of a document, older or current.
    public Document get(String document, int version) {
        return transport.send(
                Call.get(Address.of("documents", document, "versions", Integer.toString(version))), Document.class);
    }

    public Page<Document> versions(String document, @Nullable String after, @Nullable Integer limit) {
        Address address = Address.of("documents", document, "versions")
                .with("after", after)
                .with("limit", limit);
        return transport.page(Call.get(address), Document.class);
    }

    /// All versions of a document without their content, the oldest first, read page by page.
    public Stream<Document> versions(String document) {
        return Pages.all(after -> versions(document, after, null));
    }

    public Page<Document> list(@Nullable String after, @Nullable Integer limit) {
        Address address = Address.of("documents").with("after", after).with("limit", limit);
        return transport.page(Call.get(address), Document.class);
    }

    /// All documents without their content, read page by page.
    public Stream<Document> list() {
        return Pages.all(after -> list(after, null));
    }

    public Deleted delete(String document) {
        return transport.send(Call.delete(Address.of("documents", document)), Deleted.class);
    }

    private NewDocument named(NewDocument document) {
        return document.id() == null ? document.withId(ids.get()) : document;
    }
}
