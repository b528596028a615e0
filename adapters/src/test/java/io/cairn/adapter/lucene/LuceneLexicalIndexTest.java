package io.cairn.adapter.lucene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cairn.event.Event;
import io.cairn.event.EventLog;
import io.cairn.event.Expected;
import io.cairn.event.Ids;
import io.cairn.event.NewEvent;
import io.cairn.event.StreamAppend;
import io.cairn.event.Unit;
import io.cairn.knowledge.DocumentId;
import io.cairn.knowledge.DocumentRows;
import io.cairn.knowledge.DocumentSource;
import io.cairn.knowledge.Documents;
import io.cairn.knowledge.NewDocument;
import io.cairn.knowledge.TextExtractor;
import io.cairn.memory.Conversation;
import io.cairn.memory.ConversationId;
import io.cairn.memory.ConversationRows;
import io.cairn.memory.ConversationSource;
import io.cairn.memory.Conversations;
import io.cairn.memory.Message;
import io.cairn.memory.NewMessage;
import io.cairn.passage.Passages;
import io.cairn.recall.Candidate;
import io.cairn.recall.Filters;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import io.cairn.text.ChunkSettings;
import io.cairn.text.Chunker;
import io.cairn.text.Language;
import io.cairn.text.LanguageDetector;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.AnalyzerWrapper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.JsonNodeFactory;

/// Batches that are large enough to be written while the documents that come next are made.
class LuceneLexicalIndexTest {
    private static final Tenant ACME = new Tenant("acme");
    private static final Context CONTEXT = new Context(ACME, "tester", "corr");
    private static final ConversationId CHAT = new ConversationId("chat");
    private static final ConversationId OTHER = new ConversationId("other");

    @TempDir
    Path folder;

    private final Ids ids = new Ids(Clock.systemUTC(), new SecureRandom());
    private EventLog log;
    private Conversations conversations;
    private Documents documents;
    private LuceneLexicalIndex index;

    @BeforeEach
    void open() {
        log = EventLog.inMemory(List.of(new ConversationRows(), new DocumentRows()), Clock.systemUTC());
        conversations = new Conversations(log, LanguageDetector.undecided(), ids);
        documents = new Documents(log, TextExtractor.plainText(), LanguageDetector.undecided(), ids);
        index = open(folder);
    }

    private LuceneLexicalIndex open(Path at) {
        return new LuceneLexicalIndex(at, passages());
    }

    private Passages passages() {
        return new Passages(List.of(
                new ConversationSource(log, new Chunker(ChunkSettings.DEFAULT), tenant -> new Language("en")),
                new DocumentSource(documents, new Chunker(ChunkSettings.DEFAULT), tenant -> new Language("en"))));
    }

    /// Cuts all texts into words but one.
    private static Analyzer breakingAt(int text) {
        var words = new LanguageAnalyzers();
        var cut = new AtomicInteger();
        return new AnalyzerWrapper(Analyzer.PER_FIELD_REUSE_STRATEGY) {
            @Override
            protected Analyzer getWrappedAnalyzer(String field) {
                if (cut.getAndIncrement() == text) {
                    throw new IllegalStateException("No words");
                }
                return words;
            }
        };
    }

    @AfterEach
    void close() {
        index.close();
        log.close();
    }

    @Test
    void aMessageThatCannotBeReadLeavesNothingOfItsBatch() {
        say(CHAT, 300);
        var broken = new NewEvent(
                UUID.randomUUID(), Message.ADDED, 1, "s", JsonNodeFactory.instance.objectNode(), Instant.EPOCH, null);
        log.append(Unit.of(CONTEXT, new StreamAppend(OTHER.stream(), Expected.any(), List.of(broken))));
        say(CHAT, 300);
        var events = events();

        assertThatThrownBy(() -> apply(events)).isInstanceOf(RuntimeException.class);
        index.publish();
        assertThat(index.passages()).isZero();
        assertThat(index.applied(0)).isZero();

        events.stream().filter(event -> !event.stream().equals(OTHER.stream())).forEach(event -> apply(List.of(event)));
        index.publish();
        assertThat(index.passages()).isEqualTo(600);
    }

    @Test
    void aConversationThatIsDeletedInTheSameBatchLeavesNothing() {
        say(CHAT, 450);
        say(OTHER, 10);
        conversations.delete(CONTEXT, CHAT);
        apply(events());
        index.publish();

        assertThat(index.passages()).isEqualTo(10);
        assertThat(found("crate")).allMatch(passage -> passage.startsWith("m/other/"));
    }

