package io.cairn.bench;

import io.cairn.bench.DataSet.Question;
import io.cairn.bench.DataSet.Text;
import io.cairn.knowledge.DocumentId;
import io.cairn.knowledge.NewDocument;
import io.cairn.memory.ConversationId;
import io.cairn.memory.MessagesAdded;
import io.cairn.memory.NewMessage;
import io.cairn.model.Embeddings;
import io.cairn.passage.Citation;
import io.cairn.recall.Hit;
import io.cairn.recall.Query;
import io.cairn.recall.Recall;
import io.cairn.recall.RecallSettings;
import io.cairn.recall.Recalled;
import io.cairn.seal.MasterKey;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import io.cairn.text.Language;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import tools.jackson.databind.node.JsonNodeFactory;

/// Cairn from end to end: texts go in as messages or documents, questions are recalled.
///
/// A group is a tenant. Its turns are the messages of one conversation, in their order; other texts are one document
/// each, which counts as found by the best of its chunks.
final class CairnRanker implements Ranker {
    private static final Duration INDEXING_MAX = Duration.ofHours(2);
    private static final int MESSAGES_AT_ONCE = 100;

    private final Engine engine;

    private CairnRanker(Engine engine) {
        this.engine = engine;
    }

    static CairnRanker of(DataSet set, Path folder, MasterKey master, Embeddings embeddings)
            throws InterruptedException {
        return of(set, folder, master, embeddings, Engine.Vectors.lucene());
    }

    static CairnRanker of(DataSet set, Path folder, MasterKey master, Embeddings embeddings, Engine.Vectors vectors)
            throws InterruptedException {
        var ranker = filled(set, folder, master, embeddings, vectors);
        ranker.awaitIndexed();
        return ranker;
    }

    void awaitIndexed() throws InterruptedException {
        engine.awaitIndexed(INDEXING_MAX);
    }

    /// One whose texts can all be found by their words, while the index of vectors may still be behind.
    static CairnRanker worded(DataSet set, Path folder, MasterKey master, Embeddings embeddings, Engine.Vectors vectors)
            throws InterruptedException {
        var ranker = filled(set, folder, master, embeddings, vectors);
        ranker.engine.awaitWords(INDEXING_MAX);
        return ranker;
    }

    private static CairnRanker filled(
            DataSet set, Path folder, MasterKey master, Embeddings embeddings, Engine.Vectors vectors) {
        var engine = new Engine(folder, master, embeddings, Language.ofTag(set.language()), vectors);
        var byGroup = set.texts().stream()
                .collect(Collectors.groupingBy(Text::group, LinkedHashMap::new, Collectors.toList()));
        for (Map.Entry<String, List<Text>> group : byGroup.entrySet()) {
            add(engine, context(group.getKey()), group.getKey(), group.getValue());
        }
        return new CairnRanker(engine);
    }

    private static Context context(String group) {
        return new Context(group.isEmpty() ? Tenant.DEFAULT : new Tenant(group), "bench", "bench");
    }

    private static void add(Engine engine, Context context, String group, List<Text> texts) {
        var messages = new ArrayList<NewMessage>();
        for (var text : texts) {
            if (text.isTurn()) {
                messages.add(message(text));
            } else if (!text.text().isBlank()) {
                engine.documents.put(context, document(text), OptionalLong.empty());
            }
        }
        for (int from = 0; from < messages.size(); from += MESSAGES_AT_ONCE) {
            var part = messages.subList(from, Math.min(messages.size(), from + MESSAGES_AT_ONCE));
            if (!(engine.conversations.add(context, new ConversationId(group), part) instanceof MessagesAdded.Added)) {
                throw new IllegalStateException("Messages of %s were not added".formatted(group));
            }
        }
    }

    private static NewMessage message(Text turn) {
        var speaker = turn.meta().path("speaker").asString();
        var label = speaker + ": ";
        return new NewMessage(
                turn.id(),
                "user",
                speaker,
                turn.text().startsWith(label) ? turn.text().substring(label.length()) : turn.text(),
                LocalDateTime.parse(turn.meta().path("time").asString()).toInstant(ZoneOffset.UTC),
                JsonNodeFactory.instance.objectNode());
    }

    private static NewDocument document(Text text) {
        return NewDocument.plain(new DocumentId(text.id()), text.title().isBlank() ? null : text.title(), text.text());
    }

    @Override
    public List<Scored> rank(Question question) {
        return rank(question, engine.recall);
    }

    /// Asks the same store with other weights.
    List<Scored> rank(Question question, RecallSettings settings) {
        return rank(question, engine.recall(settings));
    }

    private static List<Scored> rank(Question question, Recall recall) {
        return scored(hits(question.text(), question.group(), recall));
    }

    /// What a group says to a question, which need not be one of its own.
    ///
    /// @param meant whether the question's meaning is searched as well as its words
    List<Hit> hits(String question, String group, boolean meant) {
        return hits(question, group, meant ? engine.recall : engine.recallByWords());
    }

    private static List<Hit> hits(String question, String group, Recall recall) {
        var query = Query.of(question).limit(DEPTH);
        return switch (recall.recall(context(group).tenant(), query)) {
            case Recalled.Answer answer -> answer.hits();
            case Recalled.NotYet notYet -> throw new IllegalStateException("No position was asked for: " + notYet);
            case Recalled.PositionMoved moved -> throw new IllegalStateException("No position was asked for: " + moved);
        };
    }

    private static List<Scored> scored(List<Hit> hits) {
        var best = new LinkedHashMap<String, Scored>();
        hits.forEach(hit -> best.putIfAbsent(textOf(hit), new Scored(textOf(hit), hit.score())));
        return List.copyOf(best.values());
    }

    /// The id of the text in which a hit stands.
    static String textOf(Hit hit) {
        return switch (hit.citation()) {
            case Citation.OfMessage message -> message.messageId();
            case Citation.OfDocument document -> document.document();
        };
    }

    /// How many passages the index of vectors shows.
    long embedded() {
        return engine.dense.current().passages();
    }

    @Override
    public void close() {
        engine.close();
    }
}
