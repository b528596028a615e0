package io.cairn.bench;

import static io.cairn.bench.Table.number;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// How long the launcher takes until the server is ready, with and without its AOT cache, and what the server holds.
final class StartBench {
    private static final List<String> LAUNCHER = List.of("./cairn");
    private static final Path CACHES = Path.of("target/launcher");
    private static final int CACHE_SECONDS_MAX = 120;
    private static final double GOAL_SECONDS = 2.5;

    private StartBench() {}

    static void run(Options options) throws IOException, InterruptedException {
        int rounds = options.number("rounds", 5);
        var folder = Files.createTempDirectory("cairn-bench");
        try {
            start(folder.resolve("first"), true);
            awaitCache();
            var table = Table.begin(
                    "Start to ready, median of %d".formatted(rounds),
                    "start",
                    "seconds [least–most]",
                    "resident",
                    "goal");
            var plain = new double[rounds];
            var cached = new double[rounds];
            var resident = new double[2][rounds];
            for (int round = 0; round < rounds; round++) {
                var one = start(folder.resolve("plain-" + round), false);
                var other = start(folder.resolve("cached-" + round), true);
                plain[round] = one.seconds();
                cached[round] = other.seconds();
                resident[0][round] = one.resident() / 1e6;
                resident[1][round] = other.resident() / 1e6;
            }
            row(table, "plain", new Sample(plain), new Sample(resident[0]));
            row(table, "with the AOT cache", new Sample(cached), new Sample(resident[1]));
        } finally {
            Folders.delete(folder);
        }
    }

    /// The launcher makes its cache behind the user's back, after the first start.
    private static void awaitCache() throws IOException, InterruptedException {
        var waited = new CountDownLatch(1);
        for (int second = 0; second < CACHE_SECONDS_MAX && !cached(); second++) {
            waited.await(1, TimeUnit.SECONDS);
        }
        if (!cached()) {
            throw new IllegalStateException(
                    "The launcher made no cache in %s within %d s".formatted(CACHES, CACHE_SECONDS_MAX));
        }
    }

    private static boolean cached() throws IOException {
        try (var files = Files.walk(CACHES)) {
            return files.anyMatch(file ->
                    file.toString().contains("server") && file.toString().endsWith(".aot"));
        }
    }

    private record Started(double seconds, long resident) {}

    private static Started start(Path data, boolean aot) throws IOException, InterruptedException {
        Files.createDirectories(data);
        try (var server = ServerProcess.start(LAUNCHER, data, aot)) {
            return new Started(server.readySeconds(), server.residentBytes());
        }
    }

    private static void row(Table table, String start, Sample seconds, Sample resident) {
        table.row(
                start,
                number("%.2f [%.2f–%.2f]", seconds.median(), seconds.quantile(0), seconds.quantile(1)),
                number("%.0f MB", resident.median()),
                number("≤ %.1f s ", GOAL_SECONDS) + Table.met(seconds.median() <= GOAL_SECONDS));
    }
}
