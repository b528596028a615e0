package io.cairn.server.openai;

import io.cairn.memory.Line;
import io.cairn.recall.Hit;
import io.cairn.recall.Query;
import io.cairn.recall.Recall;
import io.cairn.recall.RecallSettings;
import io.cairn.recall.Recalled;
import io.cairn.recall.Relevance;
import io.cairn.server.wire.RecalledText;
import io.cairn.tenant.Context;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Puts what the memory holds before what the user asks, marked as recalled.
///
/// It stands in the user's own last message: so the beginning of the chat stays as it was, which providers keep ready,
/// and no model has to take two messages of one side in a row.
@Component
final class ChatRecall {
    static final String HEADER = "X-Cairn-Recalled";
    private static final Logger LOG = LoggerFactory.getLogger(ChatRecall.class);

    private final Recall recall;
    private final Relevance relevance;
    private final Counter done;
    private final Counter failed;

    ChatRecall(Recall recall, RecallSettings settings, MeterRegistry meters) {
        this.recall = recall;
        this.relevance = settings.relevance();
        this.done = meters.counter("chat.recalls", "outcome", "ok");
        this.failed = meters.counter("chat.recalls", "outcome", "failed");
    }

    /// The request with what was recalled in it. Where the memory cannot be asked the request stays as it is, and the
    /// response says so.
    ObjectNode with(ObjectNode request, int limit, Context context, HttpServletResponse response) {
        var question = ChatLines.question(request).map(message -> ChatLines.text(message.path("content")));
        if (limit == 0 || question.isEmpty() || question.get().isBlank()) {
            return request;
        }
        try {
            var hits = unsaid(found(context, question.get(), limit), ChatLines.told(request));
            response.setHeader(HEADER, Integer.toString(hits.size()));
            done.increment();
            return hits.isEmpty() ? request : before(request.deepCopy(), text(hits));
        } catch (RuntimeException e) {
            LOG.error("Nothing could be recalled for a chat, which goes on without", e);
            response.setHeader(HEADER, "failed");
            failed.increment();
            return request;
        }
    }

    private List<Hit> found(Context context, String question, int limit) {
        var query = Query.of(shortened(question)).limit(limit).threshold(relevance.fits());
        return switch (recall.recall(context, query)) {
            case Recalled.Answer answer -> answer.hits();
            case Recalled.NotYet waits -> throw new IllegalStateException("No position was asked for, yet " + waits);
            case Recalled.PositionMoved moved ->
                throw new IllegalStateException("No position was asked for, yet " + moved);
        };
    }

    private static String shortened(String question) {
        int points = question.codePointCount(0, question.length());
        return points <= Query.TEXT_LENGTH_MAX / 2
                ? question
                : question.substring(0, question.offsetByCodePoints(0, Query.TEXT_LENGTH_MAX / 2));
    }

    private static List<Hit> unsaid(List<Hit> hits, List<Line> told) {
        return hits.stream()
                .filter(hit -> told.stream().noneMatch(line -> line.content().contains(hit.text())))
                .toList();
    }

    private static String text(List<Hit> hits) {
        return RecalledText.NOTICE
                + hits.stream().map(RecalledText::of).collect(Collectors.joining("\n\n", "\n\n", "\n\n"));
    }

    private static ObjectNode before(ObjectNode request, String recalled) {
        var message = ChatLines.question(request).orElseThrow();
        if (message.path("content") instanceof ArrayNode parts) {
            parts.insertObject(0).put("type", "text").put("text", recalled);
        } else {
            message.put("content", recalled + message.path("content").asString(""));
        }
        return request;
    }
}
