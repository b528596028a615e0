package io.cairn.adapter.lucene;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cairn.event.Position;
import io.cairn.knowledge.DocumentId;
import io.cairn.knowledge.DocumentStored;
import io.cairn.knowledge.NewDocument;
import io.cairn.memory.ConversationId;
import io.cairn.memory.MessagesAdded;
import io.cairn.memory.NewMessage;
import io.cairn.model.EmbeddingModel;
import io.cairn.passage.Citation;
import io.cairn.passage.Kind;
import io.cairn.recall.ExactSample;
import io.cairn.recall.Filters;
import io.cairn.recall.Grouping;
import io.cairn.recall.Hit;
import io.cairn.recall.Query;
import io.cairn.recall.Recalled;
import io.cairn.seal.MasterKey;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.JsonNodeFactory;

class RecallTest {
    static final Tenant ACME = new Tenant("acme");
    private static final Context CONTEXT = new Context(ACME, "tester", "corr");
    private static final ConversationId CHAT = new ConversationId("chat-1");

    @TempDir
    Path folder;

    private final MasterKey master = MasterKey.random(new SecureRandom());
    Engine engine;

    @BeforeEach
    void start() {
        engine = Engine.on(folder, master, vectors());
    }

    /// The same each time in one test.
    Engine.Vectors vectors() {
        return Engine.inFolder(folder);
    }

    @AfterEach
    void stop() {
        engine.close();
    }

    @Test
    void whatWasAcknowledgedIsFoundAtOnceWithItsCitation() {
        say("m1", "Ana", "We planted 🌳 apricot trees behind the barn.");

        var hit = recall("apricot trees").getFirst();

        assertThat(hit.text()).isEqualTo("We planted 🌳 apricot trees behind the barn.");
        assertThat(hit.citation())
                .isEqualTo(new Citation.OfMessage(CHAT.id(), "m1", 1, "Ana", 0, 43, new Citation.Chunk(0, 1)));
        assertThat(hit.legs()).map(Hit.LegScore::leg).contains("lexical");
        assertThat(hit.relevance()).isBetween(0.0, 1.0);
    }

    @Test
    void bothLegsFindAMessageOnceTheDenseOneHasCaughtUp() throws Exception {
        say("m1", "Ana", "The router password is under the keyboard.");
        assertThat(engine.dense.awaitVisible(0, engine.log.head(0).number(), Duration.ofSeconds(20)))
                .isTrue();

        assertThat(recall("router password").getFirst().legs())
                .map(Hit.LegScore::leg)
                .containsExactly("lexical", "dense");
    }

    @Test
    void theOneWithTheRareWordComesFirstHoweverManyAreNearer() throws Exception {
        for (int batch = 0; batch < 5; batch++) {
            int first = batch * 100;
            engine.conversations.add(
                    CONTEXT,
                    new ConversationId("chat-" + batch),
                    IntStream.range(first, first + 100)
                            .mapToObj(i -> NewMessage.of("m" + i, "user", "We carried the crate to the harbour."))
                            .toList());
        }
        engine.conversations.add(
                CONTEXT, CHAT, List.of(NewMessage.of("x", "user", "We carried the piano to the harbour, slowly.")));
        awaitDense();

        var hit = recall("We carried the crate to the harbour, or was it the piano?")
                .getFirst();

        assertThat(hit.text()).isEqualTo("We carried the piano to the harbour, slowly.");
        assertThat(hit.legs()).map(Hit.LegScore::leg).containsExactlyInAnyOrder("lexical", "dense");
    }

    @Test
    void onlySearchesThatWalkTheGraphAreComparedWithExactOnes() throws Exception {
        var ratios = new ConcurrentLinkedQueue<Double>();
        try (var sample = new ExactSample(1, () -> 0, ratios::add)) {
            say("m1", "Ana", "The router password is under the keyboard.");
            awaitDense();
            sample.searched(
                    engine.dense.current(),
                    ACME,
                    "router",
                    EmbeddingModel.inMemory(64).embedQuery("router"),
                    Filters.NONE);
        }
        assertThat(ratios).isEmpty();

        var many = new Tenant("many");
        for (int batch = 0; batch < 6; batch++) {
            int first = batch * 1_000;
            engine.conversations.add(
                    new Context(many, "tester", "corr"),
                    CHAT,
                    IntStream.range(first, first + 1_000)
                            .mapToObj(
                                    i -> NewMessage.of("m" + i, "user", "Crate %d holds %d pears.".formatted(i, i * 7)))
                            .toList());
        }
        awaitDense();
        try (var sample = new ExactSample(1, () -> 0, ratios::add)) {
            sample.searched(
                    engine.dense.current(),
                    many,
                    "crate 77",
                    EmbeddingModel.inMemory(64).embedQuery("crate 77"),
                    Filters.NONE);
        }
        assertThat(ratios).singleElement().satisfies(ratio -> assertThat(ratio).isBetween(.5, 1.0));
    }

