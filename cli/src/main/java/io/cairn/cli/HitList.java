package io.cairn.cli;

import io.cairn.client.wire.Citation;
import io.cairn.client.wire.DenseLeg;
import io.cairn.client.wire.Hit;
import io.cairn.client.wire.LegScore;
import io.cairn.client.wire.RecallAnswer;
import io.cairn.client.wire.Scores;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Hits as a person reads them: relevance, source, and as much of the text as fits a few lines.
final class HitList {
    private static final int LINES = 4;
    private static final Pattern WORDS = Pattern.compile("\\s+");

    private final Shell shell;

    HitList(Shell shell) {
        this.shell = shell;
    }

    void print(RecallAnswer answer) {
        if (answer.hits().isEmpty()) {
            shell.print("Nothing found.");
        } else if (Boolean.FALSE.equals(answer.fits())) {
            shell.print("Nothing fits; this is the nearest.");
        }
        int rank = 1;
        for (Hit hit : answer.hits()) {
            print(rank++, hit);
        }
        if (answer.stale()) {
            shell.note("The index is still catching up: what was added last may be missing.");
        }
        if (DenseLeg.BEHIND.equals(answer.dense())) {
            shell.note("What was added last is not embedded yet: it was searched by its words only.");
        } else if (DenseLeg.SILENT.equals(answer.dense())) {
            shell.note("The question could not be embedded: everything was searched by its words only.");
        }
    }

    private void print(int rank, Hit hit) {
        shell.print(String.format("%2d. ", rank) + shell.styled("fg(yellow)", worth(hit)) + "  "
                + shell.styled("bold", source(hit)));
        excerpt(hit.text(), shell.terminal().width() - 4).forEach(line -> shell.print("    " + line));
        if (hit.scores() != null) {
            shell.print("    " + shell.styled("faint", explanation(hit.scores())));
        }
        shell.print("");
    }

    /// How relevant it is; an older server tells its score alone.
    private static String worth(Hit hit) {
        Double relevance = hit.relevance();
        return relevance == null
                ? String.format(Locale.ROOT, "%.3f", hit.score())
                : String.format(Locale.ROOT, "%.2f", relevance);
    }

    /// Such as `docs/x.md v1 · Heading › Sub · page 3 · chars 120-480`.
    static String source(Hit hit) {
        Citation citation = hit.citation();
        List<String> parts = new ArrayList<>();
        if (citation.documentId() != null) {
            parts.add(citation.documentId()
                    + (citation.documentVersion() == null ? "" : " v" + citation.documentVersion()));
            add(parts, "", citation.heading() == null ? citation.title() : citation.heading());
        }
        add(parts, "page ", citation.page() == null ? null : citation.page().toString());
        add(parts, "conversation ", citation.conversationId());
        add(parts, "message ", citation.messageId());
        add(parts, "", hit.at() == null ? null : hit.at().toString());
        if (citation.start() != null && citation.end() != null) {
            parts.add("chars " + citation.start() + "-" + citation.end());
        }
        return parts.isEmpty() ? hit.kind() + " " + hit.id() : String.join(" · ", parts);
    }

    private static void add(List<String> parts, String label, @Nullable String value) {
        if (value != null && !value.isBlank()) {
            parts.add(label + value);
        }
    }

    static List<String> excerpt(String text, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : WORDS.splitAsStream(text.strip()).toList()) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            if (lines.size() == LINES) {
                lines.set(LINES - 1, shortened(lines.getLast(), width) + "…");
                return lines;
            }
            line.append(line.isEmpty() ? "" : " ").append(shortened(word, width));
        }
        if (!line.isEmpty()) {
            lines.add(line.toString());
        }
        return lines;
    }

    private static String shortened(String text, int width) {
        return text.length() < width
                ? text
                : text.substring(0, text.offsetByCodePoints(0, text.codePointCount(0, width - 1)));
    }

    static String explanation(Scores scores) {
        List<String> parts = new ArrayList<>();
        if (scores.relevance() != null) {
            parts.add("relevance " + number(scores.relevance()));
        }
        scores.legs().forEach(leg -> parts.add(text(leg)));
        scores.boosts().forEach((name, boost) -> parts.add(name + " +" + number(boost)));
        return String.join(" · ", parts);
    }

    private static String text(LegScore leg) {
        StringBuilder text = new StringBuilder(leg.leg());
        text.append(leg.raw() == null ? "" : " " + number(leg.raw()));
        text.append(leg.rank() == null ? "" : " rank " + leg.rank());
        text.append(leg.contribution() == null ? "" : " → " + number(leg.contribution()));
        return text.toString();
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }
}
