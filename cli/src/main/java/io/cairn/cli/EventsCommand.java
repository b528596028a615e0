package io.cairn.cli;

import io.cairn.client.Cairn;
import io.cairn.client.wire.Event;
import io.cairn.client.wire.Page;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Shows what was appended, and what is being appended.
@Command(description = "List events by their type, or follow them as they come.")
final class EventsCommand implements Callable<Integer> {
    private static final int LIMIT = 100;

    private final Shell shell;

    @Parameters(
            paramLabel = "PATTERN",
            arity = "0..1",
            description = "Which types: lead.scored, lead.* with all below it, or * for any (*).")
    private @Nullable String pattern;

    @Option(names = "--follow", description = "Go on with each event as it comes, from now or from --after on.")
    private boolean follow;

    @Option(names = "--after", paramLabel = "POSITION", description = "Begin after this position.")
    private @Nullable String after;

    @Option(names = "--limit", paramLabel = "N", description = "At most so many events (" + LIMIT + " in a list).")
    private @Nullable Integer limit;

    EventsCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        if (limit != null && limit < 1) {
            throw new IllegalArgumentException("--limit is " + limit + "; 1 or more is allowed.");
        }
        try (Cairn cairn = shell.cairn()) {
            if (follow) {
                follow(cairn);
            } else {
                list(cairn);
            }
            return Exit.GOOD;
        }
    }

    private void list(Cairn cairn) {
        int left = limit == null ? LIMIT : limit;
        @Nullable String cursor = after;
        do {
            Page<Event> page = cairn.events().page(pattern, cursor, Math.min(left, LIMIT));
            page.items().forEach(this::print);
            left -= page.items().size();
            cursor = page.next();
        } while (cursor != null && left > 0 && !shell.terminal().out().checkError());
        if (cursor != null) {
            shell.note("There are more: --after " + cursor);
        }
    }

    /// Until nobody reads any more; a person ends it with Ctrl-C.
    private void follow(Cairn cairn) {
        int left = limit == null ? Integer.MAX_VALUE : limit;
        try (var tail = cairn.events().follow(pattern, after)) {
            while (left-- > 0 && !shell.terminal().out().checkError()) {
                tail.next().ifPresent(this::print);
            }
        }
    }

    private void print(Event event) {
        if (shell.json()) {
            shell.printJson(event);
            return;
        }
        shell.print("%s  %s  %s/%s@%d  %s"
                .formatted(
                        event.recordedAt(),
                        shell.styled("bold", event.type()),
                        event.streamType(),
                        event.streamId(),
                        event.version(),
                        event.payloadError() == null
                                ? event.payload()
                                : shell.styled("fg(yellow)", event.payloadError())));
    }
}
