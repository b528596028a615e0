package io.cairn.bench;

import static io.cairn.bench.Table.met;
import static io.cairn.bench.Table.number;

import io.cairn.adapter.redis.RedisSettings;
import io.cairn.adapter.redis.RedisVectors;
import io.cairn.adapter.sql.SqliteVectorStore;
import io.cairn.bench.RepeatedTexts.Step;
import io.cairn.event.StorageException;
import io.cairn.guard.Breaker;
import io.cairn.model.EmbeddingMeter;
import io.cairn.model.EmbeddingModel;
import io.cairn.model.Embeddings;
import io.cairn.model.ModelNames;
import io.cairn.model.SharedVectors;
import io.cairn.model.VectorStore;
import io.cairn.seal.MasterKey;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/// How many calls of a provider the cache of vectors saves, level by level, on [texts that come
/// again][RepeatedTexts]; and one connection to Redis beside a pool of them.
///
/// Both nodes are embeddings in this process, over one store and one Redis, as nodes on one PostgreSQL are. A
/// call has up to 64 texts, with the cache and without.
final class CacheBench {
    private static final int DIMENSIONS = 384;
    private static final double FOUND_GOAL = .8;
    private static final double SAVED_GOAL = .7;
    private static final String ALL = "all together";

    private final Path folder;
    private final Optional<URI> redis;
    private final MasterKey key = MasterKey.random(new SecureRandom());
    private int stores;

    private CacheBench(Path folder, Optional<URI> redis) {
        this.folder = folder;
        this.redis = redis;
    }

    static void run(Options options) throws Exception {
        var redis = Optional.ofNullable(System.getenv("CAIRN_TEST_REDIS_URL")).map(URI::create);
        var folder = Files.createTempDirectory("cairn-bench");
        try {
            if (!options.words().contains("redis")) {
                var texts = new RepeatedTexts(DataSet.read(options.datasets().resolve("dialogs")));
                new CacheBench(folder, redis).measure(texts, options.number("asked", 10_000));
            }
            if (redis.isPresent()) {
                RedisCallers.measure(redis.get(), options.number("callers", 50), options.number("seconds", 5));
            } else {
                System.out.printf(
                        "%nWithout Redis, which `eval \"$(scripts/dev/services.sh env)\"` names where it is up.%n");
            }
        } finally {
            Folders.delete(folder);
        }
    }

    /// What is between callers and the provider.
    private enum Levels {
        MEMORY("memory", false, false),
        REDIS("memory and Redis", true, false),
        STORE("memory and store", false, true),
        EVERY("memory, Redis and store", true, true);

        private final String told;
        private final boolean redis;
        private final boolean store;

        Levels(String told, boolean redis, boolean store) {
            this.told = told;
            this.redis = redis;
            this.store = store;
        }
    }

    private void measure(RepeatedTexts texts, int asked) {
        var workloads = new LinkedHashMap<String, List<Step>>();
        workloads.put("replayed", texts.replayed());
        workloads.put("imported", texts.imported());
        workloads.put("asked", texts.asked(asked));
        var table = Table.begin(
                "The cache of vectors, %d nodes".formatted(RepeatedTexts.NODES),
                "texts are",
                "cache",
                "texts",
                "found",
                "in memory",
                "on Redis",
                "in the store",
                "calls without",
                "calls",
                "saved");
        for (var levels : Levels.values()) {
            if (levels.redis && redis.isEmpty()) {
                continue;
            }
            var sum = new CountedModel(EmbeddingModel.inMemory(DIMENSIONS));
            workloads.forEach((name, steps) -> {
                var counts = counted(steps, levels);
                row(table, name, levels, counts);
                sum.add(counts);
            });
            row(table, ALL, levels, sum);
            if (levels == Levels.EVERY || levels == Levels.STORE && redis.isEmpty()) {
                System.out.printf(
                        "%nGoals: found > %.0f %% %s, calls saved ≥ %.0f %% %s%n",
                        100 * FOUND_GOAL,
                        met(sum.found() > FOUND_GOAL),
                        100 * SAVED_GOAL,
                        met(sum.saved() >= SAVED_GOAL));
            }
        }
    }

    private static void row(Table table, String name, Levels levels, CountedModel counts) {
        table.row(
                name,
                levels.told,
                number("%,d", counts.texts()),
                number("%.1f %%", 100 * counts.found()),
                number("%,d", counts.hits(EmbeddingMeter.Level.MEMORY)),
                number("%,d", counts.hits(EmbeddingMeter.Level.REDIS)),
                number("%,d", counts.hits(EmbeddingMeter.Level.STORE)),
                number("%,d", counts.callsWithout()),
                number("%,d", counts.calls()),
                number("%.1f %%", 100 * counts.saved()));
    }

    private CountedModel counted(List<Step> steps, Levels levels) {
        var counts = new CountedModel(EmbeddingModel.inMemory(DIMENSIONS));
        var shared = levels.redis ? redis.map(CacheBench::shared) : Optional.<SharedVectors>empty();
        try (var store = levels.store
                ? SqliteVectorStore.open(folder.resolve("vectors-%d.db".formatted(stores++)))
                : new NoVectors()) {
            var nodes = new Embeddings[RepeatedTexts.NODES];
            for (int node = 0; node < nodes.length; node++) {
                nodes[node] = started(shared, store, counts);
            }
            for (var step : steps) {
                switch (step) {
                    case Step.Remembered(var node, var tenant, var texts) -> {
                        counts.come(texts.size());
                        nodes[node].passages(tenant, texts);
                    }
                    case Step.Asked(var node, var tenant, var text) -> {
                        counts.come(1);
                        nodes[node].query(tenant, text);
                    }
                    case Step.Started(var node) -> nodes[node] = started(shared, store, counts);
                }
            }
            shared.ifPresent(
                    level -> level.removeModels(ModelNames.of(counts.space().model())));
        } finally {
            shared.ifPresent(SharedVectors::close);
        }
        return counts;
    }

    private Embeddings started(Optional<SharedVectors> shared, VectorStore store, CountedModel counts) {
        return new Embeddings(
                counts, shared, store, key::fingerprintKey, counts, Embeddings.Settings.DEFAULT, Optional.empty());
    }

    private static SharedVectors shared(URI url) {
        var settings = new RedisSettings(
                url,
                Optional.empty(),
                Optional.empty(),
                Duration.ofSeconds(2),
                Duration.ofSeconds(5),
                Duration.ofHours(1));
        var breaker = new Breaker(
                "redis", StorageException.FAILURES, new Breaker.Settings(5, Duration.ofSeconds(1)), System::nanoTime);
        return new RedisVectors(settings, breaker, new SecureRandom());
    }
}
