package io.cairn.cli;

import io.cairn.client.Cairn;
import io.cairn.client.wire.NewSubscription;
import io.cairn.client.wire.Subscription;
import io.cairn.client.wire.SubscriptionPage;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Shows durable subscriptions, and how far each has come.
@Command(description = "List, make, read and mend durable subscriptions.")
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
                Table table = new Table("NAME", "PATTERN", "LAG", "PARKED", "ACKNOWLEDGED");
                subscriptions.forEach(each -> table.row(
                        each.name(),
                        each.pattern(),
                        each.lag(),
                        Table.orDash(each.parked()),
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
            show(made);
            return Exit.GOOD;
        }
    }

    private void show(Subscription subscription) {
        if (shell.json()) {
            shell.printJson(subscription);
        } else {
            shell.print("%s  %s  %d behind".formatted(subscription.name(), subscription.pattern(), subscription.lag()));
        }
    }

    @Command(name = "read", description = "Print the next events, as JSON, and what to acknowledge behind them.")
    int read(
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--limit", paramLabel = "N", description = "At most so many (100).") @Nullable
                    Integer limit) {
        try (Cairn cairn = shell.cairn()) {
            SubscriptionPage page = cairn.subscriptions().next(name, limit);
            if (shell.json()) {
                shell.printJson(page);
                return Exit.GOOD;
            }
            page.items().forEach(shell::printJson);
            shell.note(
                    page.items().isEmpty()
                            ? "There is nothing new."
                            : page.items().size() + " events.");
            shell.note("Once they are dealt with: cairn subscriptions ack %s '%s'".formatted(name, page.upTo()));
            return Exit.GOOD;
        }
    }

    @Command(
            name = "ack",
            aliases = "acknowledge",
            description = "Say that what was read is dealt with, so that it does not come again.")
    int acknowledge(
            @Parameters(paramLabel = "NAME") String name,
            @Parameters(paramLabel = "UP_TO", description = "As read gave it.") String upTo) {
        try (Cairn cairn = shell.cairn()) {
            show(cairn.subscriptions().acknowledge(name, upTo));
            return Exit.GOOD;
        }
    }

    @Command(
            name = "park",
            aliases = "nack",
            description = "Say that an event cannot be dealt with: its stream waits, and the others go on.")
    int park(
            @Parameters(paramLabel = "NAME") String name,
            @Parameters(paramLabel = "EVENT", description = "Its id.") String event,
            @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why.") String reason) {
        try (Cairn cairn = shell.cairn()) {
            show(cairn.subscriptions().park(name, event, reason));
            return Exit.GOOD;
        }
    }

    @Command(name = "parked", description = "List the streams that a subscription set aside, with the reason of each.")
    int parked(@Parameters(paramLabel = "NAME") String name) {
        try (Cairn cairn = shell.cairn()) {
            ProjectionsCommand.showParked(
                    shell, cairn.subscriptions().parked(name).toList());
            return Exit.GOOD;
        }
    }

    @Command(name = "retry", aliases = "replay", description = "Let parked streams come again.")
    int retry(
            @Parameters(paramLabel = "NAME") String name,
            @Parameters(paramLabel = "KEY", arity = "0..1", description = "Only this one.") @Nullable String key) {
        try (Cairn cairn = shell.cairn()) {
            ProjectionsCommand.showRetried(shell, cairn.subscriptions().retry(name, key));
            return Exit.GOOD;
        }
    }

    @Command(name = "skip", aliases = "discard", description = "Give up, for good, what waits in a parked stream.")
    int skip(@Parameters(paramLabel = "NAME") String name, @Parameters(paramLabel = "KEY") String key) {
        try (Cairn cairn = shell.cairn()) {
            ProjectionsCommand.showSkipped(shell, key, cairn.subscriptions().skip(name, key));
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
