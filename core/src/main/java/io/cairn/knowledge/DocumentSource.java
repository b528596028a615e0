package io.cairn.knowledge;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cairn.event.Event;
import io.cairn.event.TenantView;
import io.cairn.passage.Citation;
import io.cairn.passage.Excerpt;
import io.cairn.passage.Kind;
import io.cairn.passage.PassageRef;
import io.cairn.passage.Source;
import io.cairn.seal.SealBrokenException;
import io.cairn.tenant.Tenant;
import io.cairn.text.Chunker;
import io.cairn.text.Language;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The chunks of documents as passages.
///
/// @param defaultLanguage of a tenant's documents whose language could not be told
public record DocumentSource(Documents documents, Chunker chunker, Function<Tenant, Language> defaultLanguage)
        implements Source {
    private static final System.Logger LOG = System.getLogger(DocumentSource.class.getName());

    @Override
    public Kind kind() {
        return Kind.DOCUMENT;
    }

    @Override
    public Cutter cutter(boolean meant) {
        return new ChunkCutter(documents, chunker, defaultLanguage, meant);
    }

    @Override
    public Map<PassageRef, Excerpt> excerpts(TenantView view, Collection<PassageRef> refs) {
        var ids = refs.stream().map(ref -> new DocumentId(ref.source())).collect(Collectors.toSet());
        var found = Documents.find(view, ids).stream().collect(Collectors.toMap(Document::id, document -> document));
        var texts = texts(view, found.values().stream().map(Document::text).toList());
        var excerpts = new HashMap<PassageRef, Excerpt>();
        for (var ref : refs) {
            var document = found.get(new DocumentId(ref.source()));
            var text = document == null ? null : texts.get(document.text());
            if (document != null && text != null && document.version() == ref.number()) {
                ref.in(new String(text, UTF_8))
                        .ifPresent(stretch -> excerpts.put(
                                ref,
                                new Excerpt(
                                        stretch,
                                        ChunkCutter.headed(document, ref.heading(), stretch),
                                        document.at(),
                                        citation(document, ref))));
            }
        }
        return excerpts;
    }

    /// A text that is damaged keeps no other from being found.
    private static Map<String, byte[]> texts(TenantView view, List<String> addresses) {
        try {
            return view.blobs(addresses);
        } catch (SealBrokenException e) {
            if (addresses.size() > 1) {
                var sound = new HashMap<String, byte[]>();
                addresses.forEach(address -> sound.putAll(texts(view, List.of(address))));
                return sound;
            }
            LOG.log(
                    System.Logger.Level.ERROR,
                    "The text %s is damaged, so that recall leaves out its document: %s"
                            .formatted(addresses.getFirst(), e.getMessage()));
            return Map.of();
        }
    }

    private static Citation citation(Document document, PassageRef ref) {
        return new Citation.OfDocument(
                document.id().id(),
                document.version(),
                document.title(),
                ref.heading(),
                ref.start(),
                ref.end(),
                document.page(ref.start()),
                Citation.Chunk.of(ref));
    }

    @Override
    public List<Event> living(TenantView view, List<Event> events) {
        var stored = events.stream()
                .filter(event -> event.type().equals(Document.STORED))
                .toList();
        var versions = Documents.find(
                        view,
                        stored.stream()
                                .map(event -> new DocumentId(event.stream().id()))
                                .collect(Collectors.toSet()))
                .stream()
                .collect(Collectors.toMap(Document::id, Document::version));
        return stored.stream()
                .filter(event -> Objects.equals(
                        versions.get(new DocumentId(event.stream().id())), event.version()))
                .toList();
    }
}