    @Test
    void whatAConversationIsAboutIsFoundWithItsMessagesHoweverOftenItChanges() {
        say(CHAT, 3);
        describe("Zanzibar", "harbour");
        say(CHAT, 2);
        apply(events());
        index.publish();
        assertThat(found("Zanzibar")).hasSize(5);
        assertThat(found("harbour")).hasSize(5);

        describe("Wellington", "hills");
        say(CHAT, 1);
        apply(events());
        index.publish();
        assertThat(found("Zanzibar")).isEmpty();
        assertThat(found("Wellington")).hasSize(6);

        conversations.delete(
                CONTEXT,
                CHAT,
                conversations.messages(ACME, CHAT, 0, 1).getFirst().id());
        apply(events());
        index.publish();
        assertThat(found("Wellington")).hasSize(5);

        try (var anew = open(folder.resolve("anew"))) {
            anew.apply(0, events(), events().getLast().position().number());
            anew.publish();
            assertThat(anew.search(ACME, "Wellington hills", Set.of(), Filters.NONE, 100))
                    .hasSize(5);
            assertThat(anew.search(ACME, "Zanzibar", Set.of(), Filters.NONE, 100))
                    .isEmpty();
        }
    }

    private void describe(String title, String place) {
        conversations.describe(
                CONTEXT,
                CHAT,
                new Conversation.Description(
                        title,
                        JsonNodeFactory.instance
                                .objectNode()
                                .put("place", place)
                                .put("size", 3)));
    }

    @Test
    void aDocumentThatIsStoredAgainInTheSameBatchIsThereAsItIsNow() {
        var note = new DocumentId("note");
        store(note, "The falcon sleeps.");
        say(CHAT, 450);
        store(note, "The heron sleeps.");
        apply(events());
        index.publish();

        assertThat(index.passages()).isEqualTo(451);
        assertThat(found("falcon")).isEmpty();
        assertThat(found("heron")).containsExactly("d/note/2/0");
    }

    @Test
    void whatComesAgainAfterACrashIsThereOnce() {
        say(CHAT, 450);
        apply(events());
        index.commit();
        say(CHAT, 450);
        apply(events());
        index.publish();
        assertThat(index.passages()).isEqualTo(900);
        index.close();

        index = open(folder);
        assertThat(index.applied(0)).isEqualTo(450);
        assertThat(index.passages()).isEqualTo(450);

        // One batch reaches back behind what was committed.
        apply(events());
        index.publish();
        assertThat(index.passages()).isEqualTo(900);
    }

    @Test
    void aBatchThatFailedHalfWayIsThereOnceWhenItsEventsComeAgain() {
        failHalfWay();
        events().forEach(event -> apply(List.of(event)));
        index.publish();

        assertThat(index.passages()).isEqualTo(600);
    }

    @Test
    void whatABatchThatFailedHalfWayLeftInACommitIsThereOnceWhenItComesAgain() {
        failHalfWay();
        index.commit();
        index.close();

        index = open(folder);
        assertThat(index.applied(0)).isZero();
        assertThat(index.passages()).isPositive();

        apply(events());
        index.publish();
        assertThat(index.passages()).isEqualTo(600);
    }

    /// Some of what came before was written in another thread.
    private void failHalfWay() {
        index.close();
        index = new LuceneLexicalIndex(folder, passages(), breakingAt(450));
        say(CHAT, 600);

        assertThatThrownBy(() -> apply(events())).hasMessage("No words");
    }

    @Test
    void aLargeBatchIsIndexedAsItsEventsOneByOne() {
        say(CHAT, 700);
        apply(events());
        index.publish();
        try (var slowly = open(folder.resolve("slowly"))) {
            events().forEach(event ->
                    slowly.apply(0, List.of(event), event.position().number()));
            slowly.publish();

            assertThat(candidates(index, "crate 17 of 23"))
                    .isEqualTo(candidates(slowly, "crate 17 of 23"))
                    .hasSize(700);
        }
    }

    private void say(ConversationId conversation, int count) {
        long known = log.head(0).number();
        conversations.add(
                CONTEXT,
                conversation,
                IntStream.range(0, count)
                        .mapToObj(i -> NewMessage.of(
                                known + "-" + i, "user", "Crate %d of %d, said Ana".formatted(i % 50, i % 31)))
                        .toList());
    }

    private void store(DocumentId id, String text) {
        var document = NewDocument.plain(id, "Note", text);
        documents.put(CONTEXT, document, OptionalLong.empty());
    }

    private List<Event> events() {
        return log.feed().after(0, 0, 10_000, Long.MAX_VALUE);
    }

    private void apply(List<Event> events) {
        index.apply(0, events, events.getLast().position().number());
    }

    private List<String> found(String query) {
        return candidates(index, query).stream()
                .map(candidate -> candidate.ref().id())
                .toList();
    }

    private static List<Candidate> candidates(LuceneLexicalIndex in, String query) {
        return in.search(ACME, query, Set.of(), Filters.NONE, 1_000);
    }
}
