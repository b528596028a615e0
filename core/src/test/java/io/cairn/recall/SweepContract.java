package io.cairn.recall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import io.cairn.model.EmbeddingSpace;
import io.cairn.model.Embeddings;
import io.cairn.model.ForwardingModel;
import io.cairn.model.VectorStore;
import io.cairn.passage.PassageChange;
import io.cairn.passage.Passages;
import io.cairn.passage.Source;
import io.cairn.row.Table;
import io.cairn.seal.MasterKey;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import io.cairn.text.ChunkSettings;
import io.cairn.text.Chunker;
import io.cairn.text.Language;
import io.cairn.text.LanguageDetector;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a sweep removes and what it leaves, on every storage alike.
public abstract class SweepContract {
    private static final Tenant ACME = new Tenant("acme");
    private static final Tenant OTHER = new Tenant("other");
    private static final ConversationId CHAT = new ConversationId("chat");
    private static final DocumentId GUIDE = new DocumentId("guide");

    private final SettableClock clock = new SettableClock();
    private final SecureRandom random = new SecureRandom();
    private final Ids ids = new Ids(clock, random);
    private final List<String> computed = new ArrayList<>();
    private EventLog log;
    private Conversations conversations;
    private Documents documents;
    private VectorStore vectors;
    private MasterKey master;
    private Embeddings embeddings;
    private boolean rebuilding;

    /// A new, empty storage with these tables.
    protected abstract LogStorage create(List<Table> tables);

    /// A new, empty store of vectors.
    protected abstract VectorStore vectors();

    @BeforeEach
    void start() {
        var tables = Stream.of(EventLog.tables(), new ConversationRows().tables(), new DocumentRows().tables())
                .flatMap(List::stream)
                .toList();
        master = MasterKey.random(random);
        log = EventLog.on(create(tables))
                .sealedWith(master)
                .inline(new ConversationRows(), new DocumentRows())
                .ids(ids)
                .random(random)
                .start();
        conversations = new Conversations(log, LanguageDetector.undecided(), ids);
        documents = new Documents(log, TextExtractor.plainText(), LanguageDetector.undecided(), ids);
        vectors = vectors();
        embeddings = embeddings();
    }

    @AfterEach
    void stop() {
        embeddings.close();
        vectors.close();
        log.close();
    }

    /// As after a restart: nothing is at hand but what is stored.
    private Embeddings embeddings() {
        var settings = new Embeddings.Settings(Duration.ofSeconds(5), Duration.ofMinutes(1), 64, 4, 0);
        return new Embeddings(new Noting(), vectors, master::fingerprintKey, EmbeddingMeter.none(), settings);
    }

    private List<Source> sources() {
        var chunker = new Chunker(ChunkSettings.DEFAULT);
        return List.of(
                new ConversationSource(log, chunker, tenant -> new Language("en")),
                new DocumentSource(documents, chunker, tenant -> new Language("en")));
    }

    private VectorSweep sweep(VectorSweep.Pace pace) {
        return new VectorSweep(log, sources(), () -> embeddings, () -> rebuilding, pace);
    }

    /// Embeds every passage of the log, as a dense index does that follows it.
    private void index() {
        var passages = new Passages(sources());
        for (var head : log.heads()) {
            log.feed().after(head.partition(), 0, 1000, Long.MAX_VALUE).stream()
                    .flatMap(event -> passages.changes(event).stream())
                    .filter(PassageChange.Put.class::isInstance)
                    .map(PassageChange.Put.class::cast)
                    .filter(put -> !put.passages().isEmpty())
                    .forEach(put -> PassageVectors.of(put.passages().getFirst().tenant(), put.passages(), embeddings));
        }
    }

    private void say(Tenant tenant, ConversationId in, String id, String text) {
        conversations.add(new Context(tenant, "tester", "corr"), in, List.of(NewMessage.of(id, "user", text)));
    }

    private void put(DocumentId id, String text) {
        var document = NewDocument.plain(id, null, text);
        documents.put(new Context(ACME, "tester", "corr"), document, OptionalLong.empty());
    }

    private long held() {
        return vectors.held().stream().mapToLong(VectorStore.Held::vectors).sum();
    }

    @Test
    void vectorsOfLiveUnitsStay() {
        say(ACME, CHAT, "m1", "The tide turns at noon. The harbour is wide.");
        say(ACME, CHAT, "m2", "And the boats go out.");
        say(OTHER, CHAT, "m1", "Nobody else reads this.");
        put(GUIDE, "A guide to boats.");
        index();
        long before = held();

        assertThat(sweep(nanos -> {}).run()).isZero();

        assertThat(held()).isEqualTo(before);
        computed.clear();
        index();
        assertThat(computed).isEmpty();
    }

    @Test
    void vectorsOfWhatWasDeletedOrReplacedGo() {
        var gone = new ConversationId("gone");
        say(ACME, CHAT, "m1", "The tide turns at noon.");
        say(ACME, gone, "m1", "This will be deleted.");
        put(GUIDE, "The first version.");
        put(new DocumentId("old"), "A document that goes.");
        index();
        put(GUIDE, "The second version.");
        index();
        var context = new Context(ACME, "tester", "corr");
        conversations.delete(context, gone);
        documents.delete(context, new DocumentId("old"));
        computed.clear();

        assertThat(sweep(nanos -> {}).run()).isPositive();

        assertThat(sweep(nanos -> {}).run()).isZero();
        index();
        assertThat(computed)
                .allMatch(text -> text.contains("deleted") || text.contains("first") || text.contains("goes"))
                .anyMatch(text -> text.contains("deleted"))
                .anyMatch(text -> text.contains("first"))
                .anyMatch(text -> text.contains("goes"));
    }

