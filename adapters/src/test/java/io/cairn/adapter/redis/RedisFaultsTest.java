package io.cairn.adapter.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cairn.adapter.sql.TestServers;
import io.cairn.event.StorageException;
import io.cairn.guard.Breaker;
import io.cairn.model.ContentKey;
import io.cairn.model.EmbeddingSpace;
import io.cairn.model.ModelNames;
import io.cairn.tenant.Tenant;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.net.ServerSocketFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What becomes of vectors while Redis is paused, restarted, or not who it should be.
@Timeout(60)
class RedisFaultsTest {
    private static final Tenant ACME = new Tenant("acme");
    private static final String STORE_PASSWORD = "only-for-tests";

    private final EmbeddingSpace space = new EmbeddingSpace("faults:" + System.nanoTime(), "00000001", 2, true);

    @AfterEach
    void tidy() {
        try (var vectors = vectors(TestServers.redis(), Duration.ofSeconds(5), Optional.empty(), Optional.empty())) {
            await().until(() -> vectors.removeModels(ModelNames.of(space.model())) >= 0);
        }
    }

    private static RedisVectors vectors(
            URI url, Duration timeout, Optional<Path> password, Optional<Path> rootCertificate) {
        return vectors(new RedisSettings(
                url, password, rootCertificate, timeout, Duration.ofSeconds(5), Duration.ofMinutes(10)));
    }

    private static RedisVectors vectors(RedisSettings settings) {
        return new RedisVectors(
                settings,
                new Breaker(
                        "redis",
                        StorageException.FAILURES,
                        new Breaker.Settings(5, Duration.ofMillis(200)),
                        System::nanoTime),
                new Random(1));
    }

    private RedisVectors vectors(RedisLink link) {
        return vectors(link.url("redis", "127.0.0.1"), Duration.ofMillis(500), Optional.empty(), Optional.empty());
    }

    private static ContentKey key(int number) {
        return new ContentKey(number, 2, 3, 4);
    }

    private static Map<ContentKey, float[]> some(int count) {
        var some = new HashMap<ContentKey, float[]>();
        IntStream.range(0, count).forEach(i -> some.put(key(i), new float[] {i, 1}));
        return some;
    }

    private void put(RedisVectors vectors, int count) {
        await().untilAsserted(() -> {
            vectors.putAll(ACME, space, some(count));
            assertThat(vectors.getAll(ACME, space, some(count).keySet())).hasSize(count);
        });
    }

    /// What is found is the vector of its key, however many answers come late.
    private void assertRightOrMissing(RedisVectors vectors, int key) {
        vectors.getAll(ACME, space, List.of(key(key)))
                .forEach((found, vector) -> assertThat(vector).containsExactly(key, 1));
    }

