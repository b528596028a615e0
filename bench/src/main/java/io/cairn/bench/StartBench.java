package io.cairn.bench;

import static io.cairn.bench.Table.number;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

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
                    "processor time",
                    "resident",
                    "goal");
            var plain = new ArrayList<Started>();
            var cached = new ArrayList<Started>();
            for (int round = 0; round < rounds; round++) {
                plain.add(start(folder.resolve("plain-" + round), false));
                cached.add(start(folder.resolve("cached-" + round), true));
            }
            row(table, "plain", plain);
            row(table, "with the AOT cache", cached);
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

    /// @param processor seconds that it had worked when it was ready, on all processors together
    private record Started(double seconds, double processor, long resident) {}

    private static Started start(Path data, boolean aot) throws IOException, InterruptedException {
        Files.createDirectories(data);
        try (var server = ServerProcess.start(LAUNCHER, data, aot)) {
            return new Started(server.readySeconds(), server.processorTime().toMillis() / 1e3, server.residentBytes());
        }
    }

    private static void row(Table table, String start, List<Started> rounds) {
        var seconds = sample(rounds, Started::seconds);
        table.row(
                start,
                number("%.2f [%.2f–%.2f]", seconds.median(), seconds.quantile(0), seconds.quantile(1)),
                number("%.2f s", sample(rounds, Started::processor).median()),
                number("%.0f MB", sample(rounds, Started::resident).median() / 1e6),
                number("≤ %.1f s ", GOAL_SECONDS) + Table.met(seconds.median() <= GOAL_SECONDS));
    }

    private static Sample sample(List<Started> rounds, ToDoubleFunction<Started> figure) {
        return new Sample(rounds.stream().mapToDouble(figure).toArray());
    }
}
