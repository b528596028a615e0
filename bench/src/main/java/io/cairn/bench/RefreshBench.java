package io.cairn.bench;

import static io.cairn.bench.Table.number;

import io.cairn.bench.DataSet.Text;
import io.cairn.bench.RefreshTraffic.Asked;
import io.cairn.client.wire.NewMessage;
import io.cairn.client.wire.RefreshStatus;
import io.cairn.testkit.ModelServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.databind.json.JsonMapper;

/// Changes the embedding model of a server in a process of its own, which is killed at random meanwhile, and changes it
/// back, while questions are asked and messages come in.
///
/// The questions are those of the data set `dialogs`, whose answers are known, so each tells how well recall finds,
/// too. Some of them are the judged ones of the server's own rule, which decides whether the new index takes over.
///
/// An answer whose query was embedded by one model and compared with vectors of the other would show: its
/// best cosine would be neither that of the question before the change nor that after it. Such answers are
/// counted. The models are a provider's, played by a server in this process, so that embedding does not take
/// the machine; with `--model` and `--tokenizer` the change is from the model that comes with Cairn to that
/// one, in the server's process.
final class RefreshBench {
    private static final Duration LOOK = Duration.ofMillis(50);
    private static final int BATCH = 200;
    private static final String WARM_UP = "warm-up";
    private static final String BEFORE = "before the change";
    private static final String AFTER = "after the change";
    private static final double SAME_COSINE = .02;

    private final DataSet dialogs;
    private final Path data;
    private final List<String> launcher;
    private final Map<String, String> after;
    private final int questions;
    private final Random random = new Random(20261130);
    private ServerProcess server;

    private RefreshBench(
            DataSet dialogs,
            int questions,
            Path data,
            List<String> launcher,
            Map<String, String> before,
            Map<String, String> after)
            throws Exception {
        this.dialogs = dialogs;
        this.questions = questions;
        this.data = data;
        this.launcher = launcher;
        this.after = after;
        this.server = ServerProcess.start(launcher, data, true, before);
    }

    static void run(Options options) throws Exception {
        var folder = Files.createTempDirectory("cairn-bench");
        try (var provider = ModelServer.start()) {
            var model = Optional.ofNullable(options.named().get("model"));
            var dialogs = DataSet.read(options.datasets().resolve("dialogs"));
            var bench = new RefreshBench(
                    dialogs,
                    options.number("questions", dialogs.questions().size()),
                    Files.createDirectory(folder.resolve("data")),
                    List.of(options.text("server", "./cairn").split(" ")),
                    model.isPresent() ? Map.of() : at(provider, "EMBEDDING", "small"),
                    judging(
                            model.isPresent() ? ofFiles(options, model.get()) : changed(provider),
                            judged(dialogs, options.number("judged", 200), folder.resolve("questions.jsonl"))));
            try {
                bench.measure(
                        Math.max(
                                options.number("units", 20_000), dialogs.texts().size()),
                        options.number("kills", 3),
                        model.isPresent() ? "in the server's process" : "of a provider");
            } finally {
                bench.server.close();
            }
        } finally {
            Folders.delete(folder);
        }
    }

    /// A file of judged questions, as an operator has one.
    private static Path judged(DataSet dialogs, int count, Path file) throws IOException {
        var questions = new ArrayList<>(dialogs.questions());
        Collections.shuffle(questions, new Random(11));
        var lines = questions.stream()
                .limit(count)
                .map(question -> {
                    var line = JsonMapper.shared()
                            .createObjectNode()
                            .put("tenant", question.group())
                            .put("query", question.text());
                    var sources = line.putArray("sources");
                    dialogs.answers()
                            .getOrDefault(question.id(), Map.of())
                            .keySet()
                            .forEach(sources::add);
                    return line.toString();
                })
                .toList();
        return Files.write(file, lines);
    }

    private static Map<String, String> judging(Map<String, String> settings, Path questions) {
        var all = new HashMap<>(settings);
        all.put("CAIRN_MODELS_REFRESH_QUESTIONS", questions.toString());
        return all;
    }

    private static Map<String, String> ofFiles(Options options, String model) {
        return Map.of(
                "CAIRN_EMBEDDING_MODEL_PATH", model,
                "CAIRN_EMBEDDING_TOKENIZER_PATH",
                        Objects.requireNonNull(options.named().get("tokenizer")),
                "CAIRN_EMBEDDING_POOLING", options.text("pooling", "MEAN"),
                "CAIRN_EMBEDDING_QUERY_PREFIX", options.text("query-prefix", ""),
                "CAIRN_EMBEDDING_PASSAGE_PREFIX", options.text("passage-prefix", ""));
    }