    @Test
    void aRedisThatIsPausedCostsABoundedTimeAndNeverAWrongAnswer() throws IOException {
        try (var link = new RedisLink(ServerSocketFactory.getDefault());
                var vectors = vectors(link)) {
            put(vectors, 50);

            link.pause();
            long began = System.nanoTime();
            for (int i = 0; i < 50; i++) {
                assertThat(vectors.getAll(ACME, space, List.of(key(i)))).isEmpty();
            }
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(20));
            link.goOn();

            await().untilAsserted(() -> {
                for (int i = 0; i < 50; i++) {
                    assertRightOrMissing(vectors, i);
                }
                assertThat(vectors.getAll(ACME, space, some(50).keySet())).hasSize(50);
            });
        }
    }

    @Test
    void aConnectionThatTheNetworkHasLostIsMadeAnew() throws IOException {
        try (var link = new RedisLink(ServerSocketFactory.getDefault());
                var vectors = vectors(new RedisSettings(
                        link.url("redis", "127.0.0.1"),
                        Optional.empty(),
                        Optional.empty(),
                        Duration.ofMillis(300),
                        Duration.ofSeconds(1),
                        Duration.ofMinutes(10)))) {
            put(vectors, 3);

            link.lose();
            assertThat(vectors.getAll(ACME, space, some(3).keySet())).isEmpty();

            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(vectors.getAll(ACME, space, some(3).keySet()))
                            .hasSize(3));
        }
    }

    @Test
    void aRedisThatIsRestartedIsAskedAgain() throws IOException {
        try (var link = new RedisLink(ServerSocketFactory.getDefault());
                var vectors = vectors(link)) {
            put(vectors, 3);

            for (int restart = 0; restart < 2; restart++) {
                link.die();
                assertThat(vectors.getAll(ACME, space, List.of(key(0)))).isEmpty();
                vectors.putAll(ACME, space, some(1));
                assertThatThrownBy(() -> vectors.remove(ACME, space)).isInstanceOf(StorageException.class);
                link.start();
                await().atMost(Duration.ofSeconds(20))
                        .untilAsserted(() -> assertThat(vectors.getAll(ACME, space, some(3).keySet()))
                                .hasSize(3));
            }
        }
    }

    @Test
    void aRedisThatIsNotThereAtTheStartIsUsedOnceItIs() throws IOException {
        try (var link = new RedisLink(ServerSocketFactory.getDefault());
                var vectors = vectors(link)) {
            link.die();
            assertThat(vectors.getAll(ACME, space, List.of(key(0)))).isEmpty();

            link.start();
            put(vectors, 2);
        }
    }

    @Test
    void overTlsOnlyARedisThatIsVouchedForUnderItsNameIsAsked(@TempDir Path folder)
            throws IOException, GeneralSecurityException, InterruptedException {
        var store = folder.resolve("redis.p12");
        keytool(
                "-genkeypair",
                "-alias",
                "redis",
                "-keyalg",
                "EC",
                "-dname",
                "CN=redis",
                "-ext",
                "san=ip:127.0.0.1",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString());
        var certificate = folder.resolve("redis.pem");
        keytool(
                "-exportcert",
                "-rfc",
                "-alias",
                "redis",
                "-keystore",
                store.toString(),
                "-file",
                certificate.toString());
        var password = String.valueOf(TestServers.redis().getUserInfo()).replaceFirst("^[^:]*:", "");
        var passwordFile = Files.writeString(folder.resolve("password"), password + "\n");
        try (var link = new RedisLink(tls(store).getServerSocketFactory())) {
            var bare = URI.create("rediss://127.0.0.1:" + link.port());
            try (var vouched =
                    vectors(bare, Duration.ofSeconds(5), Optional.of(passwordFile), Optional.of(certificate))) {
                put(vouched, 2);
            }
            var byAnotherName = link.url("rediss", "localhost");
            try (var unknown = vectors(
                            link.url("rediss", "127.0.0.1"),
                            Duration.ofSeconds(5),
                            Optional.empty(),
                            Optional.empty());
                    var misnamed =
                            vectors(byAnotherName, Duration.ofSeconds(5), Optional.empty(), Optional.of(certificate))) {
                for (var refused : List.of(unknown, misnamed)) {
                    assertThat(refused.getAll(ACME, space, List.of(key(0)))).isEmpty();
                    assertThatThrownBy(() -> refused.remove(ACME, space)).isInstanceOf(StorageException.class);
                }
            }
        }
    }

    @Test
    void aRootCertificateThatIsNoFileIsRefusedAtOnce(@TempDir Path folder) {
        assertThatThrownBy(() -> vectors(
                        URI.create("rediss://localhost"),
                        Duration.ofSeconds(1),
                        Optional.empty(),
                        Optional.of(folder.resolve("none.pem"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("none.pem");
    }

    private static void keytool(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(List.of("-storepass", STORE_PASSWORD));
        var process = new ProcessBuilder(command).inheritIO().start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    private static SSLContext tls(Path store) throws IOException, GeneralSecurityException {
        var keys = KeyStore.getInstance(store.toFile(), STORE_PASSWORD.toCharArray());
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, STORE_PASSWORD.toCharArray());
        var context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }
}
