package io.cairn.cli;

import io.cairn.client.Cairn;
import io.cairn.client.wire.HitKind;
import io.cairn.client.wire.RecallAnswer;
import io.cairn.client.wire.RecallFilters;
import io.cairn.client.wire.RecallRequest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Asks one question over everything.
@Command(description = "Ask for what was said or written, and get cited hits.")
final class RecallCommand implements Callable<Integer> {
    private final Shell shell;

    @Parameters(paramLabel = "QUERY", description = "What is asked; several words need no quotes.", arity = "1..*")
    private List<String> query = List.of();

    @Option(names = "--limit", paramLabel = "N", description = "At most so many hits (10).")
    private @Nullable Integer limit;

    @Option(names = "--threshold", paramLabel = "R", description = "Only hits of at least this relevance, from 0 to 1.")
    private @Nullable Double threshold;

    @Option(names = "--kind", paramLabel = "KIND", description = "Only messages, or only documents: message, document.")
    private List<String> kinds = List.of();

    @Option(names = "--conversation", paramLabel = "ID", description = "Only from this conversation.")
    private @Nullable String conversation;

    @Option(names = "--document", paramLabel = "ID", description = "Only from this document.")
    private @Nullable String document;

    @Option(names = "--title", paramLabel = "TITLE", description = "Only documents of exactly this title.")
    private @Nullable String title;

    @Option(names = "--source-type", paramLabel = "TYPE", description = "Only documents of this source type.")
    private @Nullable String sourceType;

    @Option(names = "--language", paramLabel = "CODE", description = "Only what is in this language, such as en.")
    private @Nullable String language;

    @Option(
            names = "--tag",
            paramLabel = "TAG",
            description = "Only documents with one of these tags; may be repeated.")
    private List<String> tags = List.of();

    @Option(names = "--speaker", paramLabel = "NAME", description = "Only what this person said.")
    private @Nullable String speaker;

    @Option(names = "--from", paramLabel = "TIME", description = "Not before: 2026-03-01 or 2026-03-01T12:00:00Z.")
    private @Nullable String from;

    @Option(names = "--to", paramLabel = "TIME", description = "Before this time; a date alone includes its day.")
    private @Nullable String to;

    @Option(names = "--min-position", paramLabel = "POSITION", description = "Wait until all up to here can be found.")
    private @Nullable String minPosition;

    @Option(
            names = "--group-by",
            paramLabel = "WHAT",
            description = "Only the best hit of each: message, session, chunk, section, document; may be repeated.")
    private List<String> groupBy = List.of();

    @Option(names = "--explain", description = "Show how each score came about.")
    private boolean explain;

    RecallCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        try (Cairn cairn = shell.cairn()) {
            RecallAnswer answer = cairn.recall(new RecallRequest(
                    String.join(" ", query), limit, threshold, filters(), minPosition, explain ? true : null, groupBy));
            if (shell.json()) {
                shell.printJson(answer);
            } else {
                new HitList(shell).print(answer);
            }
            return Exit.GOOD;
        }
    }

    private @Nullable RecallFilters filters() {
        Instant start = from == null ? null : Times.startOf(from);
        Instant end = to == null ? null : Times.endOf(to);
        RecallFilters filters = new RecallFilters(
                kinds.stream().map(HitKind::new).toList(),
                conversation,
                document,
                sourceType,
                language,
                tags,
                List.of(),
                speaker,
                start,
                end,
                Map.of(),
                title);
        return filters.equals(RecallFilters.none()) ? null : filters;
    }
}
