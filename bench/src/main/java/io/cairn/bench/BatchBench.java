package io.cairn.bench;

import io.cairn.adapter.lucene.FollowedLog;
import io.cairn.adapter.lucene.LuceneGenerations;
import io.cairn.adapter.lucene.LuceneLexicalIndex;
import io.cairn.adapter.sql.SqliteLogStorage;
import io.cairn.archive.Archive;
import io.cairn.batch.BatchSize;
import io.cairn.event.EventLog;
import io.cairn.event.EventLogSettings;
import io.cairn.event.Ids;
import io.cairn.event.LogStorage;
import io.cairn.follow.FollowSettings;
import io.cairn.knowledge.DocumentRows;
import io.cairn.knowledge.DocumentSource;
import io.cairn.knowledge.Documents;
import io.cairn.knowledge.TextExtractor;
import io.cairn.memory.ConversationId;
import io.cairn.memory.ConversationRows;
import io.cairn.memory.ConversationSource;
import io.cairn.memory.Conversations;
import io.cairn.memory.NewMessage;
import io.cairn.passage.Passages;
import io.cairn.projection.RunningIndex;
import io.cairn.seal.MasterKey;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import io.cairn.text.ChunkSettings;
import io.cairn.text.Chunker;
import io.cairn.text.Language;
import io.cairn.text.LanguageDetector;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Work in bulk in batches of several fixed sizes, and of the sizes that follow the work.
final class BatchBench {
    private static final BatchSize IMPORT = EventLogSettings.defaults().importBatch();
    private static final BatchSize PROJECTION = FollowSettings.defaults().batch();
    private static final int ROUNDS = 3;
    private static final Duration REBUILD_MAX = Duration.ofMinutes(5);

    private final MasterKey master = MasterKey.random(new SecureRandom());
    private final Path folder;

    private BatchBench(Path folder) {
        this.folder = folder;
    }

    static void run(Options options) throws IOException, InterruptedException {
        var folder = Files.createTempDirectory("cairn-batches-");
        try {
            var bench = new BatchBench(folder);
            bench.run(options.number("messages", 20_000));
        } finally {
            Folders.delete(folder);
        }
    }

    private record Sized(String name, BatchSize importing, BatchSize following) {}

    private void run(int most) throws InterruptedException {
        var table = Table.begin(
                "Batches (best of %d)".formatted(ROUNDS), "events", "sizes", "import, events/s", "lexical, events/s");
        for (int count : new int[] {400, 3_000, most}) {
            var lines = exported(count);
            for (var sized : List.of(
                    fixed(200), fixed(500), fixed(1000), fixed(2000), new Sized("by work", IMPORT, PROJECTION))) {
                double imported = 0;
                double followed = 0;
                for (int round = 0; round < ROUNDS; round++) {
                    var at = folder.resolve("%d-%s-%d".formatted(count, sized.name(), round));
                    imported = Math.max(imported, imported(at, lines, count, sized.importing()));
                    followed = Math.max(followed, followed(at, count, sized.following()));
                    Folders.delete(at);
                }
                table.row(count, sized.name(), Table.number("%,.0f", imported), Table.number("%,.0f", followed));
            }
        }
    }

    private static Sized fixed(int size) {
        return new Sized(Integer.toString(size), BatchSize.always(size), BatchSize.always(size));
    }

    private EventLog open(LogStorage storage, BatchSize importing) {
        var random = new SecureRandom();
        var limits = EventLogSettings.defaults();
        return EventLog.on(storage)
                .sealedWith(master)
                .inline(new ConversationRows(), new DocumentRows())
                .random(random)
                .settings(new EventLogSettings(
                        limits.unitEventsMax(),
                        limits.waitingMax(),
                        limits.flushEventsMax(),
                        importing,
                        limits.waitMax()))
                .start();
    }

    private List<String> exported(int count) {
        var context = new Context(new Tenant("default"), "bench", "bench");
        var storage = storage(folder.resolve("source-" + count));
        try (var log = open(storage, IMPORT)) {
            var conversations = new Conversations(
                    log, LanguageDetector.undecided(), new Ids(Clock.systemUTC(), new SecureRandom()));
            for (int from = 0; from < count; from += 500) {
                conversations.add(
                        context,
                        new ConversationId("c" + from),
                        IntStream.range(from, Math.min(count, from + 500))
                                .mapToObj(i -> NewMessage.of("m" + i, "user", text(i)))
                                .toList());
            }
            var lines = new ArrayList<String>();
            archive(log, storage).export(null, line -> lines.add(line.toString()));
            return lines;
        }
    }

    private static LogStorage storage(Path at) {
        try {
            Files.createDirectories(at);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return SqliteLogStorage.open(at.resolve("log.db"), 3);
    }

    private static Archive archive(EventLog log, LogStorage storage) {
        return new Archive(log, storage, EventLog.tables(), new Ids(Clock.systemUTC(), new SecureRandom()));
    }

    private static String text(int i) {
        return "Message %d says that the boat number %d leaves berth %d when the tide of hour %d turns."
                .formatted(i, i % 97, i % 13, i % 24);
    }

    private double imported(Path at, List<String> lines, int count, BatchSize importing) {
        var storage = storage(at);
        try (var log = open(storage, importing)) {
            long began = System.nanoTime();
            archive(log, storage).take(new Context(new Tenant("default"), "bench", "bench"), lines);
            return count / ((System.nanoTime() - began) / 1e9);
        }
    }

    private double followed(Path at, int count, BatchSize following) throws InterruptedException {
        try (var log = open(storage(at), IMPORT)) {
            var documents = new Documents(
                    log,
                    TextExtractor.plainText(),
                    LanguageDetector.undecided(),
                    new Ids(Clock.systemUTC(), new SecureRandom()));
            var passages = new Passages(List.of(
                    new ConversationSource(log, new Chunker(ChunkSettings.DEFAULT), tenant -> new Language("en")),
                    new DocumentSource(documents, new Chunker(ChunkSettings.DEFAULT), tenant -> new Language("en"))));
            long began = System.nanoTime();
            try (var host = new RunningIndex<>(
                            "lexical",
                            log,
                            new LuceneGenerations<>(
                                    at.resolve("lexical"),
                                    LuceneLexicalIndex.MADE_OF,
                                    FollowedLog.of(log),
                                    in -> new LuceneLexicalIndex(in, passages)),
                            FollowSettings.defaults().batches(following),
                            Clock.systemUTC())
                    .start()) {
                if (!host.awaitVisible(0, log.head(0).number(), REBUILD_MAX)) {
                    throw new IllegalStateException("The index did not catch up: " + host.health());
                }
            }
            return count / ((System.nanoTime() - began) / 1e9);
        }
    }
}