    final void awaitDense() throws InterruptedException {
        assertThat(engine.dense.awaitVisible(0, engine.log.head(0).number(), Duration.ofSeconds(60)))
                .isTrue();
    }

    @Test
    void aDeletedConversationIsNeverFoundAgain() {
        say("m1", "Ana", "The secret ingredient is nutmeg.");
        engine.conversations.delete(CONTEXT, CHAT);

        assertThat(recall("nutmeg")).isEmpty();
        assertThat(engine.conversations.add(CONTEXT, CHAT, List.of(NewMessage.of("m2", "user", "hello"))))
                .isInstanceOf(MessagesAdded.Deleted.class);
    }

    @Test
    void aDeletedMessageLeavesTheWindowsOfTheOnesAfterItAlsoInARebuiltIndex() throws Exception {
        say("m1", "Ana", "What goes into the cake?");
        say("m2", "Ben", "The secret ingredient is nutmeg.");
        say("m3", "Ana", "Thank you very much.");
        say("m4", "Ben", "My pleasure.");
        say("m5", "Ana", "Good night.");
        assertThat(recall("nutmeg"))
                .map(Hit::text)
                .contains("The secret ingredient is nutmeg.", "Thank you very much.");

        var deleted = engine.conversations.delete(CONTEXT, CHAT, "m2").orElseThrow();
        awaitDense();
        assertThat(recall("nutmeg")).allSatisfy(RecallTest::saysNothing);
        assertThat(recall("cake ingredient"))
                .as("the windows close over the gap")
                .map(Hit::text)
                .contains("What goes into the cake?", "Thank you very much.", "My pleasure.");
        say("m6", "Ben", "Good night to you, too.");
        awaitDense();

        int lexical = engine.lexical.rebuild();
        await().until(() -> engine.lexical.health().generation() == lexical);
        int dense = engine.dense.rebuild();
        await().until(() -> engine.dense.health().generation() == dense);
        assertThat(recall("nutmeg")).allSatisfy(RecallTest::saysNothing);
        assertThat(recall("cake")).map(Hit::text).contains("Thank you very much.", "My pleasure.");
        assertThat(deleted.number()).isEqualTo(6);
    }

    /// A neighbour that has nothing of the query.
    private static void saysNothing(Hit hit) {
        assertThat(hit.score()).as(hit.text()).isZero();
    }

    @Test
    void anotherTenantsWordsAreNeverFound() {
        say("m1", "Ana", "The vault code is 4711.");

        var answer = (Recalled.Answer) engine.recall.recall(new Tenant("other"), Query.of("vault code"));

        assertThat(answer.hits()).isEmpty();
    }

    @Test
    void onlyTheCurrentVersionOfADocumentIsFound() {
        put("guide", "The cache is flushed at midnight.");
        put("guide", "The cache is flushed at noon.");

        assertThat(recall("cache flushed")).map(Hit::text).containsExactly("The cache is flushed at noon.");
        assertThat(recall("cache flushed").getFirst().citation())
                .isEqualTo(new Citation.OfDocument("guide", 2, null, List.of(), 0, 29, null, new Citation.Chunk(0, 1)));

        engine.documents.delete(CONTEXT, new DocumentId("guide"));
        assertThat(recall("cache flushed")).isEmpty();
    }

