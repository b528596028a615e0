package io.cairn.adapter.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cairn.adapter.sql.TestServers;
import io.cairn.event.StorageException;
import io.cairn.guard.Breaker;
import io.cairn.model.ContentKey;
import io.cairn.model.EmbeddingMeter;
import io.cairn.model.EmbeddingModel;
import io.cairn.model.EmbeddingSpace;
import io.cairn.model.Embeddings;
import io.cairn.model.ModelNames;
import io.cairn.model.VectorStore;
import io.cairn.tenant.Tenant;
import io.lettuce.core.KillArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class RedisVectorsTest {
    private static final Tenant ACME = new Tenant("acme");
    private static final Tenant OTHER = new Tenant("other");
    private static final Duration PATIENT = Duration.ofSeconds(5);

    /// A name of the test's own, with what SCAN reads as a pattern.
    private final String model = "m*[a]?:" + System.nanoTime();

    private final EmbeddingSpace space = new EmbeddingSpace(model, "00000001", 3, true);
    private final RedisClient client = RedisClient.create(RedisURI.create(TestServers.redis()));
    private final StatefulRedisConnection<byte[], byte[]> direct = client.connect(ByteArrayCodec.INSTANCE);
    private final RedisCommands<byte[], byte[]> redis = direct.sync();
    private RedisVectors vectors = vectors(TestServers.redis(), PATIENT);

    private static RedisVectors vectors(URI url, Duration timeout) {
        return new RedisVectors(settings(url, timeout, Optional.empty()), breaker(), new Random(1));
    }

    private static RedisSettings settings(URI url, Duration timeout, Optional<Path> password) {
        return new RedisSettings(url, password, Optional.empty(), timeout, PATIENT, Duration.ofDays(7));
    }

    private static Breaker breaker() {
        return new Breaker(
                "redis", StorageException.FAILURES, new Breaker.Settings(5, Duration.ofSeconds(60)), System::nanoTime);
    }

    @BeforeEach
    void warm() {
        vectors.getAll(ACME, space, List.of(key(0)));
    }

    @AfterEach
    void close() {
        vectors.removeModels(ModelNames.of(model + "*"));
        vectors.close();
        direct.close();
        client.close();
    }

    private static ContentKey key(int number) {
        return new ContentKey(number, 2, 3, 4);
    }

    private static Map<ContentKey, float[]> some(int count) {
        var some = new HashMap<ContentKey, float[]>();
        IntStream.range(0, count).forEach(i -> some.put(key(i), new float[] {i, 0.5f, -1e-9f}));
        return some;
    }

    private List<byte[]> names() {
        return redis.keys("cairn:embedding:*").stream()
                .filter(name -> new String(name, UTF_8).contains(model.substring(model.indexOf(':') + 1)))
                .toList();
    }

    @Test
    void whatWasPutIsFoundBitByBit() {
        vectors.putAll(ACME, space, some(1200));

        var found = vectors.getAll(ACME, space, some(1300).keySet());

        assertThat(found).hasSize(1200);
        some(1200).forEach((key, vector) -> assertThat(found.get(key)).isEqualTo(vector));
    }

    @Test
    void tenantsAndSpacesDoNotSeeEachOthers() {
        vectors.putAll(ACME, space, some(1));

        assertThat(vectors.getAll(OTHER, space, List.of(key(0)))).isEmpty();
        assertThat(vectors.getAll(ACME, new EmbeddingSpace(model, "00000002", 3, true), List.of(key(0))))
                .isEmpty();
    }

    @Test
    void aKeyTellsNothingOfTheTenantAndLeavesAfterItsTime() {
        vectors.putAll(ACME, space, some(20));

        assertThat(names()).hasSize(20).allSatisfy(name -> {
            assertThat(new String(name, UTF_8)).doesNotContain("acme");
            assertThat(redis.pttl(name))
                    .isBetween(
                            Duration.ofDays(7).toMillis() - 60_000,
                            Duration.ofDays(8).toMillis());
        });
        assertThat(names().stream().map(redis::pttl).distinct().count()).isGreaterThan(1);
    }

    @Test
    void aDamagedValueIsNotThere() {
        vectors.putAll(ACME, space, some(1));
        var name = names().getFirst();
        var good = redis.get(name);
        for (int i = 0; i < good.length; i++) {
            var damaged = good.clone();
            damaged[i] ^= 1;
            redis.set(name, damaged);
            assertThat(vectors.getAll(ACME, space, List.of(key(0))))
                    .as("byte %d", i)
                    .isEmpty();
        }
        for (var other : List.of(new byte[0], "x".getBytes(UTF_8), new byte[good.length + 4])) {
            redis.set(name, other, SetArgs.Builder.px(60_000));
            assertThat(vectors.getAll(ACME, space, List.of(key(0)))).isEmpty();
        }
    }

    @Test
    void anotherKeysValueIsNotTakenForTheVector() {
        vectors.putAll(ACME, space, some(2));
        var names = names();
        redis.set(names.get(0), redis.get(names.get(1)));

        assertThat(vectors.getAll(ACME, space, List.of(key(0), key(1)))).hasSize(1);
    }

    @Test
    void aKeyOfAnotherTypeIsNoReasonToFail() {
        vectors.putAll(ACME, space, some(1));
        var name = names().getFirst();
        redis.del(name);
        redis.lpush(name, "x".getBytes(UTF_8));

        assertThat(vectors.getAll(ACME, space, List.of(key(0)))).isEmpty();
    }

    @Test
    void removalCountsWhatItRemovesAndLeavesTheRest() {
        var longer = new EmbeddingSpace(model + "x", "00000001", 3, true);
        vectors.putAll(ACME, space, some(1200));
        vectors.putAll(OTHER, space, some(3));
        vectors.putAll(ACME, longer, some(2));

        assertThat(vectors.remove(ACME, space)).isEqualTo(1200);
        assertThat(vectors.getAll(OTHER, space, some(3).keySet())).hasSize(3);
        assertThat(vectors.removeModels(ModelNames.of(model))).isEqualTo(3);
        assertThat(vectors.getAll(ACME, longer, some(2).keySet())).hasSize(2);
        assertThat(vectors.removeModels(ModelNames.of(model + "*"))).isEqualTo(2);
    }

    @Test
    void aConnectionThatWasCutMendsItself() {
        vectors.putAll(ACME, space, some(1));
        redis.clientKill(KillArgs.Builder.typeNormal().skipme());

        await().untilAsserted(() ->
                assertThat(vectors.getAll(ACME, space, List.of(key(0)))).hasSize(1));
    }

    @Test
    void aFullRedisTakesNothingAndStillTellsWhatItHas() {
        vectors.putAll(ACME, space, some(1));
        redis.configSet("maxmemory", "1");
        try {
            for (int i = 0; i < 20; i++) {
                vectors.putAll(ACME, space, Map.of(key(7), new float[] {1, 2, 3}));
            }
            assertThat(vectors.getAll(ACME, space, List.of(key(0), key(7)))).containsOnlyKeys(key(0));
        } finally {
            redis.configSet("maxmemory", "0");
        }
    }

    @Test
    void thePasswordMayStandInAFile(@TempDir Path folder) throws IOException {
        var url = TestServers.redis();
        var password = String.valueOf(url.getUserInfo()).replaceFirst("^[^:]*:", "");
        var file = Files.writeString(folder.resolve("password"), password + "\n");
        var bare = URI.create("redis://127.0.0.1:" + url.getPort());
        vectors.putAll(ACME, space, some(1));

        try (var other = new RedisVectors(settings(bare, PATIENT, Optional.of(file)), breaker(), new Random(1))) {
            assertThat(other.getAll(ACME, space, List.of(key(0)))).hasSize(1);
        }
    }

    /// How a Redis may fail that accepts connections.
    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.1 400 Bad Request\r\n\r\n", "-ERR no\r\n", "*3\r\n$5\r\nab", "\0\0\0\0"})
    void whateverAnswersInItsPlaceCostsABoundedTimeAndNoAnswer(String nonsense) throws IOException {
        try (var fake = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> answer(fake, nonsense));
            assertBounded(fake.getLocalPort());
        }
    }

    @Test
    void aRedisThatIsAwayCostsABoundedTimeAndNoAnswer() throws IOException {
        int port;
        try (var closed = new ServerSocket(0)) {
            port = closed.getLocalPort();
        }
        assertBounded(port);
    }

    private static void answer(ServerSocket fake, String nonsense) {
        try {
            while (true) {
                var socket = fake.accept();
                socket.getOutputStream().write(nonsense.repeat(20).getBytes(UTF_8));
                socket.getOutputStream().flush();
            }
        } catch (IOException closed) {
            assertThat(fake.isClosed()).isTrue();
        }
    }

    private void assertBounded(int port) {
        var url = URI.create("redis://127.0.0.1:" + port);
        try (var away = vectors(url, Duration.ofMillis(20));
                var model = EmbeddingModel.inMemory(8);
                var embeddings = new Embeddings(
                        model,
                        Optional.of(away),
                        VectorStore.inMemory(),
                        tenant -> new byte[32],
                        EmbeddingMeter.none(),
                        Embeddings.Settings.DEFAULT,
                        Optional.empty())) {
            long began = System.nanoTime();
            for (int i = 0; i < 200; i++) {
                assertThat(embeddings.passages(ACME, List.of("text " + i)).getFirst())
                        .isEqualTo(model.embedPassages(List.of("text " + i)).getFirst());
            }
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
            assertThatThrownBy(() -> away.removeModels(ModelNames.of("m"))).isInstanceOf(StorageException.class);
        }
    }

    @Test
    void whatOneNodeEmbeddedAnotherOneFindsThere() {
        var asked = new int[1];
        var counting = EmbeddingModel.inMemory(8);
        for (int node = 0; node < 2; node++) {
            try (var shared = vectors(TestServers.redis(), PATIENT);
                    var embeddings = new Embeddings(
                            counting,
                            Optional.of(shared),
                            VectorStore.inMemory(),
                            tenant -> new byte[32],
                            new EmbeddingMeter() {
                                @Override
                                public void called(String provider, Status status, Duration took) {
                                    asked[0]++;
                                }

                                @Override
                                public void lookedUp(Level level, int hits, int misses) {
                                    // Only the calls of the model are counted.
                                }

                                @Override
                                public void cut(String provider, long tokens) {
                                    // Nothing is cut.
                                }

                                @Override
                                public void refused(String provider, int texts) {
                                    // Nothing is refused.
                                }

                                @Override
                                public void fellBack(String from, String to, int times) {
                                    // There is one provider.
                                }
                            },
                            Embeddings.Settings.DEFAULT,
                            Optional.empty())) {
                assertThat(embeddings.passages(ACME, List.of("both " + model))).hasSize(1);
                if (node == 1) {
                    embeddings.invalidate(ModelNames.of(embeddings.space().model()));
                }
            }
        }

        assertThat(asked[0]).isEqualTo(1);
    }
}
