package io.cairn.cli;

import io.cairn.client.Cairn;
import io.cairn.client.wire.Saga;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Shows sagas.
@Command(description = "List sagas, and show one.")
final class SagasCommand implements Callable<Integer> {
    private static final int SHOWN = 100;

    private final Shell shell;

    SagasCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        return list(null, null, null, SHOWN);
    }

    @Command(name = "list", description = "List them in the order of their start (also without a subcommand).")
    int list(
            @Option(
                            names = "--status",
                            paramLabel = "STATUS",
                            description = "pending, running, completed, failed or compensating.")
                    @Nullable
                    String status,
            @Option(names = "--type", paramLabel = "TYPE", description = "Only of this type.") @Nullable String type,
            @Option(names = "--about", paramLabel = "ID", description = "With this correlation id.") @Nullable
                    String about,
            @Option(names = "--limit", paramLabel = "N", defaultValue = "100", description = "At most so many.")
                    int limit) {
        try (Cairn cairn = shell.cairn()) {
            List<Saga> sagas =
                    cairn.sagas().list(status, type, about).limit(limit).toList();
            if (shell.json()) {
                sagas.forEach(shell::printJson);
            } else if (sagas.isEmpty()) {
                shell.print("There are no such sagas.");
            } else {
                Table table = new Table("ID", "TYPE", "ABOUT", "STATUS", "STEP", "RETRIES", "ERROR");
                sagas.forEach(saga -> table.row(
                        saga.id(),
                        saga.type(),
                        saga.correlationId(),
                        saga.status(),
                        shown(saga.step()),
                        saga.retries(),
                        shown(saga.error())));
                table.lines().forEach(shell::print);
            }
            return Exit.GOOD;
        }
    }

    private static String shown(@Nullable String text) {
        return text == null ? "-" : text;
    }

    @Command(name = "show", description = "Show one saga.")
    int show(@Parameters(paramLabel = "ID") String id) {
        try (Cairn cairn = shell.cairn()) {
            shell.printJson(cairn.sagas().get(id));
            return Exit.GOOD;
        }
    }
}
