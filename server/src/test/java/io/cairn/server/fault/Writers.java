package io.cairn.server.fault;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Clients that lose nothing: whatever they add has ids of their own, and what got no answer is sent again with the
/// same ids, to the same server or to another, until there is one.
///
/// Each adds messages and an event by turns. Those that share a place meet in one conversation and in one stream.
final class Writers implements AutoCloseable {
    private static final int BATCH = 2;
    private static final Duration PATIENCE = Duration.ofMillis(200);

    /// Between what a client adds. What is written has to be embedded too, by every node.
    private static final Duration PACE = Duration.ofMillis(100);

    private static final List<String> KINDS = words("""
            copper wooden broken blue heavy antique tiny painted silver folded rusty green
            hollow striped glass woollen golden cracked round leather black paper square yellow""");

    private static final List<String> THINGS = words("""
            lantern saddle violin kettle compass ladder mirror carpet anvil basket telescope drum
            candle hammer teapot umbrella globe pillow bucket clock flute helmet lamp quilt""");

    private static final List<String> TOWNS = words("""
            Odessa Lima Bergen Kyoto Tunis Quebec Porto Hanoi Cusco Riga Dakar Perth
            Lyon Oslo Cairo Delhi Malmo Turin Sofia Accra Boston Seoul Basel Izmir""");

    private final List<CairnProcess> servers;
    private final int places;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Future<?>> running;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Map<String, Long> acknowledged = new ConcurrentHashMap<>();
    private final List<AtomicLong> answers;
    private final ConcurrentLinkedQueue<String> unexpected = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<HttpResponse<String>> refusals = new ConcurrentLinkedQueue<>();
    private final AtomicLong unanswered = new AtomicLong();

    private Writers(List<CairnProcess> servers, int writers, int places) {
        this.servers = List.copyOf(servers);
        this.places = places;
        this.answers = servers.stream().map(server -> new AtomicLong()).toList();
        this.running = IntStream.range(0, writers)
                .<Future<?>>mapToObj(writer -> threads.submit(() -> write(writer)))
                .toList();
    }

    /// Each writer prefers one of the servers, in turn.
    static Writers start(List<CairnProcess> servers, int writers, int places) {
        return new Writers(servers, writers, places);
    }

    /// What was acknowledged, by place and id, with the number that it got there.
    Map<String, Long> acknowledged() {
        return new TreeMap<>(acknowledged);
    }

    int acknowledgedCount() {
        return acknowledged.size();
    }

    /// Answers that nobody should ever get.
    List<String> unexpected() {
        return List.copyOf(unexpected);
    }

    List<HttpResponse<String>> refusals() {
        return List.copyOf(refusals);
    }

    /// Requests whose connection broke.
    long unanswered() {
        return unanswered.get();
    }

    List<String> conversations() {
        return IntStream.range(0, places).mapToObj(place -> "c" + place).toList();
    }

    List<String> streams() {
        return IntStream.range(0, places).mapToObj(place -> "p" + place).toList();
    }

    void awaitMore(int count, Duration timeMax) {
        int enough = acknowledged.size() + count;
        await().atMost(timeMax).pollInterval(Duration.ofMillis(2)).until(() -> acknowledged.size() >= enough);
    }

    void awaitRefusals(int count, Duration timeMax) {
        await().atMost(timeMax).pollInterval(Duration.ofMillis(10)).until(() -> refusals.size() >= count);
    }

    /// Waits until one server has acknowledged so many more requests.
    void awaitMoreFrom(int server, int count, Duration timeMax) {
        long enough = answers.get(server).get() + count;
        await().alias("server %d acknowledges".formatted(server))
                .atMost(timeMax)
                .pollInterval(Duration.ofMillis(2))
                .until(() -> answers.get(server).get() >= enough);
    }

    /// Lets everyone finish what was begun and be answered.
    void stop() throws InterruptedException, ExecutionException {
        stopping.countDown();
        for (var writer : running) {
            writer.get();
        }
    }

    @Override
    public void close() {
        stopping.countDown();
        threads.shutdownNow();
        threads.close();
    }

    private boolean isStopping() {
        return stopping.getCount() == 0;
    }