    @Test
    void aLongMessageIsCitedByTheStretchThatAnswers() {
        var filler = "Nothing of interest happened on that day in the office. ".repeat(60);
        say("m1", "Ana", filler + "The falcon landed on the balcony. " + filler);

        var hit = recall("falcon balcony").getFirst();

        assertThat(hit.text()).contains("falcon").hasSizeLessThan(1700);
        var whole = engine.conversations.messages(ACME, CHAT, 0, 1).getFirst().content();
        assertThat(whole.substring(hit.citation().start(), hit.citation().end()))
                .isEqualTo(hit.text());
    }

    @Test
    void filtersNarrowWhatIsFound() {
        say("m1", "Ana", "Lunch is at twelve.");
        say("m2", "Bob", "Lunch is at one.");
        put("menu", "Lunch is soup.");

        assertThat(recall("lunch", filters(Set.of(Kind.DOCUMENT), null, null)))
                .map(Hit::text)
                .containsExactly("Lunch is soup.");
        assertThat(recall("lunch", filters(Set.of(), "bob", null)))
                .map(Hit::text)
                .containsExactly("Lunch is at one.");
        assertThat(recall("lunch", filters(Set.of(), null, "kitchen")))
                .map(Hit::text)
                .containsExactly("Lunch is soup.");
        assertThat(recall("lunch", filters(Set.of(), null, "attic"))).isEmpty();
    }

    @Test
    void aWantedPositionIsReachedOrRefused() {
        var added = (MessagesAdded.Added) engine.conversations.add(
                CONTEXT, CHAT, List.of(NewMessage.of("m1", "user", "The lighthouse is green.")));

        var answer = engine.recall.recall(ACME, Query.of("lighthouse").minPosition(added.at()));
        var moved = engine.recall.recall(ACME, Query.of("lighthouse").minPosition(new Position("elsewhere", 0, 1)));

        assertThat(answer).isInstanceOfSatisfying(Recalled.Answer.class, found -> {
            assertThat(found.hits()).hasSize(1);
            assertThat(found.at().number()).isGreaterThanOrEqualTo(added.at().number());
        });
        assertThat(moved).isInstanceOf(Recalled.PositionMoved.class);
    }

    @Test
    void aRebuiltIndexAnswersAsTheOldOneDid() throws Exception {
        IntStream.range(0, 300).forEach(i -> say("m" + i, "Ana", "Crate number " + i + " holds oranges."));
        assertThat(engine.dense.awaitVisible(0, engine.log.head(0).number(), Duration.ofSeconds(60)))
                .isTrue();
        var before = ids(recall("crate 217 oranges"));

        int generation = engine.lexical.rebuild();

        await().until(() -> engine.lexical.health().generation() == generation);
        // Crates that have nothing of the query but its other words score the same but for rounding.
        assertThat(ids(recall("crate 217 oranges")))
                .startsWith(before.getFirst())
                .containsExactlyInAnyOrderElementsOf(before);
        assertThat(engine.lexical.current().passages()).isEqualTo(300);
    }

    @Test
    void aRestartedEngineGoesOnWhereItWas() {
        say("m1", "Ana", "The red bicycle is in the cellar.");
        engine.close();

        engine = Engine.on(folder, master, vectors());
        say("m2", "Ana", "The blue bicycle is in the attic.");

        assertThat(recall("bicycle")).map(Hit::id).containsExactlyInAnyOrder("m/chat-1/1/0", "m/chat-1/2/0");
    }

    @Test
    void aThresholdCutsWhatDoesNotAnswer() throws Exception {
        say("m1", "Ana", "Tomorrow it will rain in the mountains.");
        say("m2", "Ana", "The red bicycle is in the cellar.");

        assertThat(engine.dense.awaitVisible(0, engine.log.head(0).number(), Duration.ofSeconds(20)))
                .isTrue();

        var all = recall("red bicycle cellar");
        double best = all.getFirst().relevance();
        var cut = (Recalled.Answer)
                engine.recall.recall(ACME, Query.of("red bicycle cellar").threshold(best));

        assertThat(all).map(Hit::id).containsExactly("m/chat-1/2/0", "m/chat-1/1/0");
        assertThat(cut.hits()).map(Hit::id).containsExactly("m/chat-1/2/0");
    }