    private static Map<String, String> changed(ModelServer provider) {
        var settings = new HashMap<>(at(provider, "EMBEDDING", "large"));
        settings.putAll(at(provider, "FORMER_EMBEDDING", "small"));
        return settings;
    }

    private static Map<String, String> at(ModelServer provider, String which, String model) {
        var prefix = "CAIRN_MODELS_%s_".formatted(which);
        return Map.of(
                "CAIRN_MODELS_PROVIDERS_MAIN_URL",
                provider.url() + "/v1",
                prefix + "PROVIDER",
                "main",
                prefix + "MODEL",
                model,
                prefix + "ASK_DIMENSIONS",
                "true",
                prefix + "ENCODING",
                "base64",
                prefix + "DIMENSIONS",
                "384");
    }

    private void measure(int units, int kills, String where) throws Exception {
        fill(units);
        replace(false);
        try (var traffic = new RefreshTraffic(dialogs, server, WARM_UP)) {
            askAll(traffic, WARM_UP);
            askAll(traffic, BEFORE);
            double there = seconds(() -> {
                refresh("refresh");
                change(traffic, kills);
            });
            askAll(traffic, AFTER);
            double back = seconds(() -> {
                refresh("rollback");
                await(traffic, "rolled_back");
            });
            askAll(traffic, "after the way back");
            var judged = judged(traffic.asked());
            long mixed = judged.values().stream().filter(isMixed -> isMixed).count();
            print(traffic, "Refresh of %,d units, models %s".formatted(units, where));
            System.out.printf(
                    "%nThe change took %.0f s, with %d kills in it, and the way back %.1f s; %,d messages came in; %d"
                            + " requests failed though the server ran; of %,d answers to questions that were asked before"
                            + " and after, %d mixed the models. Of all %,d answers %,d were by words alone.%n",
                    there,
                    kills,
                    back,
                    traffic.told(),
                    traffic.failed(),
                    judged.size(),
                    mixed,
                    traffic.asked().size(),
                    byWords(traffic.asked()));
            if (traffic.failed() > 0 || mixed > 0) {
                throw new IllegalStateException("Requests failed, or answers mixed the models");
            }
        }
    }

    /// Answers of a server that could not ask its index of meanings. They do not fail, and can mix nothing; but
    /// a change of the model is not to cause any.
    private static long byWords(List<Asked> asked) {
        return asked.stream().filter(each -> !each.meant()).count();
    }

    @FunctionalInterface
    private interface Work {
        void run() throws Exception;
    }

    private static double seconds(Work work) throws Exception {
        long begun = System.nanoTime();
        work.run();
        return (System.nanoTime() - begun) / 1e9;
    }

    /// Whether each answer mixed the models: its best cosine is neither that of the old index nor that of the
    /// new one. What was not searched by meaning has mixed nothing.
    private static Map<Asked, Boolean> judged(List<Asked> asked) {
        var old = cosines(asked, BEFORE);
        var changed = cosines(asked, AFTER);
        var judged = new IdentityHashMap<Asked, Boolean>();
        asked.stream()
                .filter(each -> !Double.isNaN(each.cosine()))
                .filter(each -> old.containsKey(each.question()) && changed.containsKey(each.question()))
                .forEach(each -> judged.put(each, !isNear(each, old) && !isNear(each, changed)));
        return judged;
    }

    private static boolean isNear(Asked asked, Map<String, Double> cosines) {
        return Math.abs(asked.cosine() - cosines.getOrDefault(asked.question(), Double.NaN)) < SAME_COSINE;
    }

    private static Map<String, Double> cosines(List<Asked> asked, String stage) {
        var cosines = new HashMap<String, Double>();
        asked.stream()
                .filter(each -> each.stage().equals(stage) && !Double.isNaN(each.cosine()))
                .forEach(each -> cosines.put(each.question(), each.cosine()));
        return cosines;
    }

