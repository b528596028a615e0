package io.cairn.bench;

import static io.cairn.bench.Table.number;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/// Callers who fetch vectors from Redis at the same time, over one connection and over a pool of as many as there are
/// callers.
///
/// A connection can be taken by one caller until it has the answer, as blocking clients do, or be shared by
/// all at once, which is what Cairn does. A vector is 384 numbers, read into an array.
final class RedisCallers {
    private static final int DIMENSIONS = 384;
    private static final int VECTORS = 5_000;
    private static final int[] AT_ONCE = {1, 16, 64};
    private static final int ROUNDS = 3;
    private static final int TTL_SECONDS = 3_600;

    private final int callers;
    private final Duration each;
    private final String prefix = "cairn:bench:%08x:".formatted(new Random().nextInt());

    private RedisCallers(int callers, Duration each) {
        this.callers = callers;
        this.each = each;
    }

    @FunctionalInterface
    private interface Fetch {
        int vectors(byte[][] keys) throws Exception;
    }

    static void measure(URI url, int callers, int seconds) throws Exception {
        var bench = new RedisCallers(callers, Duration.ofSeconds(seconds));
        try (var client = RedisClient.create(RedisURI.create(url))) {
            var connections = new ArrayList<StatefulRedisConnection<byte[], byte[]>>();
            for (int i = 0; i < callers; i++) {
                connections.add(client.connect(ByteArrayCodec.INSTANCE));
            }
            bench.fill(connections.getFirst());
            try {
                bench.measure(connections);
            } finally {
                bench.empty(connections.getFirst());
            }
        }
    }

    private void measure(List<StatefulRedisConnection<byte[], byte[]>> connections) throws Exception {
        var table = Table.begin(
                "%d callers of Redis, requests a second [least–most of %d rounds]".formatted(callers, ROUNDS),
                "vectors a request",
                "one connection, one caller at a time",
                "a pool of " + callers,
                "one connection, shared",
                "pool to one at a time",
                "pool to shared");
        for (int atOnce : AT_ONCE) {
            var taken = new ArrayList<Double>();
            var pooled = new ArrayList<Double>();
            var shared = new ArrayList<Double>();
            for (int round = -1; round < ROUNDS; round++) {
                // The first round is for nothing.
                double one = perSecond(atOnce, pool(connections.subList(0, 1)));
                double many = perSecond(atOnce, pool(connections));
                double all = perSecond(atOnce, shared(connections.getFirst()));
                if (round >= 0) {
                    taken.add(one);
                    pooled.add(many);
                    shared.add(all);
                }
            }
            table.row(
                    atOnce,
                    range(taken),
                    range(pooled),
                    range(shared),
                    number("%.2f ×", median(pooled) / median(taken)),
                    number("%.2f ×", median(pooled) / median(shared)));
        }
    }

    private static Fetch pool(List<StatefulRedisConnection<byte[], byte[]>> connections) {
        BlockingQueue<StatefulRedisConnection<byte[], byte[]>> free =
                new ArrayBlockingQueue<>(connections.size(), false, connections);
        return keys -> {
            var connection = free.take();
            try {
                return read(connection, keys);
            } finally {
                free.add(connection);
            }
        };
    }

    private static Fetch shared(StatefulRedisConnection<byte[], byte[]> connection) {
        return keys -> read(connection, keys);
    }

    private static int read(StatefulRedisConnection<byte[], byte[]> connection, byte[][] keys) throws Exception {
        int read = 0;
        for (var value : connection.async().mget(keys).get()) {
            var vector = new float[DIMENSIONS];
            ByteBuffer.wrap(value.getValue()).asFloatBuffer().get(vector);
            read += vector.length;
        }
        return read;
    }

    private double perSecond(int atOnce, Fetch fetch) throws Exception {
        long until = System.nanoTime() + each.toNanos();
        long began = System.nanoTime();
        long requests = 0;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = IntStream.range(0, callers)
                    .<Future<Long>>mapToObj(
                            caller -> threads.submit(() -> ask(new Random(caller), atOnce, fetch, until)))
                    .toList();
            for (var caller : running) {
                requests += caller.get();
            }
        }
        return requests * 1e9 / (System.nanoTime() - began);
    }

    private long ask(Random random, int atOnce, Fetch fetch, long until) throws Exception {
        long requests = 0;
        while (System.nanoTime() < until) {
            var keys = IntStream.range(0, atOnce)
                    .mapToObj(i -> key(random.nextInt(VECTORS)))
                    .toArray(byte[][]::new);
            if (fetch.vectors(keys) != atOnce * DIMENSIONS) {
                throw new IllegalStateException("Vectors were missing");
            }
            requests++;
        }
        return requests;
    }

    private byte[] key(int number) {
        return (prefix + number).getBytes(UTF_8);
    }

    private void fill(StatefulRedisConnection<byte[], byte[]> connection) {
        var random = new Random(7);
        for (int i = 0; i < VECTORS; i++) {
            var value = ByteBuffer.allocate(DIMENSIONS * Float.BYTES);
            for (int d = 0; d < DIMENSIONS; d++) {
                value.putFloat(random.nextFloat());
            }
            connection.sync().setex(key(i), TTL_SECONDS, value.array());
        }
    }

    private void empty(StatefulRedisConnection<byte[], byte[]> connection) {
        IntStream.range(0, VECTORS).forEach(i -> connection.sync().unlink(key(i)));
    }

    private static double median(List<Double> values) {
        return new Sample(values.stream().mapToDouble(Double::doubleValue).toArray()).median();
    }

    private static String range(List<Double> values) {
        var sample = new Sample(values.stream().mapToDouble(Double::doubleValue).toArray());
        return number("%,.0f [%,.0f–%,.0f]", sample.median(), sample.quantile(0), sample.quantile(1));
    }
}
