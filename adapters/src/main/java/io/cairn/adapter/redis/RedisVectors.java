package io.cairn.adapter.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cairn.event.StorageException;
import io.cairn.event.StorageException.Kind;
import io.cairn.guard.Breaker;
import io.cairn.model.ContentKey;
import io.cairn.model.EmbeddingSpace;
import io.cairn.model.ModelNames;
import io.cairn.model.SharedVectors;
import io.cairn.tenant.Tenant;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.KeyValue;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisCredentialsProvider;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import io.lettuce.core.SetArgs;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/// Vectors on Redis, over one connection on which requests do not wait for each other's answers.
///
/// Each request has a limit of time, and a breaker stands in front: while Redis is slow, away or answers what cannot be
/// used, few callers wait for it, and none for long. A connection is made when it is first needed, so that a start does
/// not depend on Redis.
public final class RedisVectors implements SharedVectors {
    // A key is `cairn:embedding:MODEL:FINGERPRINT:TENANT:CONTENT`. The tenant is a hash of its id, and the content an
    // HMAC under the tenant's own key, so that the keys tell nothing of whose texts they are.

    private static final String PREFIX = "cairn:embedding:";
    private static final int AT_ONCE = 500;
    private static final int WAITING_MAX = 10_000;

    /// A connection on which nothing goes is looked at every 30 s, and given up when three looks get no answer.
    private static final SocketOptions.KeepAliveOptions KEEP_ALIVE = SocketOptions.KeepAliveOptions.builder()
            .enable()
            .idle(Duration.ofSeconds(30))
            .interval(Duration.ofSeconds(5))
            .count(3)
            .build();

    private static final Duration REMOVAL_MAX = Duration.ofSeconds(10);

    private final RedisSettings settings;
    private final Breaker breaker;
    private final RandomGenerator random;
    private final RedisClient client;
    private @Nullable CompletableFuture<StatefulRedisConnection<byte[], byte[]>> connection;

    /// When a request got no answer in time, by `System::nanoTime`, if none has got one since.
    private volatile @Nullable Long silentSince;

