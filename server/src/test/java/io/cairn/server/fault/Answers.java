package io.cairn.server.fault;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a server says of what it holds.
record Answers(CairnProcess cairn) {
    private static final int PAGE = 1000;

    /// A numbered thing in a place: a message in its conversation, or an event in its stream.
    record Numbered(String key, long number) {}

    /// All messages of a conversation, in their order.
    List<Numbered> messages(String conversation) throws IOException, InterruptedException {
        return all("/v1/conversations/%s/messages".formatted(conversation), conversation, "sequence");
    }

    /// All events of a stream of parcels, in their order.
    List<Numbered> events(String stream) throws IOException, InterruptedException {
        return all("/v1/streams/parcel/%s/events".formatted(stream), stream, "version");
    }

    private List<Numbered> all(String path, String place, String number) throws IOException, InterruptedException {
        var found = new ArrayList<Numbered>();
        var after = "0";
        do {
            var page = cairn.get("%s?limit=%d&after=%s".formatted(path, PAGE, after));
            for (var item : page.path("items")) {
                found.add(new Numbered(
                        place + "/" + item.path("id").asString(),
                        item.path(number).asLong()));
            }
            after = page.path("next").asString("");
        } while (!after.isEmpty());
        return found;
    }

    /// The best answer to each question: conversation and message.
    Map<String, String> best(Map<String, String> questions) throws IOException, InterruptedException {
        var best = new TreeMap<String, String>();
        for (var question : questions.entrySet()) {
            var query = JsonMapper.shared()
                    .createObjectNode()
                    .put("query", question.getValue())
                    .toString();
            var citation = JsonMapper.shared()
                    .readTree(cairn.post("/v1/recall", query).body())
                    .at("/hits/0/citation");
            best.put(
                    question.getKey(),
                    citation.path("conversation_id").asString() + "/"
                            + citation.path("message_id").asString());
        }
        return best;
    }

    boolean isReady() throws IOException, InterruptedException {
        return cairn.any("/health/ready").statusCode() == 200;
    }

    boolean hasCaughtUp() throws IOException, InterruptedException {
        return behind() == 0;
    }

    /// Events that its projections have yet to apply, all together.
    long behind() throws IOException, InterruptedException {
        return projections()
                .mapToLong(found -> found.path("events_behind").asLong())
                .sum();
    }

    List<String> parked() throws IOException, InterruptedException {
        return projections()
                .filter(found -> found.path("parked").asLong() > 0)
                .map(JsonNode::toString)
                .toList();
    }

    long generation(String projection) throws IOException, InterruptedException {
        return projections()
                .filter(found -> found.path("name").asString().equals(projection))
                .findFirst()
                .orElseThrow()
                .path("generation")
                .asLong();
    }

    private Stream<JsonNode> projections() throws IOException, InterruptedException {
        return cairn.get("/v1/status").path("projections").valueStream();
    }

    /// A metric's values, by its labels as they are written.
    Map<String, Double> metric(String name) throws IOException, InterruptedException {
        var answer = cairn.any("/metrics");
        var values = new TreeMap<String, Double>();
        answer.body()
                .lines()
                .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .forEach(line -> values.put(
                        line.substring(name.length(), line.lastIndexOf(' ')),
                        Double.valueOf(line.substring(line.lastIndexOf(' ') + 1))));
        return values;
    }
}
