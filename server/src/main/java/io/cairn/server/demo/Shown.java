package io.cairn.server.demo;

import io.cairn.client.wire.Citation;
import io.cairn.client.wire.Hit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A hit as two lines on a terminal.
final class Shown {
    private static final int EXCERPT_LENGTH_MAX = 150;

    private Shown() {}

    static String of(Hit hit) {
        var text = hit.text().replaceAll("\\s+", " ").strip();
        var excerpt = text.length() <= EXCERPT_LENGTH_MAX ? text : text.substring(0, EXCERPT_LENGTH_MAX) + "…";
        return "  %.2f  %s%n        [%s]".formatted(hit.score(), excerpt, place(hit.citation()));
    }

    private static String place(Citation citation) {
        var source = citation.conversationId() != null
                ? citation.conversationId() + " › " + citation.messageId()
                : citation.documentId() + " v" + citation.documentVersion();
        return Stream.of(source, citation.heading(), "characters %d–%d".formatted(citation.start(), citation.end()))
                .filter(part -> part != null && !part.isEmpty())
                .collect(Collectors.joining(" · "));
    }
}