    @Test
    void aTenantWithoutAnyEventKeepsNoVectors() {
        embeddings.passages(ACME, List.of("left over"));

        assertThat(sweep(nanos -> {}).run()).isEqualTo(1);
        assertThat(held()).isZero();
    }

    @Test
    void ofAFormerModelTooWhatLivesStaysAndWhatIsDeletedGoes() {
        var gone = new ConversationId("gone");
        say(ACME, CHAT, "m1", "The tide turns at noon.");
        say(ACME, gone, "m1", "This will be deleted.");
        index();
        var former = new EmbeddingSpace("former", "0000abcd", 2, true);
        var copied = vectors.after(ACME, embeddings.space(), null, 100).keySet().stream()
                .collect(Collectors.toMap(key -> key, key -> new float[] {1, 0}));
        vectors.putAll(ACME, former, copied);
        conversations.delete(new Context(ACME, "tester", "corr"), gone);

        assertThat(sweep(nanos -> {}).run()).isPositive();

        assertThat(vectors.after(ACME, former, null, 100).keySet())
                .isEqualTo(vectors.after(ACME, embeddings.space(), null, 100).keySet())
                .isNotEmpty()
                .hasSizeLessThan(copied.size());
    }

    @Test
    void nothingIsRemovedWhileARebuildRuns() {
        embeddings.passages(ACME, List.of("left over"));
        rebuilding = true;

        assertThatThrownBy(() -> sweep(nanos -> {}).run())
                .isInstanceOf(VectorSweep.SweepStopped.class)
                .hasMessageContaining("rebuilt");
        assertThat(held()).isEqualTo(1);
    }

    @Test
    void aRebuildThatBeginsMeanwhileEndsTheSweepBeforeAnythingIsRemoved() {
        say(ACME, CHAT, "m1", "The tide turns at noon.");
        embeddings.passages(ACME, List.of("left over"));
        long before = held();

        assertThatThrownBy(() -> sweep(nanos -> rebuilding = true).run()).isInstanceOf(VectorSweep.SweepStopped.class);
        assertThat(held()).isEqualTo(before);
    }

    @Test
    void whatIsAskedForMeanwhileStaysThoughItWasDead() {
        say(ACME, CHAT, "m1", "The tide turns at noon.");
        index();
        embeddings.passages(ACME, List.of("dead until now", "dead for good"));

        long removed = sweep(nanos -> embeddings.passages(ACME, List.of("dead until now")))
                .run();

        assertThat(removed).isEqualTo(1);
        computed.clear();
        embeddings.passages(ACME, List.of("dead until now"));
        assertThat(computed).isEmpty();
    }

    @Test
    void aSweepIsDueSoonAfterTheStartAndThenFromTimeToTime() {
        var settings = new Sweeps.Settings(Duration.ofDays(1), Duration.ofDays(1));
        var sweeps = new Sweeps(log.blobs(), sweep(nanos -> {}), settings, clock);
        embeddings.passages(ACME, List.of("left over"));
        assertThat(sweeps.step()).isEmpty();
        assertThat(sweeps.untilDue()).isEqualTo(Duration.ofHours(1));

        clock.advance(Duration.ofHours(1));
        assertThat(sweeps.step()).hasValue(new Sweeps.Swept(1, 0));
        assertThat(sweeps.untilDue()).isEqualTo(Duration.ofDays(1));
        assertThat(sweeps.step()).isEmpty();
    }

    @Test
    void aSweepThatARebuildKeptFromItsWorkIsTriedAgainSoon() {
        var settings = new Sweeps.Settings(Duration.ofDays(1), Duration.ofDays(1));
        var sweeps = new Sweeps(log.blobs(), sweep(nanos -> {}), settings, clock);
        embeddings.passages(ACME, List.of("left over"));
        rebuilding = true;
        clock.advance(Duration.ofHours(1));

        assertThat(sweeps.step()).isEmpty();
        rebuilding = false;
        clock.advance(sweeps.untilDue());

        assertThat(sweeps.step()).hasValue(new Sweeps.Swept(1, 0));
    }

    @Test
    void partsWithoutAnEventAreSweptOnceTheirEventIsOverdue() {
        var settings = new Sweeps.Settings(Duration.ofHours(6), Duration.ofDays(1));
        var sweeps = new Sweeps(log.blobs(), sweep(nanos -> {}), settings, clock);
        log.blobs().store(new Context(ACME, "tester", "corr"), "doc/x", new byte[600_000]);

        clock.advance(Duration.ofHours(23));
        assertThat(sweeps.step()).hasValue(new Sweeps.Swept(0, 0));
        clock.advance(Duration.ofHours(6));
        assertThat(sweeps.step()).hasValue(new Sweeps.Swept(0, 1));
        clock.advance(Duration.ofHours(6));
        assertThat(sweeps.step()).hasValue(new Sweeps.Swept(0, 0));
    }

    /// A model that notes what it computes.
    private final class Noting implements ForwardingModel {
        private final EmbeddingModel model = EmbeddingModel.inMemory(16);

        @Override
        public EmbeddingModel model() {
            return model;
        }

        @Override
        public List<float[]> embedPassages(List<String> passages) {
            computed.addAll(passages);
            return model.embedPassages(passages);
        }
    }

    /// A clock that stands still until it is told to go on.
    private static final class SettableClock extends Clock {
        private Instant now = Instant.parse("2026-01-01T00:00:00Z");

        void advance(Duration by) {
            now = now.plus(by);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