    /// What is not of the data set belongs to another tenant, whose messages say nothing.
    private void fill(int units) throws Exception {
        var groups = dialogs.texts().stream()
                .collect(Collectors.groupingBy(Text::group, LinkedHashMap::new, Collectors.toList()));
        for (var group : groups.entrySet()) {
            append(
                    group.getKey(),
                    group.getValue().stream()
                            .map(text -> new NewMessage(text.id(), "user", null, text.text(), null, Map.of(), "en"))
                            .toList());
        }
        append(
                "filler",
                IntStream.range(dialogs.texts().size(), units)
                        .mapToObj(number -> NewMessage.of(
                                "user",
                                dialogs.texts()
                                                .get(number % dialogs.texts().size())
                                                .text() + " " + number))
                        .toList());
        try (var cairn = server.connect()) {
            while (cairn.status().projections().stream().anyMatch(projection -> projection.eventsBehind() > 0)) {
                pause();
            }
        }
    }

    private void append(String tenant, List<NewMessage> messages) throws Exception {
        try (var cairn = RefreshTraffic.client(server, tenant)) {
            for (int from = 0; from < messages.size(); from += BATCH) {
                cairn.conversations().append("c", messages.subList(from, Math.min(messages.size(), from + BATCH)));
            }
        }
    }

    /// Until so many questions were asked, all of them unless fewer are wanted.
    private void askAll(RefreshTraffic traffic, String stage) throws InterruptedException {
        traffic.at(stage);
        while (of(traffic, stage).size() < questions) {
            pause();
        }
    }

    private static List<Asked> of(RefreshTraffic traffic, String stage) {
        return traffic.asked().stream()
                .filter(asked -> asked.stage().equals(stage))
                .toList();
    }

    /// Kills the server after times by chance, until that was often enough and the change is done.
    private void change(RefreshTraffic traffic, int kills) throws Exception {
        for (int kill = 0;
                kill < kills
                        && awaited(traffic, "switched", random.nextInt(500, 4_000))
                                .isEmpty();
                kill++) {
            traffic.to(Optional.empty());
            replace(true);
            traffic.to(Optional.of(server));
        }
        await(traffic, "switched");
    }

    private void await(RefreshTraffic traffic, String phase) throws Exception {
        var ended = Optional.<RefreshStatus>empty();
        while (ended.isEmpty()) {
            ended = awaited(traffic, phase, 1_000);
        }
    }

    /// The change as it ended, if that was within the time.
    private Optional<RefreshStatus> awaited(RefreshTraffic traffic, String phase, int millis) throws Exception {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        try (var cairn = server.connect()) {
            while (System.nanoTime() < until) {
                var refresh = Objects.requireNonNull(cairn.models().status().refresh());
                if (!refresh.underWay()) {
                    if (!refresh.phase().equals(phase)) {
                        throw new IllegalStateException("It should have " + phase + ": " + refresh);
                    }
                    return Optional.of(refresh);
                }
                traffic.at(refresh.phase());
                pause();
            }
        }
        return Optional.empty();
    }

    private void refresh(String what) throws Exception {
        try (var cairn = server.connect()) {
            if (what.equals("refresh")) {
                cairn.models().refresh(false);
            } else {
                cairn.models().rollback();
            }
        }
    }

    /// Starts the server anew with both models.
    private void replace(boolean killed) throws Exception {
        if (killed) {
            server.kill();
        } else {
            server.close();
        }
        server = ServerProcess.start(launcher, data, true, after);
    }

    private static void print(RefreshTraffic traffic, String what) {
        var table = Table.begin(
                "%s, %d askers".formatted(what, RefreshTraffic.ASKERS),
                "while",
                "queries",
                "p50",
                "p95",
                "p95 beside before",
                "sources among the ten best",
                "by words alone");
        var stages = traffic.asked().stream()
                .filter(asked -> !asked.stage().equals(WARM_UP))
                .collect(Collectors.groupingBy(Asked::stage, LinkedHashMap::new, Collectors.toList()));
        var before = millis(stages.getOrDefault(BEFORE, List.of()));
        stages.forEach((stage, asked) -> {
            var millis = millis(asked);
            table.row(
                    stage,
                    number("%,d", asked.size()),
                    number("%.1f ms", millis.median()),
                    number("%.1f ms", millis.quantile(.95)),
                    number("%.1f ×", millis.quantile(.95) / before.quantile(.95)),
                    number(
                            "%.3f",
                            asked.stream().mapToDouble(Asked::found).average().orElse(0)),
                    number("%,d", byWords(asked)));
        });
    }

    private static Sample millis(List<Asked> asked) {
        return new Sample(asked.stream().mapToDouble(Asked::millis).toArray());
    }

    private static void pause() throws InterruptedException {
        new CountDownLatch(1).await(LOOK.toMillis(), TimeUnit.MILLISECONDS);
    }
}
