package io.cairn.bench;

import static io.cairn.bench.Table.number;

import io.cairn.client.Cairn;
import io.cairn.client.wire.NewMessage;
import io.cairn.client.wire.ProjectionStatus;
import io.cairn.client.wire.RecallRequest;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Messages over HTTP in batches of 100 to a server in its own process, from clients on the same machine.
///
/// The server embeds what it is given at once, so the first row is the first burst after the start, and the second one
/// comes while the dense index works on what was sent before.
final class AcknowledgeBench {
    private static final int CLIENTS = 4;
    private static final int BATCH = 100;
    private static final int GOAL = 2_000;

    private final Cairn cairn;
    private final MixedTexts texts;
    private int conversations;

    private AcknowledgeBench(Cairn cairn, MixedTexts texts) {
        this.cairn = cairn;
        this.texts = texts;
    }

    /// @param searchable milliseconds until the last message was found after it was acknowledged
    private record Burst(double perSecond, double batchP95, double searchable, long denseBehind) {}

    static void run(Options options) throws Exception {
        int messages = options.number("messages", 10_000);
        var folder = Files.createTempDirectory("cairn-bench");
        var texts = MixedTexts.of(
                List.of(
                        DataSet.read(options.datasets().resolve("dialogs")),
                        DataSet.read(options.datasets().resolve("cranfield"))),
                2);
        var data = Files.createDirectory(folder.resolve("data"));
        try (var server = ServerProcess.start(List.of("./cairn"), data, true);
                var cairn = server.connect()) {
            var bench = new AcknowledgeBench(cairn, texts);
            bench.burst(BATCH * CLIENTS * 2);
            bench.awaitDense();
            var table = Table.begin(
                    "Acknowledge, %,d messages in batches of %d from %d clients".formatted(messages, BATCH, CLIENTS),
                    "server",
                    "messages/s",
                    "batch p95",
                    "searchable after",
                    "dense index behind",
                    "goal");
            row(table, "idle before", bench.burst(messages));
            row(table, "embedding the earlier ones", bench.burst(messages));
        } finally {
            Folders.delete(folder);
        }
    }

    private static void row(Table table, String server, Burst burst) {
        table.row(
                server,
                number("%,.0f", burst.perSecond()),
                number("%.0f ms", burst.batchP95()),
                number("%.0f ms", burst.searchable()),
                number("%,d events", burst.denseBehind()),
                number("≥ %,d/s ", GOAL) + Table.met(burst.perSecond() >= GOAL));
    }

    private Burst burst(int messages) throws Exception {
        var batches = new ArrayList<List<NewMessage>>();
        for (int i = 0; i < messages / BATCH; i++) {
            batches.add(
                    Stream.generate(() -> NewMessage.of("user", texts.message()).withSpeaker("Ana"))
                            .limit(BATCH)
                            .toList());
        }
        var millis = new ArrayList<Double>();
        long start = System.nanoTime();
        try (var clients = Executors.newFixedThreadPool(CLIENTS)) {
            var sent = new ArrayList<Callable<List<Double>>>();
            for (int client = 0; client < CLIENTS; client++) {
                var conversation = "c" + conversations++;
                int first = client;
                sent.add(() -> send(conversation, batches, first));
            }
            for (var done : clients.invokeAll(sent)) {
                millis.addAll(done.get());
            }
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        var batchMillis = new Sample(millis.stream().mapToDouble(value -> value).toArray());
        return new Burst(messages / seconds, batchMillis.quantile(.95), searchableMillis(), dense().eventsBehind());
    }

    private List<Double> send(String conversation, List<List<NewMessage>> batches, int first) {
        var millis = new ArrayList<Double>();
        for (int i = first; i < batches.size(); i += CLIENTS) {
            long start = System.nanoTime();
            cairn.conversations().append(conversation, batches.get(i));
            millis.add((System.nanoTime() - start) / 1e6);
        }
        return millis;
    }

    /// Adds a message that nothing is like, and asks for it with its position.
    private double searchableMillis() {
        var word = "xylographer" + conversations;
        var added = cairn.conversations().append("last", NewMessage.of("user", "A " + word + " came by."));
        long start = System.nanoTime();
        var answer = cairn.recall(RecallRequest.of(word).withMinPosition(added.position()));
        if (answer.hits().stream().noneMatch(hit -> hit.text().contains(word))) {
            throw new IllegalStateException("What was acknowledged was not found");
        }
        return (System.nanoTime() - start) / 1e6;
    }

    private ProjectionStatus dense() {
        return cairn.status().projections().stream()
                .filter(projection -> projection.name().equals("dense"))
                .findFirst()
                .orElseThrow();
    }

    private void awaitDense() throws InterruptedException {
        var pause = new CountDownLatch(1);
        while (dense().eventsBehind() > 0) {
            pause.await(200, TimeUnit.MILLISECONDS);
        }
    }
}
