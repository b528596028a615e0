package io.cairn.recall;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.cairn.event.EventLog;
import io.cairn.event.Ids;
import io.cairn.event.LogStorage;
import io.cairn.follow.TryAgainException;
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
import io.cairn.model.EmbeddingException;
import io.cairn.model.EmbeddingMeter;
import io.cairn.model.EmbeddingModel;
import io.cairn.model.Embeddings;
import io.cairn.model.ForwardingModel;
import io.cairn.model.VectorStore;
import io.cairn.passage.FieldValue;
import io.cairn.passage.Kind;
import io.cairn.passage.Passages;
import io.cairn.passage.SourceId;
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
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;

/// What every dense index does, whatever keeps its vectors: it follows a log step by step, in generations.
public abstract class DenseIndexContract {
    protected static final Tenant ACME = new Tenant("acme");
    protected static final int DIMENSIONS = 64;
    private static final Tenant OTHER = new Tenant("other");
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    /// More than any index compares one by one.
    private static final int MANY = 5_600;

    private final SecureRandom random = new SecureRandom();
    private final Ids ids = new Ids(Clock.systemUTC(), random);
    private final Trying model = new Trying(EmbeddingModel.inMemory(DIMENSIONS));
    private EventLog log;
    private Conversations conversations;
    private Documents documents;
    private Embeddings embeddings;
    private Generations<DenseIndex> generations;

