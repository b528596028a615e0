package io.cairn.recall;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cairn.event.EventLog;
import io.cairn.event.TenantView;
import io.cairn.knowledge.Document;
import io.cairn.knowledge.DocumentId;
import io.cairn.knowledge.Documents;
import io.cairn.memory.ConversationId;
import io.cairn.memory.Conversations;
import io.cairn.memory.Message;
import io.cairn.seal.SealBrokenException;
import io.cairn.tenant.Tenant;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Looks up what was found, in one snapshot of the log: an index may lag, the log does not.
///
/// What is deleted, superseded or unreadable by now is left out, and the next candidate takes its place.
///
/// As many candidates as hits are still wanted are looked up together, so that an answer takes a few statements,
/// however many hits it has.
final class Hydration {
    private static final System.Logger LOG = System.getLogger(Hydration.class.getName());

    private final TenantView view;
    private final Map<Place, Message> messages = new HashMap<>();
    private final Map<DocumentId, Text> documents = new HashMap<>();

    private record Place(ConversationId conversation, long sequence) {}

    /// A document with its text.
    private record Text(Document document, String text) {}

    private Hydration(TenantView view) {
        this.view = view;
    }

    static List<Hit> hits(EventLog log, Tenant tenant, List<Fusion.Ranked> ranked, Query query) {
        var relevant = ranked.stream()
                .filter(candidate -> candidate.relevance() >= query.threshold().orElse(0))
                .toList();
        return log.read(tenant, view -> new Hydration(view).hits(relevant, query.limit()));
    }

    private List<Hit> hits(List<Fusion.Ranked> ranked, int limit) {
        var hits = new ArrayList<Hit>();
        int from = 0;
        while (hits.size() < limit && from < ranked.size()) {
            int to = Math.min(ranked.size(), from + limit - hits.size());
            var next = ranked.subList(from, to);
            lookUp(next.stream().map(Fusion.Ranked::ref).toList());
            next.forEach(candidate -> hit(candidate).ifPresent(hits::add));
            from = to;
        }
        return hits;
    }

    private void lookUp(List<UnitRef> refs) {
        var wanted = new HashMap<ConversationId, Set<Long>>();
        var sources = new HashSet<DocumentId>();
        for (var ref : refs) {
            switch (ref.kind()) {
                case MESSAGE ->
                    wanted.computeIfAbsent(new ConversationId(ref.source()), id -> new HashSet<>())
                            .add(ref.number());
                case DOCUMENT -> sources.add(new DocumentId(ref.source()));
            }
        }
        if (!wanted.isEmpty()) {
            Conversations.messages(view, wanted)
                    .forEach(found -> messages.put(new Place(found.conversation(), found.sequence()), found));
        }
        sources.removeAll(documents.keySet());
        if (!sources.isEmpty()) {
            lookUp(Documents.find(view, sources));
        }
    }

    private void lookUp(Collection<Document> found) {
        var texts = texts(found.stream().map(Document::text).toList());
        for (var document : found) {
            var text = texts.get(document.text());
            if (text != null) {
                documents.put(document.id(), new Text(document, new String(text, UTF_8)));
            }
        }
    }

    /// A text that is damaged keeps no other from being found.
    private Map<String, byte[]> texts(List<String> addresses) {
        try {
            return view.blobs(addresses);
        } catch (SealBrokenException e) {
            if (addresses.size() > 1) {
                var sound = new HashMap<String, byte[]>();
                addresses.forEach(address -> sound.putAll(texts(List.of(address))));
                return sound;
            }
            LOG.log(
                    System.Logger.Level.ERROR,
                    "The text %s is damaged, so that recall leaves out its document: %s"
                            .formatted(addresses.getFirst(), e.getMessage()));
            return Map.of();
        }
    }

    private Optional<Hit> hit(Fusion.Ranked ranked) {
        var ref = ranked.ref();
        return switch (ref.kind()) {
            case MESSAGE ->
                Optional.ofNullable(messages.get(new Place(new ConversationId(ref.source()), ref.number())))
                        .flatMap(message -> hit(ranked, message));
            case DOCUMENT ->
                Optional.ofNullable(documents.get(new DocumentId(ref.source())))
                        .filter(found -> found.document().version() == ref.number())
                        .flatMap(found -> hit(ranked, found));
        };
    }

    private static Optional<Hit> hit(Fusion.Ranked ranked, Message message) {
        var ref = ranked.ref();
        var citation = new Citation.OfMessage(
                message.conversation(), message.id(), message.sequence(), message.speaker(), ref.start(), ref.end());
        return excerpt(message.content(), ref).map(text -> hit(ranked, text, message.at(), citation));
    }

    private static Optional<Hit> hit(Fusion.Ranked ranked, Text found) {
        var ref = ranked.ref();
        var document = found.document();
        var citation = new Citation.OfDocument(
                document.id(), document.version(), document.title(), ref.heading(), ref.start(), ref.end());
        return excerpt(found.text(), ref).map(text -> hit(ranked, text, document.at(), citation));
    }

    private static Hit hit(Fusion.Ranked ranked, String text, @Nullable Instant at, Citation citation) {
        return new Hit(
                ranked.ref().id(),
                ranked.ref().kind(),
                text,
                ranked.score(),
                ranked.relevance(),
                ranked.legs(),
                ranked.boosts(),
                at,
                citation);
    }

    /// An index that was built from another text cannot cite this one.
    private static Optional<String> excerpt(String text, UnitRef ref) {
        return text.codePointCount(0, text.length()) < ref.end()
                ? Optional.empty()
                : Optional.of(
                        text.substring(text.offsetByCodePoints(0, ref.start()), text.offsetByCodePoints(0, ref.end())));
    }
}
