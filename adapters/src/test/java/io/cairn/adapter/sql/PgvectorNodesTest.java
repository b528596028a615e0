package io.cairn.adapter.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cairn.event.EventLog;
import io.cairn.event.EventSteps;
import io.cairn.event.Ids;
import io.cairn.event.StorageException;
import io.cairn.follow.FollowSettings;
import io.cairn.follow.Skipped;
import io.cairn.knowledge.DocumentRows;
import io.cairn.knowledge.DocumentSource;
import io.cairn.knowledge.Documents;
import io.cairn.knowledge.TextExtractor;
import io.cairn.lease.Lease;
import io.cairn.lease.LeaseSettings;
import io.cairn.lease.LeaseSteps;
import io.cairn.lease.Leases;
import io.cairn.lease.Share;
import io.cairn.memory.ConversationId;
import io.cairn.memory.ConversationRows;
import io.cairn.memory.ConversationSource;
import io.cairn.memory.Conversations;
import io.cairn.memory.NewMessage;
import io.cairn.model.EmbeddingMeter;
import io.cairn.model.EmbeddingModel;
import io.cairn.model.Embeddings;
import io.cairn.model.ForwardingModel;
import io.cairn.model.VectorStore;
import io.cairn.passage.Passages;
import io.cairn.projection.ProjectionSteps;
import io.cairn.projection.RolledBack;
import io.cairn.projection.RunningIndex;
import io.cairn.recall.DenseIndex;
import io.cairn.recall.Filters;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A dense index in the log's database that several nodes follow together, each with what it has embedded for itself.
class PgvectorNodesTest {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    private static final Tenant ACME = new Tenant("acme");
    private static final Context CONTEXT = new Context(ACME, "tester", "corr");
    private static final Duration TIME = LeaseSettings.defaults().time();
    private static final int PARTITIONS = 3;

    /// Tenants enough to be in every partition.
    private static final List<Tenant> MANY =
            IntStream.range(0, 12).mapToObj(i -> new Tenant("t" + i)).toList();

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final MasterKey MASTER = MasterKey.random(RANDOM);

    /// How often each passage was embedded, by any node.
    private final Map<String, Integer> embedded = new ConcurrentHashMap<>();

    private final List<Node> nodes = new ArrayList<>();
    private Node one;

    @BeforeEach
    void start() {
        DATABASE.emptied();
        one = new Node("one");
    }

    @AfterEach
    void stop() {
        nodes.forEach(Node::stop);
    }

    /// A process that acts when it is told to, with a clock of its own.
    private final class Node {
        private final AtomicLong nanos = new AtomicLong();
        private final EventLog log;
        private final Conversations conversations;
        private final Documents documents;
        private final Embeddings embeddings;
        private final Leases leases;
        private final Share share;
        private final RunningIndex<DenseIndex> host;
        private volatile Runnable meanwhile = () -> {};

        Node(String name) {
            var ids = new Ids(Clock.systemUTC(), RANDOM);
            log = EventLog.on(PostgresLogStorage.open(DATABASE.settings().withPartitions(PARTITIONS)))
                    .sealedWith(MASTER)
                    .inline(new ConversationRows(), new DocumentRows())
                    .ids(ids)
                    .random(RANDOM)
                    .start();
            conversations = new Conversations(log, LanguageDetector.undecided(), ids);
            documents = new Documents(log, TextExtractor.plainText(), LanguageDetector.undecided(), ids);
            embeddings = new Embeddings(
                    new Counting(this),
                    VectorStore.inMemory(),
                    MASTER::fingerprintKey,
                    EmbeddingMeter.none(),
                    Embeddings.Settings.DEFAULT);
            leases = new Leases(log, name, LeaseSettings.defaults(), nanos::get);
            share = leases.share("projection:dense", PARTITIONS);
            host = new RunningIndex<>(
                    "dense",
                    log,
                    DATABASE.pgvector(this::passages, embeddings),
                    share,
                    FollowSettings.defaults().batchesOf(4),
                    Clock.systemUTC());
            nodes.add(this);
            after(Duration.ZERO);
        }

        private Passages passages() {
            return new Passages(List.of(
                    new ConversationSource(log, new Chunker(ChunkSettings.DEFAULT), tenant -> new Language("en")),
                    new DocumentSource(documents, new Chunker(ChunkSettings.DEFAULT), tenant -> new Language("en"))));
        }

