package io.cairn.cli;

import io.cairn.client.CairnProblem;
import io.cairn.client.wire.DocumentResult;
import io.cairn.client.wire.DocumentStatus;
import io.cairn.client.wire.ProblemItem;
import io.cairn.client.wire.StoredDocument;
import io.cairn.client.wire.StoredPart;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What became of each item that was handed in, told as it happens and summed up at the end.
final class AddReport {
    private final Shell shell;
    private final Map<String, Long> counts = new LinkedHashMap<>();
    private final long started = System.nanoTime();
    private @Nullable Progress progress;
    private long refused;
    private long done;

    AddReport(Shell shell) {
        this.shell = shell;
    }

    void watchedBy(Progress watcher) {
        progress = watcher;
    }

    void result(String source, DocumentResult result) {
        ProblemItem error = result.error();
        if (result.status().equals(DocumentStatus.REJECTED) || error != null) {
            String reason = error == null ? "was rejected without a reason" : Failures.text(error);
            refused(source, error == null ? "rejected" : error.code(), reason);
        } else {
            accepted(source, result.status().value(), result);
            parts(source, result.parts());
        }
    }

    void stored(String source, StoredDocument stored) {
        accepted(source, stored.status().value(), stored);
        parts(source, stored.parts());
    }

    /// Files that came in the one that was sent: those that could not be read are told, and refuse nothing.
    private void parts(String source, List<StoredPart> parts) {
        if (parts.isEmpty()) {
            return;
        }
        List<StoredPart> unread =
                parts.stream().filter(part -> part.error() != null).toList();
        counts.merge("within them", (long) parts.size() - unread.size(), Long::sum);
        if (!shell.json()) {
            unread.forEach(part -> shell.note(shell.styled("fg(yellow)", "not read ") + part.name() + " in " + source
                    + ": " + Failures.text(Objects.requireNonNull(part.error()))));
        }
    }

    void messages(String conversation, long count) {
        counts.merge("messages", count, Long::sum);
        done += count;
        if (shell.json()) {
            shell.printJson(new Stored(conversation, "appended", count, null));
        }
        moved(count);
    }

    void refused(String source, CairnProblem problem) {
        refused(source, problem.code(), Failures.explained(problem, shell));
    }

    void refused(String source, String code, String reason) {
        refused++;
        if (shell.json()) {
            shell.printJson(new Refused(source, "refused", new Reason(code, reason)));
        } else {
            shell.note(shell.styled("fg(red)", "refused ") + source + ": " + reason);
        }
        moved(1);
    }

    /// Whether a refusal concerns this one document, so that the others may go on.
    static boolean isAboutTheDocument(CairnProblem problem) {
        return switch (problem.status()) {
            case 400, 409, 413, 415, 422 -> true;
            default -> false;
        };
    }

    private void accepted(String source, String status, Object result) {
        counts.merge(status, 1L, Long::sum);
        done++;
        if (shell.json()) {
            shell.printJson(new Stored(source, status, null, result));
        }
        moved(1);
    }

    private void moved(long by) {
        if (progress != null) {
            for (long i = 0; i < by; i++) {
                progress.step();
            }
            progress.say(refused == 0 ? "" : refused + " refused");
        }
    }

    void finish() {
        progress = null;
        double seconds = Duration.ofNanos(System.nanoTime() - started).toMillis() / 1000.0;
        if (shell.json()) {
            shell.printJson(Map.of("summary", new Summary(counts, refused, seconds)));
            return;
        }
        String what = counts.entrySet().stream()
                .map(count -> count.getValue() + " " + count.getKey())
                .collect(Collectors.joining(", "));
        String rate = seconds > 0 ? String.format(Locale.ROOT, "%.0f/s", done / seconds) : "";
        shell.print((what.isEmpty() ? "Nothing added" : what)
                + (refused == 0 ? "" : ", " + refused + " refused")
                + String.format(Locale.ROOT, " (%.1f s, %s)", seconds, rate));
    }

    int exitCode() {
        return refused == 0 ? Exit.GOOD : Exit.REFUSED;
    }

    private record Stored(
            String source,
            String status,
            @Nullable Long count,
            @Nullable Object result) {}

    private record Refused(String source, String status, Reason error) {}

    private record Reason(String code, String message) {}

    private record Summary(Map<String, Long> counts, long refused, double seconds) {}
}
