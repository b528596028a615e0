package io.cairn.cli;

import io.cairn.client.Cairn;
import io.cairn.client.wire.NewSubscription;
import io.cairn.client.wire.Subscription;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Shows durable subscriptions, and how far each has come.
@Command(description = "List, make and delete durable subscriptions.")
final class SubscriptionsCommand implements Callable<Integer> {
    private final Shell shell;

    SubscriptionsCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        return list();
    }

    @Command(name = "list", description = "List the subscriptions (also without a subcommand).")
    int list() {
        try (Cairn cairn = shell.cairn()) {
            List<Subscription> subscriptions = cairn.subscriptions().list();
            if (shell.json()) {
                subscriptions.forEach(shell::printJson);
            } else if (subscriptions.isEmpty()) {
                shell.print("There is no subscription.");
            } else {
                Table table = new Table("NAME", "PATTERN", "LAG", "ACKNOWLEDGED");
                subscriptions.forEach(each -> table.row(
                        each.name(),
                        each.pattern(),
                        each.lag(),
                        each.acknowledgedAt() == null ? "-" : each.acknowledgedAt()));
                table.lines().forEach(shell::print);
            }
            return Exit.GOOD;
        }
    }

    @Command(name = "create", description = "Make a subscription; one of the same name and pattern stays as it is.")
    int create(
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--pattern", paramLabel = "PATTERN", description = "Which types, such as lead.* (all).")
                    @Nullable
                    String pattern,
            @Option(names = "--after", paramLabel = "POSITION", description = "Begin after it (the log's beginning).")
                    @Nullable
                    String after) {
        try (Cairn cairn = shell.cairn()) {
            Subscription made = cairn.subscriptions().create(name, new NewSubscription(pattern, after));
            if (shell.json()) {
                shell.printJson(made);
            } else {
                shell.print("%s  %s  %d behind".formatted(made.name(), made.pattern(), made.lag()));
            }
            return Exit.GOOD;
        }
    }

    @Command(name = "delete", description = "Forget a subscription and its place.")
    int delete(@Parameters(paramLabel = "NAME") String name) {
        try (Cairn cairn = shell.cairn()) {
            cairn.subscriptions().delete(name);
            shell.print("Subscription " + name + " is deleted.");
            return Exit.GOOD;
        }
    }
}