    @Test
    void anIdThatStandsInATextAsItIsAskedForFits() throws Exception {
        say("m1", "Ana", "Incident INC-4471: the nightly export hung, and nobody noticed until the morning after it.");
        say("m2", "Ana", "The red bicycle is in the cellar.");

        assertThat(engine.dense.awaitVisible(0, engine.log.head(0).number(), Duration.ofSeconds(20)))
                .isTrue();

        var stored = (Recalled.Answer)
                engine.recall.recall(ACME, Query.of("INC-4471").threshold(.9));
        var other = (Recalled.Answer)
                engine.recall.recall(ACME, Query.of("INC-4472").threshold(.3));

        assertThat(stored.fits()).isTrue();
        assertThat(stored.hits()).map(Hit::id).containsExactly("m/chat-1/1/0");
        assertThat(other.hits()).isEmpty();
    }

    @Test
    void aLongDocumentHidesNoOtherWhereHitsAreGroupedByDocument() throws Exception {
        put(
                "long",
                IntStream.range(0, 400)
                        .mapToObj(i ->
                                "The orange number %d is sweet. ".formatted(i).repeat(40))
                        .collect(Collectors.joining("\n\n")));
        put("short", "Whoever wants an orange may buy one, or some other fruit from the garden behind the old house.");
        awaitDense();

        assertThat(sources(Query.of("orange is sweet"))).containsOnly("long");
        assertThat(sources(Query.of("orange is sweet").groupBy(Grouping.DOCUMENT)))
                .containsExactly("long", "short");
        assertThat(sources(Query.of("orange is sweet").groupBy(Grouping.SECTION)))
                .containsExactly("long", "short");
        assertThat(sources(Query.of("orange is sweet").groupBy(Grouping.CHUNK))).hasSize(10);
    }

    @Test
    void ofASessionOnlyTheBestHitIsToldAndDocumentsStayAsTheyAre() throws Exception {
        say("m1", "Ana", "The boat is blue.");
        say("m2", "Ana", "The boat is old.");
        put("boats", "A boat needs paint.");
        awaitDense();

        var hits = answer(Query.of("boat is old").groupBy(Grouping.SESSION));

        assertThat(hits).map(Hit::id).containsExactlyInAnyOrder("m/chat-1/2/0", "d/boats/1/0");
    }

    @Test
    void aGroupWhoseBestHitIsGoneTellsTheNextOne() throws Exception {
        put("guide", "The old text on herons that wade.");
        awaitDense();
        put("guide", "On herons.");

        assertThat(answer(Query.of("herons that wade").groupBy(Grouping.DOCUMENT)))
                .map(Hit::id)
                .containsExactly("d/guide/2/0");
    }

    private List<Hit> answer(Query query) {
        return ((Recalled.Answer) engine.recall.recall(ACME, query)).hits();
    }

    private List<String> sources(Query query) {
        return answer(query).stream()
                .map(hit -> ((Citation.OfDocument) hit.citation()).document())
                .toList();
    }

    private static List<String> ids(List<Hit> hits) {
        return hits.stream().map(Hit::id).toList();
    }

    private static Filters filters(Set<Kind> kinds, @Nullable String speaker, @Nullable String tag) {
        return new Filters(
                kinds,
                Set.of(),
                null,
                null,
                tag == null ? List.of() : List.of(tag),
                List.of(),
                speaker,
                null,
                null,
                Map.of());
    }

    private List<Hit> recall(String text) {
        return recall(text, Filters.NONE);
    }

    private List<Hit> recall(String text, Filters filters) {
        return ((Recalled.Answer) engine.recall.recall(ACME, Query.of(text).filters(filters))).hits();
    }

    final void say(String id, String speaker, String content) {
        var message = new NewMessage(
                id,
                "user",
                speaker,
                content,
                Instant.parse("2026-03-01T10:00:00Z"),
                JsonNodeFactory.instance.objectNode());
        assertThat(engine.conversations.add(CONTEXT, CHAT, List.of(message))).isInstanceOf(MessagesAdded.Added.class);
    }

    private void put(String id, String content) {
        var document = new NewDocument(
                new DocumentId(id),
                null,
                content.getBytes(UTF_8),
                "text/plain",
                null,
                null,
                null,
                List.of("kitchen"),
                JsonNodeFactory.instance.objectNode(),
                null);
        assertThat(engine.documents.put(CONTEXT, document, OptionalLong.empty()))
                .isInstanceOf(DocumentStored.Stored.class);
    }
}