        void say(Tenant tenant, String conversation, String... texts) {
            for (var text : texts) {
                conversations.add(
                        new Context(tenant, "tester", "corr"),
                        new ConversationId(conversation),
                        List.of(NewMessage.of(
                                "%s-%s".formatted(conversation, text),
                                "user",
                                "%s says %s".formatted(tenant.id(), text))));
            }
        }

        void after(Duration time) {
            nanos.addAndGet(time.toNanos());
            LeaseSteps.step(leases);
        }

        /// Goes on until there is nothing to do.
        void follow() {
            EventSteps.doubtHeads(log);
            while (ProjectionSteps.step(host)) {
                // until there is nothing to do
            }
        }

        /// As [#follow()], and as a thread does tries again once it has found out that its lease was taken.
        void goOn() {
            try {
                follow();
            } catch (StorageException e) {
                assertThat(e).hasMessageContaining("has gone to another node");
                follow();
            }
        }

        Lease lease(int partition) {
            return share.lease(partition).orElseThrow();
        }

        long held() {
            return IntStream.range(0, PARTITIONS)
                    .filter(partition -> share.lease(partition).isPresent())
                    .count();
        }

        boolean finds(Tenant tenant, String text) {
            var vector = embeddings.query(tenant, "user: %s says %s".formatted(tenant.id(), text));
            return host.current().search(tenant, vector, Filters.NONE, 100, true).stream()
                    .anyMatch(candidate -> candidate.score() > .5);
        }

        void stop() {
            host.close();
            leases.close();
            embeddings.close();
            log.close();
        }
    }

    /// Until each has its part of the partitions, and sees everything.
    private void followTogether() {
        await().untilAsserted(() -> {
            nodes.forEach(node -> node.after(TIME.dividedBy(3)));
            nodes.forEach(Node::goOn);
            nodes.forEach(node -> assertThat(node.host.health().eventsBehind()).isZero());
            assertThat(nodes.stream().mapToLong(Node::held).sum()).isEqualTo(PARTITIONS);
            nodes.forEach(node -> assertThat(node.host.isRebuilding()).isFalse());
        });
    }

    @Test
    void nodesShareThePartitionsEmbedEachTextOnceAndSeeEverything() {
        var other = new Node("other");
        followTogether();
        MANY.forEach(tenant -> one.say(tenant, "a", "pears", "apples", "plums"));

        followTogether();

        assertThat(one.held()).isBetween(1L, 2L);
        assertThat(embedded)
                .isNotEmpty()
                .allSatisfy((text, times) -> assertThat(times).isEqualTo(1));
        assertThat(rows()).isEqualTo(36);
        for (var node : nodes) {
            await().untilAsserted(
                            () -> assertThat(node.host.current().passages()).isEqualTo(36));
            MANY.forEach(tenant -> assertThat(node.finds(tenant, "apples")).isTrue());
        }
        assertThat(other.host.current().visible(one.log.partition(ACME)))
                .isEqualTo(one.host.current().visible(one.log.partition(ACME)));
    }

    @Test
    void aNodeThatOnlyLooksSeesWhatTheHolderHasApplied() throws InterruptedException {
        var other = new Node("other");
        one.follow();
        one.say(ACME, "a", "pears");
        one.follow();

        await().untilAsserted(() -> {
            other.follow();
            assertThat(other.host.health().eventsBehind()).isZero();
        });
        assertThat(other.held()).isZero();
        assertThat(other.host.awaitVisible(other.log.partition(ACME), 1, Duration.ZERO))
                .isTrue();
        assertThat(other.finds(ACME, "pears")).isTrue();
    }

    @Test
    void aNodeThatDiesIsReplacedAndNothingIsEmbeddedAgain() {
        one.say(ACME, "a", "1", "2", "3", "4", "5", "6");
        EventSteps.doubtHeads(one.log);
        ProjectionSteps.step(one.host);
        assertThat(rows()).isEqualTo(4);
        var other = new Node("other");
        other.follow();
        assertThat(other.held()).isZero();

        other.after(TIME);
        other.follow();

        assertThat(rows()).isEqualTo(6);
        assertThat(embedded).allSatisfy((text, times) -> assertThat(times).isEqualTo(1));
    }

    @Test
    void aNodeThatStopsIsReplacedAtOnce() {
        one.say(ACME, "a", "1");
        one.follow();
        var other = new Node("other");
        nodes.remove(one);
        one.stop();
        other.after(Duration.ZERO);
        other.say(ACME, "a", "2");

        other.follow();

        assertThat(rows()).isEqualTo(2);
    }