    /// @param random spreads the times at which vectors leave
    public RedisVectors(RedisSettings settings, Breaker breaker, RandomGenerator random) {
        this.settings = settings;
        this.breaker = breaker;
        this.random = random;
        this.client = RedisClient.create(uri(settings));
        client.setOptions(ClientOptions.builder()
                .sslOptions(ssl(settings))
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .requestQueueSize(WAITING_MAX)
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(settings.connect())
                        .keepAlive(KEEP_ALIVE)
                        .build())
                .build());
    }

    private static SslOptions ssl(RedisSettings settings) {
        var ssl = SslOptions.builder().jdkSslProvider();
        settings.rootCertificate().ifPresent(file -> ssl.trustManager(file.toFile()));
        return ssl.build();
    }

    private static RedisURI uri(RedisSettings settings) {
        var uri = RedisURI.create(settings.url());
        uri.setTimeout(settings.connect());
        settings.passwordFile().ifPresent(file -> {
            var user = settings.url().getUserInfo();
            uri.setCredentialsProvider(inFile(user == null || user.isEmpty() ? null : user.split(":")[0], file));
        });
        return uri;
    }

    private static RedisCredentialsProvider inFile(@Nullable String user, Path file) {
        return () -> Mono.fromSupplier(() -> RedisCredentials.just(user, password(file)));
    }

    private static String password(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Map<ContentKey, float[]> getAll(Tenant tenant, EmbeddingSpace space, Collection<ContentKey> keys) {
        var found = new HashMap<ContentKey, float[]>();
        var wanted = List.copyOf(keys);
        for (int from = 0; from < wanted.size(); from += AT_ONCE) {
            var part = wanted.subList(from, Math.min(wanted.size(), from + AT_ONCE));
            if (!tried(() -> get(prefix(tenant, space), space.dimensions(), part, found))) {
                break;
            }
        }
        return found;
    }

    private void get(String prefix, int dimensions, List<ContentKey> keys, Map<ContentKey, float[]> found) {
        var names = keys.stream().map(key -> name(prefix, key)).toArray(byte[][]::new);
        List<KeyValue<byte[], byte[]>> values = answered(connected().async().mget(names), settings.timeout());
        if (values.size() != keys.size()) {
            throw new StorageException(
                    Kind.BUSY,
                    "Redis answered %d keys with %d values".formatted(keys.size(), values.size()),
                    new IOException());
        }
        for (int i = 0; i < keys.size(); i++) {
            var key = keys.get(i);
            VectorBytes.read(key, dimensions, values.get(i).getValueOrElse(null))
                    .ifPresent(vector -> found.put(key, vector));
        }
    }

    @Override
    public void putAll(Tenant tenant, EmbeddingSpace space, Map<ContentKey, float[]> vectors) {
        var entries = List.copyOf(vectors.entrySet());
        for (int from = 0; from < entries.size(); from += AT_ONCE) {
            var part = entries.subList(from, Math.min(entries.size(), from + AT_ONCE));
            if (!tried(() -> put(prefix(tenant, space), part))) {
                break;
            }
        }
    }

    private void put(String prefix, List<Map.Entry<ContentKey, float[]>> vectors) {
        var commands = connected().async();
        var answers = new ArrayList<CompletableFuture<String>>();
        for (var entry : vectors) {
            var value = VectorBytes.of(entry.getKey(), entry.getValue());
            answers.add(commands.set(name(prefix, entry.getKey()), value, SetArgs.Builder.px(ttlMillis()))
                    .toCompletableFuture());
        }
        answered(CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)), settings.timeout());
    }

    private long ttlMillis() {
        long ttl = settings.ttl().toMillis();
        return ttl + random.nextLong(ttl / 10 + 1);
    }

    /// Whether Redis did it in time.
    private boolean tried(Runnable work) {
        try {
            return asked(() -> {
                work.run();
                return true;
            });
        } catch (StorageException awayOrFull) {
            return false;
        }
    }

    private <T> T asked(Supplier<T> work) {
        return breaker.ask(() -> {
            try {
                return work.get();
            } catch (RedisException e) {
                throw new StorageException(Kind.BUSY, "Redis failed: " + e.getMessage(), e);
            }
        });
    }

    @Override
    public long remove(Tenant tenant, EmbeddingSpace space) {
        return removed(prefix(tenant, space));
    }

    @Override
    public long removeModels(ModelNames models) {
        return removed(PREFIX + encoded(models.name()) + (models.beginning() ? "" : ":"));
    }

    /// With SCAN, which does not keep Redis from other work.
    private long removed(String prefix) {
        return asked(() -> {
            var commands = connected().async();
            var wanted = new ScanArgs().match(escaped(prefix) + "*").limit(AT_ONCE);
            long removed = 0;
            ScanCursor cursor = ScanCursor.INITIAL;
            while (!cursor.isFinished()) {
                var page = answered(commands.scan(cursor, wanted), REMOVAL_MAX);
                if (!page.getKeys().isEmpty()) {
                    removed += answered(commands.unlink(page.getKeys().toArray(byte[][]::new)), REMOVAL_MAX);
                }
                cursor = page;
            }
            return removed;
        });
    }

    private static String prefix(Tenant tenant, EmbeddingSpace space) {
        return PREFIX + encoded(space.model()) + ":" + space.fingerprint() + ":" + hashed(tenant.id()) + ":";
    }

    private static byte[] name(String prefix, ContentKey key) {
        return (prefix + HexFormat.of().formatHex(key.bytes())).getBytes(UTF_8);
    }

    private static String encoded(String model) {
        return URLEncoder.encode(model, UTF_8);
    }

    /// The letters that SCAN reads as patterns.
    private static String escaped(String prefix) {
        return prefix.replaceAll("[\\\\*?\\[\\]^]", "\\\\$0");
    }

    private static String hashed(String tenant) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(tenant.getBytes(UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }

    /// The connection, which is made in the background; it mends itself.
    private StatefulRedisConnection<byte[], byte[]> connected() {
        return awaited(connecting(), settings.timeout());
    }

    private synchronized CompletableFuture<StatefulRedisConnection<byte[], byte[]>> connecting() {
        var begun = connection;
        if (begun == null || begun.isCompletedExceptionally()) {
            begun = client.connectAsync(ByteArrayCodec.INSTANCE, uri(settings)).toCompletableFuture();
            connection = begun;
        }
        return begun;
    }

    /// What came over the connection.
    private <T> T answered(CompletionStage<T> answer, Duration limit) {
        try {
            T got = awaited(answer, limit);
            silentSince = null;
            return got;
        } catch (StorageException e) {
            if (e.getCause() instanceof TimeoutException) {
                leaveIfSilent();
            } else if (e.getCause() instanceof RedisCommandExecutionException) {
                silentSince = null;
            }
            throw e;
        }
    }

    /// A network may lose a connection without a word. As long as requests wait on it keep-alive says nothing, and the
    /// operating system holds on to it for a quarter of an hour. So one that was silent for longer than it takes to
    /// make another one is left.
    private synchronized void leaveIfSilent() {
        var since = silentSince;
        long now = System.nanoTime();
        if (since == null) {
            silentSince = now;
        } else if (now - since > settings.connect().toNanos()) {
            var left = connection;
            connection = null;
            silentSince = null;
            if (left != null) {
                left.thenAccept(StatefulRedisConnection::closeAsync);
            }
        }
    }

    /// What Redis answers is never a reason to leave it alone, and nor is a caller who gives up.
    private static <T> T awaited(CompletionStage<T> answer, Duration limit) {
        try {
            return answer.toCompletableFuture().get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new StorageException(Kind.BUSY, "Redis did not answer within " + limit, e);
        } catch (ExecutionException e) {
            var cause = e.getCause() == null ? e : e.getCause();
            boolean answered = cause instanceof RedisCommandExecutionException;
            throw new StorageException(answered ? Kind.FULL : Kind.BUSY, "Redis failed: " + cause.getMessage(), cause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StorageException(Kind.FULL, "The wait for Redis was given up", e);
        }
    }

    @Override
    public void close() {
        client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
    }
}
