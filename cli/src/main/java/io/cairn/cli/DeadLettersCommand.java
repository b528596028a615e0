package io.cairn.cli;

import io.cairn.client.Cairn;
import io.cairn.client.DeadLetters;
import io.cairn.client.wire.DeadLetterFilter;
import io.cairn.client.wire.DeadLettersAsked;
import io.cairn.client.wire.Task;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
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

    @Command(
            name = "replay",
            aliases = "retry",
            description = "Let some begin anew, or all that fit; the answer says how many.")
    int replay(@Mixin DeadLetterIds named, @Mixin DeadLetterOptions which) {
        try (Cairn cairn = shell.cairn()) {
            DeadLetters letters = cairn.deadLetters();
            return told(asked(named.ids, which, letters::replay, letters::replay), "asked to begin anew");
        }
    }

    @Command(
            name = "discard",
            aliases = "skip",
            description = "Give some up, for good, or all that fit; the answer says how many.")
    int discard(@Mixin DeadLetterIds named, @Mixin DeadLetterOptions which) {
        if (named.ids.isEmpty() && !which.areAny()) {
            shell.note("Say which ones: ids, --type, --lane, --key, --reason or --before.");
            return Exit.USAGE;
        }
        try (Cairn cairn = shell.cairn()) {
            DeadLetters letters = cairn.deadLetters();
            return told(asked(named.ids, which, letters::discard, letters::discard), "given up");
        }
    }

    /// A single one that there is not is refused; of several, those that there are not are not counted.
    private static DeadLettersAsked asked(
            List<String> ids,
            DeadLetterOptions which,
            Function<String, DeadLettersAsked> one,
            Function<DeadLetterFilter, DeadLettersAsked> many) {
        return ids.size() == 1 && !which.areAny()
                ? one.apply(ids.getFirst())
                : many.apply(which.filter(null, ids.isEmpty() ? null : ids));
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
