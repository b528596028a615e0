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
import io.cairn.tenant.Tenant;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Looks up what was found, in one snapshot of the log: an index may lag, the log does not.
///
/// What is deleted, superseded or unreadable by now is left out, and the next candidate takes its place.
final class Hydration {
    private final TenantView view;
    private final Map<String, Optional<Text>> documents = new HashMap<>();

    /// A document with its text.
    private record Text(Document document, String text) {}

    private Hydration(TenantView view) {
        this.view = view;
    }

    static List<Hit> hits(EventLog log, Tenant tenant, List<Fusion.Ranked> ranked, Query query) {
        return log.read(tenant, view -> {
            var hydration = new Hydration(view);
            var hits = new ArrayList<Hit>();
            for (var candidate : ranked) {
                if (hits.size() == query.limit()) {
                    break;
                }
                if (candidate.relevance() >= query.threshold().orElse(0)) {
                    hydration.hit(candidate).ifPresent(hits::add);
                }
            }
            return hits;
        });
    }

    private Optional<Hit> hit(Fusion.Ranked ranked) {
        return switch (ranked.ref().kind()) {
            case MESSAGE ->
                Conversations.message(
                                view,
                                new ConversationId(ranked.ref().source()),
                                ranked.ref().number())
                        .flatMap(message -> hit(ranked, message));
            case DOCUMENT ->
                documents
                        .computeIfAbsent(ranked.ref().source(), this::document)
                        .filter(found ->
                                found.document().version() == ranked.ref().number())
                        .flatMap(found -> hit(ranked, found));
        };
    }

    private Optional<Text> document(String id) {
        return Documents.find(view, new DocumentId(id))
                .flatMap(document ->
                        view.blob(document.text()).map(bytes -> new Text(document, new String(bytes, UTF_8))));
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
