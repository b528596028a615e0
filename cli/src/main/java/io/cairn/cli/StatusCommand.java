package io.cairn.cli;

import io.cairn.client.Cairn;
import io.cairn.client.wire.Status;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

/// Shows what a server holds and how its projections stand.
@Command(description = "Show what the server holds and how far its projections are.")
final class StatusCommand implements Callable<Integer> {
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
            shell.print("");
            ProjectionTable.of(status.projections()).lines().forEach(shell::print);
            return Exit.GOOD;
        }
    }

    private static String holds(Status status) {
        return status.counts().entrySet().stream()
                .map(count -> count.getValue() + " " + count.getKey())
                .collect(Collectors.joining(", "));
    }
}
