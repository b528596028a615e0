package io.cairn.knowledge;

import io.cairn.event.Event;
import io.cairn.event.Times;
import io.cairn.passage.FieldValue;
import io.cairn.passage.Kind;
import io.cairn.passage.Passage;
import io.cairn.passage.PassageChange;
import io.cairn.passage.PassageRef;
import io.cairn.passage.Source;
import io.cairn.passage.SourceId;
import io.cairn.tenant.Tenant;
import io.cairn.text.Chunk;
import io.cairn.text.Chunker;
import io.cairn.text.Language;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Makes passages of documents: one per chunk of the current version, with title and headings.
final class ChunkCutter implements Source.Cutter {
    private final Documents documents;
    private final Chunker chunker;
    private final Function<Tenant, Language> defaultLanguage;
    private final boolean meant;

    ChunkCutter(Documents documents, Chunker chunker, Function<Tenant, Language> defaultLanguage, boolean meant) {
        this.documents = documents;
        this.chunker = chunker;
        this.defaultLanguage = defaultLanguage;
        this.meant = meant;
    }

    @Override
    public List<PassageChange> changes(Event event) {
        if (event.type().equals(Document.STORED)) {
            return Stream.concat(
                            Stream.of(removed(event)),
                            Document.of(event).stream().flatMap(document -> chunks(event, document)))
                    .toList();
        }
        return event.type().equals(Document.DELETED) ? List.of(removed(event)) : List.of();
    }

    private static PassageChange removed(Event event) {
        return new PassageChange.Remove(
                event.tenant(), new SourceId(Kind.DOCUMENT, event.stream().id()));
    }

    private Stream<PassageChange> chunks(Event event, Document document) {
        var text = documents.text(event.tenant(), document);
        if (text.isEmpty()) {
            return Stream.of();
        }
        var chunks = chunker.chunk(text.get(), document.headings());
        var passages = chunks.stream()
                .map(chunk -> chunk(event.tenant(), document, chunk, chunks.size()))
                .toList();
        return Stream.of(new PassageChange.Put(passages));
    }

    private Passage chunk(Tenant tenant, Document document, Chunk chunk, int of) {
        var at = document.at();
        var text = headed(document, chunk.headingPath(), chunk.text());
        return new Passage(
                tenant,
                new PassageRef(
                        Kind.DOCUMENT,
                        document.id().id(),
                        document.version(),
                        chunk.index(),
                        chunk.start(),
                        chunk.end(),
                        null,
                        0,
                        at == null ? null : Times.micros(at),
                        language(tenant, document.language()),
                        chunk.headingPath(),
                        of),
                null,
                List.of(text),
                meant ? List.of(List.of(text)) : List.of(),
                document.title(),
                document.sourceType(),
                document.tags(),
                FieldValue.ofFields(document.metadata()));
    }

    private String language(Tenant tenant, @Nullable Language known) {
        return (known == null ? defaultLanguage.apply(tenant) : known).tag();
    }

    /// A stretch under its document's title and headings.
    static String headed(Document document, List<String> heading, String text) {
        var header = Stream.concat(Stream.ofNullable(document.title()), heading.stream())
                .distinct()
                .collect(Collectors.joining(" › "));
        return header.isEmpty() ? text : header + "\n" + text;
    }
}
