package io.cairn.recall;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cairn.event.EventLog;
import io.cairn.event.Ids;
import io.cairn.event.LogStorage;
import io.cairn.knowledge.DocumentId;
import io.cairn.knowledge.DocumentRows;
import io.cairn.knowledge.DocumentSource;
import io.cairn.knowledge.Documents;
import io.cairn.knowledge.NewDocument;
import io.cairn.knowledge.TextExtractor;
import io.cairn.memory.ConversationId;
import io.cairn.memory.ConversationRows;
import io.cairn.memory.ConversationSource;
import io.cairn.memory.Conversations;
import io.cairn.memory.NewMessage;
import io.cairn.model.EmbeddingMeter;
import io.cairn.model.EmbeddingModel;
import io.cairn.model.Embeddings;
import io.cairn.model.VectorStore;
import io.cairn.passage.Passages;
import io.cairn.projection.Generations;
import io.cairn.seal.MasterKey;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import io.cairn.text.ChunkSettings;
import io.cairn.text.Chunker;
import io.cairn.text.Language;
import io.cairn.text.LanguageDetector;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import tools.jackson.databind.node.JsonNodeFactory;

/// A log of messages and documents, and a dense index that follows it step by step, in generations.
public abstract class DenseIndexFixture {
    protected static final Tenant ACME = new Tenant("acme");
    static final int DIMENSIONS = 64;
    static final Tenant OTHER = new Tenant("other");
    static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private final SecureRandom random = new SecureRandom();
    private final Ids ids = new Ids(Clock.systemUTC(), random);
    final TryingModel model = new TryingModel(EmbeddingModel.inMemory(DIMENSIONS));
    EventLog log;
    Conversations conversations;
    Documents documents;
    Embeddings embeddings;
    Generations<DenseIndex> generations;
    private final DensePlace place;

    protected DenseIndexFixture(DensePlace place) {
        this.place = place;
    }

    @BeforeEach
    void start() {
        var tables = Stream.of(EventLog.tables(), new ConversationRows().tables(), new DocumentRows().tables())
                .flatMap(List::stream)
                .toList();
        var master = MasterKey.random(random);
        log = EventLog.on(LogStorage.inMemory(tables, 1))
                .sealedWith(master)
                .inline(new ConversationRows(), new DocumentRows())
                .ids(ids)
                .random(random)
                .start();
        conversations = new Conversations(log, LanguageDetector.undecided(), ids);
        documents = new Documents(log, TextExtractor.plainText(), LanguageDetector.undecided(), ids);
        embeddings = new Embeddings(
                model,
                VectorStore.inMemory(),
                master::fingerprintKey,
                EmbeddingMeter.none(),
                Embeddings.Settings.DEFAULT);
        generations = open();
    }

    /// The same place again, as another node or the next process would.
    protected Generations<DenseIndex> open() {
        return place.open(this::passages, embeddings);
    }

    /// The generations that the test works with.
    protected Generations<DenseIndex> generations() {
        return generations;
    }

    DensePlace place() {
        return place;
    }

    protected Passages passages() {
        return new Passages(List.of(
                new ConversationSource(log, new Chunker(ChunkSettings.DEFAULT), tenant -> new Language("en")),
                new DocumentSource(documents, new Chunker(ChunkSettings.DEFAULT), tenant -> new Language("en"))));
    }

    @AfterEach
    void stop() {
        generations.close();
        embeddings.close();
        log.close();
    }

    /// Lets a second generation take over, so that there is a former one.
    protected void switched() {
        say(ACME, "chat", "Ana", "The red bicycle is in the cellar.");
        follow();
        current().commit();
        var begun = generations.begin();
        follow(begun.projection());
        begun.projection().commit();
        generations.promote();
    }

    protected void reopen() {
        generations.close();
        generations = open();
    }

    protected DenseIndex current() {
        return generations.current().projection();
    }

    /// Lets the current generation take in the whole log.
    protected long follow() {
        return follow(current());
    }

    protected long follow(DenseIndex index) {
        long head = log.head(0).number();
        while (index.applied(0) < head) {
            var events = log.feed().after(0, index.applied(0), 500, Long.MAX_VALUE);
            index.apply(0, events, events.getLast().position().number());
        }
        index.publish();
        return head;
    }

    protected List<Candidate> search(Tenant tenant, String text, Filters filters) {
        return current().search(tenant, query(text), filters, 10, false);
    }

    protected float[] query(String text) {
        return embeddings.query(ACME, text);
    }

    protected static List<String> ids(List<Candidate> found) {
        return found.stream().map(candidate -> candidate.ref().id()).toList();
    }

    static Context context(Tenant tenant) {
        return new Context(tenant, "tester", "corr");
    }

    protected void say(Tenant tenant, String in, String speaker, String text) {
        say(tenant, in, speaker, text, NOON, Map.of());
    }

    void say(Tenant tenant, String in, String speaker, String text, Instant at, Map<String, String> metadata) {
        var fields = JsonNodeFactory.instance.objectNode();
        metadata.forEach(fields::put);
        var message = new NewMessage(ids.next().toString(), "user", speaker, text, at, fields);
        conversations.add(context(tenant), new ConversationId(in), List.of(message));
    }

    protected void put(Tenant tenant, String id, String text, List<String> tags) {
        put(tenant, id, text, null, tags, Map.of(), null);
    }

    void put(
            Tenant tenant,
            String id,
            String text,
            @Nullable String sourceType,
            List<String> tags,
            Map<String, String> metadata,
            @Nullable Instant at) {
        var fields = JsonNodeFactory.instance.objectNode();
        metadata.forEach(fields::put);
        var document = new NewDocument(
                new DocumentId(id),
                null,
                text.getBytes(UTF_8),
                "text/plain",
                null,
                sourceType,
                tags.isEmpty() ? null : new Language("ro"),
                tags,
                fields,
                at);
        documents.put(context(tenant), document, OptionalLong.empty());
    }
}
