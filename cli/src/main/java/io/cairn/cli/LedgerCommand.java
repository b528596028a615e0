package io.cairn.cli;

import io.cairn.client.Cairn;
import io.cairn.client.Ledger;
import io.cairn.client.wire.BudgetStatus;
import io.cairn.client.wire.LedgerLine;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Shows what models were used for.
@Command(description = "Show what models were used for and what that cost, and what is left of budgets.")
final class LedgerCommand implements Callable<Integer> {
    private final Shell shell;

    @Option(names = "--from", paramLabel = "DAY", description = "First day, by UTC (default: the first of the month).")
    private @Nullable LocalDate from;

    @Option(names = "--to", paramLabel = "DAY", description = "Last day (default: today).")
    private @Nullable LocalDate to;

    @Option(names = "--of-key", paramLabel = "NAME", description = "Only of the API key of this name.")
    private @Nullable String key;

    @Option(names = "--model", paramLabel = "NAME", description = "Only of this model.")
    private @Nullable String model;

    @Option(
            names = "--by",
            paramLabel = "WHAT",
            split = ",",
            defaultValue = "day,key,model",
            description = "What lines are told apart by: some of day, key and model, with commas, or all for one line.")
    private List<String> by = List.of();

    LedgerCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        Ledger.Query query = new Ledger.Query(from, to, key, model, by.equals(List.of("all")) ? List.of() : by);
        try (Cairn cairn = shell.cairn()) {
            List<LedgerLine> lines = cairn.ledger().lines(query).toList();
            if (shell.json()) {
                lines.forEach(shell::printJson);
            } else if (lines.isEmpty()) {
                shell.print("No model was used.");
            } else {
                print(lines);
            }
            return Exit.GOOD;
        }
    }

    private void print(List<LedgerLine> lines) {
        Table table = new Table("DAY", "KEY", "MODEL", "CALLS", "ESTIMATED", "INPUT", "OUTPUT", "COST", "SAVED");
        lines.forEach(line -> table.row(
                shown(line.day()),
                shown(line.key()),
                shown(line.model()),
                line.calls(),
                line.estimatedCalls(),
                line.inputTokens(),
                line.outputTokens(),
                line.cost().toPlainString() + " " + line.currency(),
                line.savedTokens()));
        table.lines().forEach(shell::print);
    }

    @Command(name = "budgets", description = "Show budgets, what is left of them and when they begin anew.")
    int budgets() {
        try (Cairn cairn = shell.cairn()) {
            List<BudgetStatus> budgets = cairn.ledger().budgets();
            if (shell.json()) {
                budgets.forEach(shell::printJson);
            } else if (budgets.isEmpty()) {
                shell.print("There are no budgets.");
            } else {
                Table table =
                        new Table("NAME", "TENANT", "KEY", "PER", "LIMIT", "SPENT", "RESERVED", "LEFT", "", "RENEWS");
                budgets.forEach(budget -> table.row(
                        budget.name(),
                        shown(budget.tenant()),
                        shown(budget.key()),
                        budget.per(),
                        budget.limit().toPlainString(),
                        budget.spent().toPlainString(),
                        budget.reserved().toPlainString(),
                        budget.left().toPlainString(),
                        budget.unit(),
                        budget.renewsAt() == null ? "never" : budget.renewsAt()));
                table.lines().forEach(shell::print);
            }
            return Exit.GOOD;
        }
    }

    private static String shown(@Nullable String text) {
        return text == null ? "-" : text;
    }
}