    /// The generations of one place, which are there again when they are opened again in the same test.
    ///
    /// @param passages makes those of one generation
    protected abstract Generations<DenseIndex> open(Supplier<Passages> passages, Embeddings embeddings);

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
        return open(this::passages, embeddings);
    }

    /// The generations that the test works with.
    protected Generations<DenseIndex> generations() {
        return generations;
    }

    protected EventLog log() {
        return log;
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

    @Test
    void aUnitIsFoundByItsVectorWithTheCosineAsScore() {
        say(ACME, "chat", "Ana", "The router password is under the keyboard.");
        say(ACME, "chat", "Ana", "We planted apricot trees behind the barn.");
        follow();

        var found = search(ACME, "apricot trees barn", Filters.NONE);

        assertThat(ids(found)).startsWith("m/chat/2/0");
        assertThat(found.getFirst().score()).isBetween(.3, 1.0001);
        assertThat(found).isSortedAccordingTo((left, right) -> Double.compare(right.score(), left.score()));
        assertThat(found.getFirst().ref().speaker()).isEqualTo("Ana");
        assertThat(found.getFirst().ref().at()).isNotNull();
        assertThat(current().passages()).isEqualTo(2);
    }

    @Test
    void unitsThatAreNamedAreComparedAsASearchWould() {
        say(ACME, "chat", "Ana", "The router password is under the keyboard.");
        say(ACME, "chat", "Ana", "We planted apricot trees behind the barn.");
        say(OTHER, "chat", "Ana", "The apricot trees are in bloom.");
        put(ACME, "guide", "Apricot trees want sun.", List.of());
        follow();
        var found = search(ACME, "apricot trees barn", Filters.NONE);
        var refs = found.stream().map(Candidate::ref).toList();

        var compared = current().compare(ACME, query("apricot trees barn"), refs);
        assertThat(ids(compared)).hasSize(3).isEqualTo(ids(found));
        for (int i = 0; i < compared.size(); i++) {
            assertThat(compared.get(i).score()).isCloseTo(found.get(i).score(), within(1e-6));
        }
        assertThat(ids(current().compare(ACME, query("apricot trees barn"), refs.subList(1, 2))))
                .isEqualTo(ids(found.subList(1, 2)));
        assertThat(current().compare(new Tenant("third"), query("apricot trees barn"), refs))
                .isEmpty();
    }

    @Test
    void anotherTenantsUnitsAreNeverFoundWhateverIsAskedFor() {
        say(OTHER, "chat", "Ana", "The vault code is 4711.");
        put(OTHER, "vault", "The vault code is 4711.", List.of("x"));
        say(new Tenant("acme-2"), "chat", "Ana", "The vault code is 4711.");
        say(ACME, "mine", "Bob", "The vault is open.");
        follow();

        for (var attack : List.of(
                Filters.NONE,
                conversation("chat"),
                conversation("chat' OR '1'='1"),
                document("vault"),
                speaker("ana' OR tenant <> 'acme"),
                tags(List.of("x', 'y"), List.of()),
                tags(List.of("x"), List.of()),
                tags(List.of(), List.of("{x}")),
                metadata(Map.of("a\"}' OR true --", "b")),
                metadata(Map.of("%", "_")))) {
            for (boolean exact : new boolean[] {true, false}) {
                assertThat(ids(current().search(ACME, query("vault code"), attack, 10, exact)))
                        .as("%s", attack)
                        .isSubsetOf("m/mine/1/0");
            }
        }
    }

    @Test
    void textThatNoStoreCanHoldMatchesNothing() {
        say(ACME, "chat", "Ana", "The vault is open.");
        follow();

        assertThat(search(ACME, "vault", speaker("a\0b"))).isEmpty();
        assertThat(search(ACME, "vault", metadata(Map.of("k", "\0")))).isEmpty();
        assertThat(search(ACME, "vault", tags(List.of("\uD83C"), List.of()))).isEmpty();
    }

    @Test
    void aNewVersionTakesThePlaceOfTheOldOne() {
        put(ACME, "guide", "The cache is flushed at midnight.", List.of());
        follow();
        put(ACME, "guide", "The cache is flushed at noon.", List.of());
        follow();

        assertThat(ids(search(ACME, "cache flushed", Filters.NONE))).containsExactly("d/guide/2/0");
        assertThat(current().passages()).isEqualTo(1);
    }

    @Test
    void severalVersionsInOneBatchLeaveTheLastOne() {
        put(ACME, "guide", "The cache is flushed at midnight.", List.of());
        put(ACME, "guide", "The cache is flushed at noon.", List.of());
        put(ACME, "guide", "The cache is flushed at midnight.", List.of());
        put(ACME, "gone", "Nobody will read this cache.", List.of());
        documents.delete(context(ACME), new DocumentId("gone"));
        follow();

        assertThat(ids(search(ACME, "cache flushed", Filters.NONE))).containsExactly("d/guide/3/0");
        assertThat(current().passages()).isEqualTo(1);
    }

    @Test
    void whatIsDeletedIsGone() {
        say(ACME, "chat", "Ana", "The secret ingredient is nutmeg.");
        say(ACME, "other", "Ana", "Nutmeg is a spice.");
        put(ACME, "chat", "A document with the id of the conversation, on nutmeg.", List.of());
        follow();
        conversations.delete(context(ACME), new ConversationId("chat"));
        follow();

        assertThat(ids(search(ACME, "nutmeg", Filters.NONE))).containsExactlyInAnyOrder("m/other/1/0", "d/chat/1/0");
        assertThat(current().passages()).isEqualTo(2);
    }

    @Test
    void eachFilterLetsThroughWhatItNames() {
        fill();

        assertThat(filtered(Filters.NONE))
                .containsExactlyInAnyOrder("m/c1/1/0", "m/c1/2/0", "m/c2/1/0", "d/d1/1/0", "d/d2/1/0");
        assertThat(filtered(kinds(Set.of(Kind.DOCUMENT)))).containsExactlyInAnyOrder("d/d1/1/0", "d/d2/1/0");
        assertThat(filtered(kinds(Set.of(Kind.DOCUMENT, Kind.MESSAGE)))).hasSize(5);
        assertThat(filtered(conversation("c1"))).containsExactlyInAnyOrder("m/c1/1/0", "m/c1/2/0");
        assertThat(filtered(conversation("d1"))).isEmpty();
        assertThat(filtered(document("d1"))).containsExactly("d/d1/1/0");
        assertThat(filtered(sourceType("manual"))).containsExactly("d/d1/1/0");
        assertThat(filtered(language("en"))).hasSize(3);
        assertThat(filtered(language("ro"))).containsExactlyInAnyOrder("d/d1/1/0", "d/d2/1/0");
        assertThat(filtered(tags(List.of("red", "blue"), List.of()))).containsExactlyInAnyOrder("d/d1/1/0", "d/d2/1/0");
        assertThat(filtered(tags(List.of(), List.of("red", "green")))).containsExactly("d/d1/1/0");
        assertThat(filtered(tags(List.of("RED"), List.of()))).isEmpty();
        assertThat(filtered(speaker(" BOB "))).containsExactly("m/c1/2/0");
        assertThat(filtered(metadata(Map.of("room", "kitchen")))).containsExactlyInAnyOrder("m/c2/1/0", "d/d2/1/0");
        assertThat(filtered(metadata(Map.of("room", "kitchen", "floor", "2")))).containsExactly("d/d2/1/0");
        assertThat(filtered(times(NOON.plusSeconds(60), null))).containsExactlyInAnyOrder("m/c1/2/0", "m/c2/1/0");
        assertThat(filtered(times(null, NOON.plusSeconds(60)))).containsExactlyInAnyOrder("m/c1/1/0", "d/d2/1/0");
        assertThat(filtered(times(NOON.plusSeconds(60), NOON.plusSeconds(120)))).containsExactly("m/c1/2/0");
    }

    @Test
    void filtersTogetherLetThroughWhatPassesAll() {
        fill();

        assertThat(filtered(new Filters(
                        Set.of(Kind.DOCUMENT),
                        Set.of(),
                        null,
                        new Language("ro"),
                        List.of("red", "blue"),
                        List.of("blue"),
                        null,
                        NOON.minusSeconds(1),
                        NOON.plusSeconds(1),
                        Map.of("floor", new FieldValue.Text("2")))))
                .containsExactly("d/d2/1/0");
        assertThat(filtered(new Filters(
                        Set.of(Kind.MESSAGE),
                        Set.of(new SourceId(Kind.DOCUMENT, "d1")),
                        null,
                        null,
                        List.of(),
                        List.of(),
                        null,
                        null,
                        null,
                        Map.of())))
                .isEmpty();
        assertThat(filtered(new Filters(
                        Set.of(),
                        Set.of(new SourceId(Kind.MESSAGE, "c1"), new SourceId(Kind.DOCUMENT, "d1")),
                        null,
                        null,
                        List.of(),
                        List.of(),
                        null,
                        null,
                        null,
                        Map.of())))
                .isEmpty();
    }

    private void fill() {
        say(ACME, "c1", "Ana", "Lunch is at twelve.", NOON, Map.of());
        say(ACME, "c1", "Bob", "Lunch is at one.", NOON.plusSeconds(60), Map.of("room", "hall"));
        say(ACME, "c2", "Bobby", "Lunch is late.", NOON.plusSeconds(120), Map.of("room", "kitchen"));
        put(ACME, "d1", "Lunch is soup.", "manual", List.of("red", "green"), Map.of(), null);
        put(ACME, "d2", "Lunch is bread.", null, List.of("blue"), Map.of("room", "kitchen", "floor", "2"), NOON);
        follow();
    }

    private List<String> filtered(Filters filters) {
        var exact = ids(current().search(ACME, query("lunch"), filters, 10, true));
        assertThat(ids(current().search(ACME, query("lunch"), filters, 10, false)))
                .containsExactlyInAnyOrderElementsOf(exact);
        return exact;
    }

    @Test
    void smallTenantsAreSearchedExactlyAndLargeOnesNearlySo() {
        say(OTHER, "chat", "Ana", "Crate 77 holds apricots.");
        for (int from = 0; from < MANY; from += 700) {
            conversations.add(
                    context(ACME),
                    new ConversationId("crates"),
                    IntStream.range(from, from + 700)
                            .mapToObj(i -> NewMessage.of(
                                    "m" + i, "user", "Crate %d holds %d pears of row %d.".formatted(i, i * 7, i / 9)))
                            .toList());
        }
        follow();

        assertThat(current().passages()).isEqualTo(MANY + 1);
        assertThat(current().approximates(ACME, Filters.NONE)).isTrue();
        assertThat(current().approximates(ACME, conversation("nowhere"))).isFalse();
        assertThat(current().approximates(OTHER, Filters.NONE)).isFalse();
        assertThat(ids(search(OTHER, "crate 77", Filters.NONE))).containsExactly("m/chat/1/0");

        int shared = 0;
        for (int i = 0; i < 20; i++) {
            var vector = query("crate " + i * 211);
            var exact = new HashSet<>(ids(current().search(ACME, vector, Filters.NONE, 10, true)));
            var walked = ids(current().search(ACME, vector, Filters.NONE, 10, false));
            assertThat(walked).hasSize(10).doesNotHaveDuplicates();
            exact.retainAll(walked);
            shared += exact.size();
        }
        assertThat(shared / 200.0).isGreaterThan(.85);
        assertThat(current().search(ACME, query("crate 77"), Filters.NONE, 150, false))
                .hasSize(150);
        requireThatTheGraphWasWalked();
    }

    /// Where the index can tell.
    protected void requireThatTheGraphWasWalked() {}

    @Test
    void whatIsAppliedAgainIsThereOnce() {
        say(ACME, "chat", "Ana", "The red bicycle is in the cellar.");
        put(ACME, "guide", "Bicycles are oiled in spring.", List.of());
        long head = follow();
        var again = log.feed().after(0, 0, 100, Long.MAX_VALUE);

        current().apply(0, again, head);
        current().publish();

        assertThat(ids(search(ACME, "bicycle", Filters.NONE))).containsExactlyInAnyOrder("m/chat/1/0", "d/guide/1/0");
        assertThat(current().passages()).isEqualTo(2);
        assertThat(current().applied(0)).isEqualTo(head);
    }

    @Test
    void aRestartedIndexGoesOnAtItsCheckpoint() {
        say(ACME, "chat", "Ana", "The red bicycle is in the cellar.");
        long head = follow();
        current().commit();
        say(ACME, "chat", "Ana", "The blue bicycle is in the attic.");
        reopen();

        assertThat(current().applied(0)).isEqualTo(head);
        assertThat(current().visible(0)).isEqualTo(head);
        assertThat(current().durable(0)).isEqualTo(head);
        follow();
        assertThat(ids(search(ACME, "bicycle", Filters.NONE))).containsExactlyInAnyOrder("m/chat/1/0", "m/chat/2/0");
    }

    @Test
    void unitsAndCheckpointAreLostOrKeptTogether() {
        say(ACME, "chat", "Ana", "The red bicycle is in the cellar.");
        follow();
        current().commit();
        say(ACME, "chat", "Ana", "The blue bicycle is in the attic.");
        follow();
        // Not committed by this call, as in a crash.
        reopen();

        assertThat(current().passages()).isEqualTo(current().applied(0));
        follow();
        assertThat(current().passages()).isEqualTo(2);
    }

    @Test
    void aModelThatFailsLeavesEverythingAsItWas() {
        say(ACME, "chat", "Ana", "The red bicycle is in the cellar.");
        model.fails = true;

        assertThatThrownBy(this::follow).isInstanceOf(TryAgainException.class);

        assertThat(current().applied(0)).isZero();
        model.fails = false;
        follow();
        assertThat(current().passages()).isEqualTo(1);
    }

    @Test
    void aVectorOfOtherDimensionsIsRefused() {
        say(ACME, "chat", "Ana", "The red bicycle is in the cellar.");
        follow();

        assertThatThrownBy(() -> current().search(ACME, new float[DIMENSIONS + 1], Filters.NONE, 10, false))
                .isInstanceOf(IllegalArgumentException.class);
        model.cuts = true;
        say(ACME, "chat", "Ana", "The blue bicycle is in the attic.");
        assertThatThrownBy(this::follow).isInstanceOf(RuntimeException.class);
        assertThat(current().applied(0)).isEqualTo(1);
    }

    @Test
    void aGenerationIsBuiltBesideTheCurrentOneAndTakesOver() {
        say(ACME, "chat", "Ana", "The red bicycle is in the cellar.");
        follow();
        var begun = generations.begin();

        assertThat(begun.number()).isEqualTo(2);
        assertThat(begun.projection().passages()).isZero();
        assertThat(begun.projection().applied(0)).isZero();
        assertThat(ids(search(ACME, "bicycle", Filters.NONE))).containsExactly("m/chat/1/0");

        follow(begun.projection());
        begun.projection().commit();
        generations.promote();

        assertThat(generations.current().number()).isEqualTo(2);
        assertThat(generations.next()).isEmpty();
        assertThat(ids(search(ACME, "bicycle", Filters.NONE))).containsExactly("m/chat/1/0");
    }

    @Test
    void aRebuildThatWasUnderWayGoesOnAfterARestart() {
        say(ACME, "chat", "Ana", "The red bicycle is in the cellar.");
        follow();
        current().commit();
        var begun = generations.begin();
        follow(begun.projection());
        begun.projection().commit();
        reopen();

        assertThat(generations.current().number()).isEqualTo(1);
        assertThat(generations.next()).hasValueSatisfying(next -> {
            assertThat(next.number()).isEqualTo(2);
            assertThat(next.projection().applied(0)).isEqualTo(1);
        });
    }

    @Test
    void theFormerGenerationComesBackEvenAfterARestart() {
        switched();
        reopen();

        assertThat(generations.noWayBack()).isEmpty();
        var revived = generations.revive();
        assertThat(revived.number()).isEqualTo(1);
        assertThat(generations.next()).contains(revived);
        assertThat(generations.current().number()).isEqualTo(2);
        follow(revived.projection());
        generations.promote();

        assertThat(generations.current().number()).isEqualTo(1);
        assertThat(generations.next()).isEmpty();
        assertThat(ids(search(ACME, "bicycle", Filters.NONE))).containsExactly("m/chat/1/0");
        assertThat(generations.revive().number()).isEqualTo(2);
    }

    @Test
    void aNewRebuildGivesUpTheFormerGenerationAndTakesANewNumber() {
        switched();

        assertThat(generations.begin().number()).isEqualTo(3);
        assertThat(generations.noWayBack()).isPresent();
        assertThatThrownBy(() -> generations.revive()).isInstanceOf(IllegalStateException.class);
        assertThat(generations.begin().number()).isEqualTo(4);
    }

    @Test
    void aFirstGenerationHasNoWayBack() {
        assertThat(generations.current().number()).isEqualTo(1);
        assertThat(generations.noWayBack()).isPresent();
        assertThatThrownBy(() -> generations.revive()).isInstanceOf(IllegalStateException.class);
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

    private static Context context(Tenant tenant) {
        return new Context(tenant, "tester", "corr");
    }

    protected void say(Tenant tenant, String in, String speaker, String text) {
        say(tenant, in, speaker, text, NOON, Map.of());
    }

    private void say(Tenant tenant, String in, String speaker, String text, Instant at, Map<String, String> metadata) {
        var fields = JsonNodeFactory.instance.objectNode();
        metadata.forEach(fields::put);
        var message = new NewMessage(ids.next().toString(), "user", speaker, text, at, fields);
        conversations.add(context(tenant), new ConversationId(in), List.of(message));
    }

    protected void put(Tenant tenant, String id, String text, List<String> tags) {
        put(tenant, id, text, null, tags, Map.of(), null);
    }

    private void put(
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

    private static Filters kinds(Set<Kind> kinds) {
        return new Filters(kinds, Set.of(), null, null, List.of(), List.of(), null, null, null, Map.of());
    }

    protected static Filters conversation(String id) {
        return new Filters(
                Set.of(),
                Set.of(new SourceId(Kind.MESSAGE, id)),
                null,
                null,
                List.of(),
                List.of(),
                null,
                null,
                null,
                Map.of());
    }

    private static Filters document(String id) {
        return new Filters(
                Set.of(),
                Set.of(new SourceId(Kind.DOCUMENT, id)),
                null,
                null,
                List.of(),
                List.of(),
                null,
                null,
                null,
                Map.of());
    }

    private static Filters sourceType(String type) {
        return new Filters(Set.of(), Set.of(), type, null, List.of(), List.of(), null, null, null, Map.of());
    }

    private static Filters language(String tag) {
        return new Filters(
                Set.of(), Set.of(), null, new Language(tag), List.of(), List.of(), null, null, null, Map.of());
    }

    private static Filters tags(List<String> any, List<String> all) {
        return new Filters(Set.of(), Set.of(), null, null, any, all, null, null, null, Map.of());
    }

    private static Filters speaker(String name) {
        return new Filters(Set.of(), Set.of(), null, null, List.of(), List.of(), name, null, null, Map.of());
    }

    private static Filters times(@Nullable Instant from, @Nullable Instant to) {
        return new Filters(Set.of(), Set.of(), null, null, List.of(), List.of(), null, from, to, Map.of());
    }

    private static Filters metadata(Map<String, String> fields) {
        var values = fields.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, field ->
                (FieldValue) new FieldValue.Text(field.getValue())));
        return new Filters(Set.of(), Set.of(), null, null, List.of(), List.of(), null, null, null, values);
    }

    /// A model that fails, gives vectors of a wrong length, or is slow, while it is told to.
    private static final class Trying implements ForwardingModel {
        private final EmbeddingModel model;
        private volatile boolean fails;
        private volatile boolean cuts;

        Trying(EmbeddingModel model) {
            this.model = model;
        }

        @Override
        public EmbeddingModel model() {
            return model;
        }

        @Override
        public List<float[]> embedPassages(List<String> passages) {
            if (fails) {
                throw EmbeddingException.failed("failing", "passages", new IllegalStateException("off"));
            }
            var vectors = new ArrayList<float[]>();
            model.embedPassages(passages).forEach(vector -> vectors.add(cuts ? new float[] {1, 0} : vector));
            return vectors;
        }
    }
}
