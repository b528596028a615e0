package io.cairn.adapter.lucene;

import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.knowledge.DocumentId;
import io.cairn.knowledge.NewDocument;
import io.cairn.memory.ConversationId;
import io.cairn.memory.NewMessage;
import io.cairn.model.Embeddings;
import io.cairn.passage.Kind;
import io.cairn.passage.Passages;
import io.cairn.passage.Source;
import io.cairn.projection.Generations;
import io.cairn.recall.DenseIndex;
import io.cairn.recall.Hit;
import io.cairn.recall.Query;
import io.cairn.recall.Recalled;
import io.cairn.recall.Relevance;
import io.cairn.seal.MasterKey;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is not embedded yet, as are all messages here, stands beside what is.
class UnreadTest {
    private static final Context CONTEXT = new Context(new Tenant("acme"), "tester", "corr");
    private static final Duration WAIT = Duration.ofMinutes(1);

    @TempDir
    Path folder;

    private Engine engine;

    @BeforeEach
    void start() {
        engine = Engine.on(folder, MasterKey.random(new SecureRandom()), new Engine.Vectors() {
            @Override
            public Generations<DenseIndex> open(Supplier<Passages> passages, Embeddings embeddings) {
                return Engine.inFolder(folder).open(passages, embeddings);
            }

            @Override
            public List<Source> followed(List<Source> all) {
                return all.stream()
                        .filter(source -> source.kind() == Kind.DOCUMENT)
                        .toList();
            }
        });
    }

    @AfterEach
    void stop() {
        engine.close();
    }

    @Test
    void whatWasJustWrittenIsReadForTheQuery() throws InterruptedException {
        store("The pump on floor 3 was replaced by the night shift.");
        say("The pump on floor 7 was replaced by the night shift.");
        index();

        var hit = recall("The pump on floor 7 was replaced by the night shift.").getFirst();

        assertThat(hit.kind()).isEqualTo(Kind.MESSAGE);
        assertThat(hit.legs()).extracting(Hit.LegScore::leg).containsExactly("lexical", "dense");
    }

    @Test
    void whereNothingHasAVectorTheWordsStandForTheMeaning() throws InterruptedException {
        say("Bunicul a reparat gardul.");
        say("Bunicul doarme.");
        index();

        var hits = recall("Bunicul a reparat gardul");

        assertThat(hits.getFirst().relevance()).isGreaterThan(.9);
        assertThat(hits.getLast().relevance()).isLessThan(hits.getFirst().relevance());
        assertThat(recall("What is the capital of Mongolia, Bunicul?"))
                .allSatisfy(hit -> assertThat(hit.relevance())
                        .isLessThan(Relevance.defaults().fits()));
    }

    private List<Hit> recall(String query) {
        return switch (engine.recall.recall(CONTEXT.tenant(), Query.of(query))) {
            case Recalled.Answer answer -> answer.hits();
            case Recalled.NotYet notYet -> throw new AssertionError(notYet);
            case Recalled.PositionMoved moved -> throw new AssertionError(moved);
        };
    }

    private void say(String text) {
        engine.conversations.add(
                CONTEXT, new ConversationId("chat"), List.of(NewMessage.of("m" + text.hashCode(), "user", text)));
    }

    private void store(String text) {
        engine.documents.put(CONTEXT, NewDocument.plain(new DocumentId("note"), null, text), OptionalLong.empty());
    }

    private void index() throws InterruptedException {
        long head = engine.log.head(0).number();
        assertThat(engine.lexical.awaitVisible(0, head, WAIT)).isTrue();
        assertThat(engine.dense.awaitVisible(0, head, WAIT)).isTrue();
    }
}
