package io.cairn.server.fault;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Messages that say where things went, each about a thing of its own, and the question to each.
final class Freight {
    static final String CONVERSATION = "freight";

    private static final String[] KINDS = words("""
        copper wooden broken blue heavy antique tiny painted silver folded rusty green
        hollow striped glass woollen golden cracked round leather black paper square yellow\
        """);

    private static final String[] THINGS = words("""
        lantern saddle violin kettle compass ladder mirror carpet anvil basket telescope drum
        candle hammer teapot umbrella globe pillow bucket clock flute helmet lamp quilt\
        """);

    private static final String[] TOWNS = words("""
        Odessa Lima Bergen Kyoto Tunis Quebec Porto Hanoi Cusco Riga Dakar Perth
        Lyon Oslo Cairo Delhi Malmo Turin Sofia Accra Boston Seoul Basel Izmir\
        """);

    private static final double COSINE_MIN = 0.3;
    private static final JsonMapper JSON = JsonMapper.shared();

    private final List<Integer> order;

    Freight() {
        this.order = new ArrayList<>(IntStream.range(0, KINDS.length * THINGS.length * TOWNS.length)
                .boxed()
                .toList());
        Collections.shuffle(order, new Random(20261130));
    }

    private static String[] words(String text) {
        return text.split("\\s+");
    }

    static String id(int number) {
        return "m" + number;
    }

    private String of(int number, String sentence) {
        int mixed = order.get(number);
        return sentence.formatted(
                KINDS[mixed % KINDS.length],
                THINGS[mixed / KINDS.length % THINGS.length],
                TOWNS[mixed / KINDS.length / THINGS.length]);
    }

    private String said(int number) {
        return of(number, "The %s %s went to %s.");
    }

    String question(int number) {
        return of(number, "When did the %s %s go to %s?");
    }

    /// What says the messages of some numbers, to be appended.
    String messages(int from, int to) {
        var body = JSON.createObjectNode();
        var messages = body.putArray("messages");
        for (int number = from; number < to; number++) {
            messages.addObject().put("id", id(number)).put("role", "user").put("content", said(number));
        }
        return body.toString();
    }

    String recall(int number) {
        return JSON.createObjectNode()
                .put("query", question(number))
                .put("explain", true)
                .toString();
    }

    /// Judged questions, as an operator's file has them.
    String judged(int count) {
        return IntStream.range(0, count)
                .mapToObj(number -> {
                    var line = JSON.createObjectNode().put("query", question(number));
                    line.putArray("sources").add(id(number));
                    return line.toString();
                })
                .collect(Collectors.joining("\n"));
    }

    /// What is wrong with an answer to the question of a number, or nothing. A vector that is compared with those of
    /// another model has a cosine near 0 with all of them.
    static String fault(int number, JsonNode answer) {
        if (answer.path("dense").asString("").equals("silent")) {
            return "it was not searched by meaning";
        }
        var hit = answer.path("hits")
                .valueStream()
                .filter(found -> found.at("/citation/message_id").asString("").equals(id(number)))
                .findFirst();
        if (hit.isEmpty()) {
            return "%s is not among the hits".formatted(id(number));
        }
        double cosine = cosine(hit.get());
        return cosine < COSINE_MIN ? "the cosine of %s is %f".formatted(id(number), cosine) : "";
    }

    private static double cosine(JsonNode hit) {
        return hit.at("/scores/legs")
                .valueStream()
                .filter(leg -> leg.path("leg").asString().equals("dense"))
                .mapToDouble(leg -> leg.path("raw").asDouble(0))
                .findFirst()
                .orElse(0);
    }
}
