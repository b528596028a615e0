package io.cairn.cli;

import io.cairn.client.Cairn;
import io.cairn.client.wire.DeadLettersAsked;
import io.cairn.client.wire.Task;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// Shows, replays and discards tasks that gave up.
@Command(description = "List, show, replay and discard tasks that gave up.")
final class DeadLettersCommand implements Callable<Integer> {
    private static final int SHOWN = 100;

    private final Shell shell;

    DeadLettersCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        return list(new DeadLetterOptions());
    }

    @Command(name = "list", description = "List them, with the reason of each (also without a subcommand).")
    int list(@Mixin DeadLetterOptions which) {
        try (Cairn cairn = shell.cairn()) {
            List<Task> letters =
                    cairn.deadLetters().fitting(which.filter(SHOWN)).toList();
            if (shell.json()) {
                letters.forEach(shell::printJson);
            } else if (letters.isEmpty()) {
                shell.print("There are no dead letters.");
            } else {
                Table table = new Table("ID", "TYPE", "KEY", "ATTEMPTS", "SINCE", "REASON");
                letters.forEach(letter -> table.row(
                        letter.id(),
                        letter.type(),
                        Table.orDash(letter.key()),
                        letter.attempts(),
                        Table.orDash(letter.endedAt()),
                        Table.orDash(letter.reason())));
                table.lines().forEach(shell::print);
            }
            return Exit.GOOD;
        }
    }

    @Command(name = "show", description = "Show one with its payload and its history.")
    int show(@Parameters(paramLabel = "ID") String id) {
        return TasksCommand.show(shell, id);
    }

    @Command(name = "replay", aliases = "retry", description = "Let one begin anew, or all that fit.")
    int replay(@Parameters(paramLabel = "ID", arity = "0..1") @Nullable String id, @Mixin DeadLetterOptions which) {
        try (Cairn cairn = shell.cairn()) {
            return told(
                    id == null
                            ? cairn.deadLetters().replay(which.filter(null))
                            : cairn.deadLetters().replay(id),
                    "asked to begin anew");
        }
    }

    @Command(name = "discard", aliases = "skip", description = "Give one up, for good, or all that fit.")
    int discard(@Parameters(paramLabel = "ID", arity = "0..1") @Nullable String id, @Mixin DeadLetterOptions which) {
        if (id == null && !which.areAny()) {
            shell.note("Say which ones: an id, --type, --lane, --key, --reason or --before.");
            return Exit.USAGE;
        }
        try (Cairn cairn = shell.cairn()) {
            return told(
                    id == null
                            ? cairn.deadLetters().discard(which.filter(null))
                            : cairn.deadLetters().discard(id),
                    "given up");
        }
    }

    private int told(DeadLettersAsked asked, String what) {
        if (shell.json()) {
            shell.printJson(asked);
        } else {
            shell.print(asked.letters() + " " + what + ".");
        }
        return Exit.GOOD;
    }
}
