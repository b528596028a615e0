package io.cairn.cli;

import io.cairn.client.Cairn;
import io.cairn.client.wire.ProjectionStatus;
import io.cairn.client.wire.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

/// Shows what a server holds and how its projections stand.
@Command(description = "Show what the server holds and how far its projections are.")
final class StatusCommand implements Callable<Integer> {
    private static final String DEAD_LETTERS = "dead_letters";
    private static final String PARKED_STREAMS = "parked_streams";
    private static final Set<String> WAITING = Set.of(DEAD_LETTERS, PARKED_STREAMS);

    private final Shell shell;

    StatusCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        try (Cairn cairn = shell.cairn()) {
            Status status = cairn.status();
            if (shell.json()) {
                shell.printJson(status);
                return Exit.GOOD;
            }
            shell.print(
                    "Cairn " + status.version() + " at " + shell.connection().server());
            shell.print("Log head  " + status.position());
            shell.print("Holds     " + holds(status));
            waiting(status).ifPresent(waiting -> shell.print("Waiting   " + waiting));
            shell.print("");
            ProjectionTable.of(status.projections()).lines().forEach(shell::print);
            return Exit.GOOD;
        }
    }

    private static String holds(Status status) {
        return status.counts().entrySet().stream()
                .filter(count -> !WAITING.contains(count.getKey()))
                .map(count -> count.getValue() + " " + count.getKey())
                .collect(Collectors.joining(", "));
    }

    /// What somebody has to look after, with the commands that show it.
    private static Optional<String> waiting(Status status) {
        List<String> parts = new ArrayList<>();
        long dead = status.counts().getOrDefault(DEAD_LETTERS, 0L);
        if (dead > 0) {
            parts.add("%d dead letter%s: cairn dead-letters".formatted(dead, dead == 1 ? "" : "s"));
        }
        long parkedStreams = status.counts().getOrDefault(PARKED_STREAMS, 0L);
        if (parkedStreams > 0) {
            parts.add(
                    "%d parked stream%s: cairn subscriptions".formatted(parkedStreams, parkedStreams == 1 ? "" : "s"));
        }
        for (ProjectionStatus each : status.projections()) {
            Long parked = each.parked();
            if (parked != null && parked > 0) {
                parts.add("%d parked key%s: cairn projections parked %s"
                        .formatted(parked, parked == 1 ? "" : "s", each.name()));
            }
        }
        return parts.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", parts));
    }
}
