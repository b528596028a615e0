package io.cairn.server.mcp;

import static java.util.stream.Collectors.joining;

import io.cairn.client.wire.RecallRequest;
import io.cairn.recall.Query;
import io.cairn.recall.Recall;
import io.cairn.recall.Recalled;
import io.cairn.recall.Relevance;
import io.cairn.server.wire.RecallBodies;
import io.cairn.server.wire.RecalledText;
import java.util.Map;
import java.util.stream.IntStream;

/// Finds what was said or stored, with the places where it stands.
final class RecallTool implements Tool {
    private final Recall recall;
    private final Relevance relevance;

    RecallTool(Recall recall, Relevance relevance) {
        this.recall = recall;
        this.relevance = relevance;
    }

    @Override
    public String name() {
        return "recall";
    }

    @Override
    public boolean writes() {
        return false;
    }

    @Override
    public Told call(Caller caller, Map<String, Object> arguments) {
        var request = Arguments.read(arguments, RecallRequest.class);
        var answer = RecallBodies.answered(recall.recall(caller.context(), query(request)));
        caller.call().count("hits", answer.hits().size());
        boolean explain = Boolean.TRUE.equals(request.explain());
        return new Told(
                text(answer),
                RecalledText.mark(
                        RecallBodies.wire(answer, explain, caller.call().took())));
    }

    /// A model takes for an answer whatever it is given, so what does not fit is left out unless it asks for it.
    private Query query(RecallRequest request) {
        var query = RecallBodies.query(request);
        return query.threshold().isPresent() ? query : query.threshold(relevance.fits());
    }

    private static String text(Recalled.Answer answer) {
        var hits = answer.hits();
        if (hits.isEmpty()) {
            return "Nothing that fits was found. Other words or fewer filters may find more, and threshold 0 shows the"
                    + " nearest."
                    + staleness(answer);
        }
        return "%d %s, best first.%s %s%n%n"
                        .formatted(
                                hits.size(), hits.size() == 1 ? "hit" : "hits", staleness(answer), RecalledText.NOTICE)
                + IntStream.range(0, hits.size())
                        .mapToObj(i -> "[%d] %s".formatted(i + 1, RecalledText.of(hits.get(i))))
                        .collect(joining("\n\n"));
    }

    private static String staleness(Recalled.Answer answer) {
        var words = answer.stale() ? " The newest entries are not searchable yet." : "";
        return words
                + switch (answer.dense()) {
                    case COMPLETE -> "";
                    case BEHIND -> " The newest entries were searched by their words only.";
                    case SILENT -> " Everything was searched by its words only.";
                };
    }
}