    private Void write(int writer) throws InterruptedException {
        int place = writer % places;
        for (int batch = 0; !isStopping(); batch++) {
            var ids = ids(writer, batch);
            answered(writer, "/v1/conversations/c%d/messages".formatted(place), messages(ids), answer -> {
                for (var message : answer.path("messages")) {
                    note("c%d/%s".formatted(place, message.path("id").asString()), message.path("sequence"));
                }
            });
            var event = UUID.nameUUIDFromBytes(ids.getFirst().getBytes(StandardCharsets.UTF_8));
            answered(
                    writer,
                    "/v1/streams/parcel/p%d/events".formatted(place),
                    event(event),
                    answer -> note("p%d/%s".formatted(place, event), answer.path("version")));
            pause(PACE);
        }
        return null;
    }

    private void note(String what, JsonNode number) {
        var before = acknowledged.put(what, number.asLong());
        if (before != null && before != number.asLong()) {
            unexpected.add("%s was acknowledged as %d, then as %s".formatted(what, before, number));
        }
    }

    private interface Reader {
        void read(JsonNode answer);
    }

    /// Until there is an answer.
    private void answered(int writer, String path, String body, Reader reader) throws InterruptedException {
        for (int attempt = 0; true; attempt++) {
            int server = (writer + attempt) % servers.size();
            if (!servers.get(server).awaitUp(servers.size() == 1 ? PATIENCE : Duration.ZERO)) {
                if (attempt % servers.size() == servers.size() - 1) {
                    pause(PATIENCE);
                }
                continue;
            }
            try {
                var answer = servers.get(server).post(path, body);
                switch (answer.statusCode()) {
                    case 200, 201 -> {
                        reader.read(JsonMapper.shared().readTree(answer.body()));
                        answers.get(server).incrementAndGet();
                        return;
                    }
                    case 503 -> {
                        refusals.add(answer);
                        pause(PATIENCE);
                    }
                    default -> {
                        unexpected.add(answer.statusCode() + " " + answer.body());
                        return;
                    }
                }
            } catch (IOException e) {
                unanswered.incrementAndGet();
            }
        }
    }

    /// As a patient client does. Whoever is to stop still gets its answer, only sooner.
    private void pause(Duration time) throws InterruptedException {
        stopping.await(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static List<String> words(String listed) {
        return List.of(listed.split("\\s+"));
    }

    private static List<String> ids(int writer, int batch) {
        return IntStream.range(0, BATCH)
                .mapToObj(i -> "m-%d-%d-%d".formatted(writer, batch, i))
                .toList();
    }

    /// One word of it stands in no other message, and hardly another is like it: of thousands that are nearly the same
    /// the vectors alone may rank another first.
    private static String content(String id) {
        var chosen = UUID.nameUUIDFromBytes(id.getBytes(StandardCharsets.UTF_8)).getMostSignificantBits();
        return "Parcel %s, a %s %s for %s, was handed to the courier."
                .formatted(
                        id.replace("-", "x"),
                        word(KINDS, chosen),
                        word(THINGS, chosen >> 16),
                        word(TOWNS, chosen >> 32));
    }

    private static String word(List<String> words, long chosen) {
        return words.get(Math.floorMod(chosen & 0xffff, words.size()));
    }

    private static String messages(List<String> ids) {
        var json = JsonMapper.shared().createObjectNode();
        var messages = json.putArray("messages");
        ids.forEach(id -> messages.addObject()
                .put("id", id)
                .put("role", "user")
                .put("at", "2026-01-01T00:00:00Z")
                .put("content", content(id)));
        return json.toString();
    }

    private static String event(UUID id) {
        return """
                {"expected":"any","events":[{"id":"%s","type":"weighed","payload":{"grams":%d}}]}""".formatted(id, id.getLeastSignificantBits() & 0xffff);
    }

    /// Questions for some of the messages that were acknowledged, by what they ask for: each in the words of its
    /// message, one of which stands in no other.
    Map<String, String> questions(int count) {
        var asked = acknowledged().keySet().stream()
                .filter(key -> key.startsWith("c"))
                .toList();
        int step = Math.max(1, asked.size() / count);
        return IntStream.iterate(0, at -> at < asked.size(), at -> at + step)
                .mapToObj(asked::get)
                .collect(Collectors.toMap(Function.identity(), key -> content(key.substring(key.indexOf('/') + 1))));
    }
}