    @Test
    void aZombieThatWakesWhileItEmbedsCommitsNothing() {
        var other = new Node("other");
        one.say(ACME, "a", "pears", "apples");
        one.meanwhile = () -> {
            one.meanwhile = () -> {};
            other.after(TIME);
            other.follow();
            assertThat(other.held()).isEqualTo(PARTITIONS);
            DATABASE.execute("DELETE FROM knowledge_base_1 WHERE id = 'm/a/2/0'");
        };

        assertThatThrownBy(one::follow)
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("has gone to another node; nothing of what was done under it is kept");

        assertThat(rows()).isEqualTo(1);
        one.follow();
        assertThat(one.held()).isZero();
        one.say(ACME, "a", "plums");
        other.follow();
        assertThat(rows()).isEqualTo(2);
    }

    @Test
    void aZombieParksNothing() {
        var other = new Node("other");
        int partition = one.log.partition(ACME);
        refuse("bad");
        one.say(ACME, "bad", "pears");
        one.meanwhile = () -> {
            one.meanwhile = () -> {};
            other.share.seize(partition);
        };

        assertThatThrownBy(one::follow).hasMessageContaining("has gone to another node");

        assertThat(other.host.parkedCount(ACME)).isZero();
    }

    @Test
    void whoTakesALeaseWaitsForACommitUnderItThatHasPassedTheFence() throws Exception {
        var other = new Node("other");
        one.follow();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor();
                var connection = DATABASE.connect();
                var session = new SqlSession(connection, PostgresDialect.INSTANCE, Statements.uncounted())) {
            connection.setAutoCommit(false);
            var lease = one.lease(0);
            PgvectorCheckpoints.fence(session, lease);

            var seized = threads.submit(() -> other.share.seize(0));

            await().until(() -> DATABASE.connections("wait_event_type = 'Lock'") == 1);
            assertThat(seized.isDone()).isFalse();
            connection.commit();
            seized.get();
            assertThatThrownBy(() -> PgvectorCheckpoints.fence(session, lease))
                    .hasMessageContaining("has gone to another node");
            PgvectorCheckpoints.fence(session, other.lease(0));
        }
    }

    @Test
    void whatOneHasParkedTheNextHolderKnowsThoughItHeldThePartitionBefore() {
        var other = new Node("other");
        int partition = one.log.partition(ACME);
        one.say(ACME, "bad", "pears");
        one.say(ACME, "good", "pears");
        one.follow();
        other.share.seize(partition);
        one.say(ACME, "good", "apples");
        other.follow();
        assertThat(rows()).isEqualTo(3);
        one.share.seize(partition);
        refuse("bad");
        one.say(ACME, "bad", "apples");
        one.follow();
        refuse("nothing");
        one.say(ACME, "bad", "plums");
        one.say(ACME, "good", "plums");

        other.share.seize(partition);
        other.follow();

        assertThat(rows()).isEqualTo(4);
        assertThat(other.host.parked(ACME, null, 10))
                .singleElement()
                .satisfies(parked -> assertThat(parked.version()).isEqualTo(2));
    }

    @Test
    void operatorsActOnAnyNode() {
        var other = new Node("other");
        refuse("bad", "worse");
        one.say(ACME, "bad", "pears");
        one.say(ACME, "worse", "pears");
        one.say(ACME, "good", "pears");
        one.follow();
        assertThat(other.host.parked(ACME, null, 10)).hasSize(2);
        refuse("nothing");

        assertThat(other.host.skip(CONTEXT, parked("worse"))).isEqualTo(new Skipped.Done(1));
        assertThat(other.host.skip(CONTEXT, parked("good"))).isEqualTo(new Skipped.NotParked());
        assertThat(other.host.retry(ACME, parked("bad"))).isEqualTo(1);

        assertThat(rows()).isEqualTo(2);
        assertThat(one.host.parkedCount(ACME)).isZero();
        one.say(ACME, "bad", "apples");
        one.say(ACME, "worse", "apples");
        followTogether();
        assertThat(rows()).isEqualTo(4);
    }

    @Test
    void whatAnOperatorDoesElsewhereWhileTheHolderEmbedsIsNotLost() {
        var other = new Node("other");
        refuse("bad");
        one.say(ACME, "bad", "pears");
        one.follow();
        refuse("nothing");
        one.say(ACME, "good", "plums");
        one.say(ACME, "bad", "apples");
        one.meanwhile = () -> {
            one.meanwhile = () -> {};
            assertThat(other.host.retry(ACME, null)).isEqualTo(1);
        };

        assertThatThrownBy(one::follow).hasMessageContaining("has gone to another node");

        followTogether();
        assertThat(rows()).isEqualTo(3);
        assertThat(one.host.parkedCount(ACME)).isZero();
    }

    @Test
    void aPartThatAnOperatorHasEnlargedIsGivenBack() {
        var other = new Node("other");
        followTogether();
        IntStream.range(0, PARTITIONS).forEach(other.share::seize);
        assertThat(other.held()).isEqualTo(PARTITIONS);

        followTogether();
        assertThat(one.held()).isBetween(1L, 2L);
    }

    @Test
    void nodesBuildANewGenerationTogetherOnce() {
        var other = new Node("other");
        followTogether();
        MANY.forEach(tenant -> one.say(tenant, "a", "pears", "apples", "plums"));
        followTogether();

        assertThat(other.host.rebuild()).isEqualTo(2);
        followTogether();

        for (var node : nodes) {
            assertThat(node.host.health().generation()).isEqualTo(2);
            assertThat(node.finds(ACME, "apples")).isFalse();
            MANY.forEach(tenant -> assertThat(node.finds(tenant, "apples")).isTrue());
        }
        assertThat(DATABASE.number("SELECT count(*)::int FROM knowledge_base")).isEqualTo(36);
        assertThat(embedded).allSatisfy((text, times) -> assertThat(times).isEqualTo(1));
    }

    @Test
    void theFormerGenerationComesBackByTheWorkOfAllNodes() {
        var other = new Node("other");
        followTogether();
        MANY.forEach(tenant -> one.say(tenant, "a", "pears"));
        followTogether();
        one.host.rebuild();
        followTogether();
        MANY.forEach(tenant -> one.say(tenant, "a", "apples"));
        followTogether();
        assertThat(rows()).isEqualTo(12);

        assertThat(other.host.rollback()).isEqualTo(new RolledBack.Begun(1));
        assertThat(one.host.rollback())
                .isEqualTo(new RolledBack.Refused(
                        "Generation 1 of dense is on its way; a rollback has to wait until it has switched"));
        followTogether();

        nodes.forEach(node -> assertThat(node.host.health().generation()).isEqualTo(1));
        assertThat(rows()).isEqualTo(24);
    }

    @Test
    void aRebuildLeavesWhatTheCurrentGenerationHasParked() {
        var other = new Node("other");
        refuse("bad");
        one.say(ACME, "bad", "pears");
        one.follow();
        one.host.rebuild();
        followTogether();
        assertThat(one.host.parkedCount(ACME)).isZero();

        assertThat(other.host.rollback()).isEqualTo(new RolledBack.Begun(1));
        followTogether();

        assertThat(one.host.parkedCount(ACME)).isEqualTo(1);
    }

    /// The table of the first generation takes nothing of these conversations.
    private static void refuse(String... conversations) {
        DATABASE.execute("""
            CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN IF NEW.source IN ('%s') THEN RAISE EXCEPTION 'unsupported' USING ERRCODE = '22P05'; END IF;
            RETURN NEW; END $$;
            CREATE OR REPLACE TRIGGER refuse BEFORE INSERT ON knowledge_base_1
            FOR EACH ROW EXECUTE FUNCTION refuse()
            """.formatted(String.join("', '", conversations)));
    }

    /// The key under which a conversation is parked.
    private static String parked(String conversation) {
        return new ConversationId(conversation).stream().toString();
    }

    private static int rows() {
        return DATABASE.number("SELECT count(*)::int FROM knowledge_base_1");
    }

    /// Counts what is embedded, and lets others act meanwhile.
    private final class Counting implements ForwardingModel {
        private final EmbeddingModel model = EmbeddingModel.inMemory(64);
        private final Node node;

        Counting(Node node) {
            this.node = node;
        }

        @Override
        public EmbeddingModel model() {
            return model;
        }

        @Override
        public List<float[]> embedPassages(List<String> passages) {
            passages.forEach(passage -> embedded.merge(passage, 1, Integer::sum));
            node.meanwhile.run();
            return model.embedPassages(passages);
        }
    }
}
