package io.cairn.ledger;

import static io.cairn.ledger.LedgerTables.USAGE;

import io.cairn.event.Appended;
import io.cairn.event.EventLog;
import io.cairn.event.PartitionUnit;
import io.cairn.row.RowChange;
import io.cairn.tenant.Tenant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// What was used, as sums of this node, which are written now and then.
final class UsageBook {
    private static final int ROWS_MAX = 500;

    private final EventLog log;
    private final String node;
    private final Map<Account, Sums> accounts = new ConcurrentHashMap<>();

    private record Account(Tenant tenant, long day, String payer, String model) {}

    /// @param written what the rows say
    private record Sums(Used now, Used written) {
        boolean isDue() {
            return !now.equals(written);
        }
    }

    UsageBook(EventLog log, String node) {
        this.log = log;
        this.node = node;
    }

    void add(Tenant tenant, LocalDate day, String payer, String model, Used more) {
        accounts.merge(
                new Account(tenant, day.toEpochDay(), payer, model),
                new Sums(more, Used.NOTHING),
                (sums, added) -> new Sums(sums.now().plus(added.now()), sums.written()));
    }

    /// Writes what has changed, and forgets what is of former days.
    void step(LocalDate today) {
        var due = new HashMap<Tenant, List<Map.Entry<Account, Used>>>();
        accounts.forEach((account, sums) -> {
            if (sums.isDue()) {
                due.computeIfAbsent(account.tenant(), first -> new ArrayList<>())
                        .add(Map.entry(account, sums.now()));
            }
        });
        due.forEach((tenant, rows) -> {
            for (int from = 0; from < rows.size(); from += ROWS_MAX) {
                write(tenant, rows.subList(from, Math.min(rows.size(), from + ROWS_MAX)));
            }
        });
        accounts.keySet()
                .removeIf(account -> account.day() < today.toEpochDay() - 1
                        && !accounts.getOrDefault(account, new Sums(Used.NOTHING, Used.NOTHING))
                                .isDue());
    }

    private void write(Tenant tenant, List<Map.Entry<Account, Used>> rows) {
        var changes = rows.stream()
                .map(row -> new PartitionUnit.Change(tenant, row(row.getKey(), row.getValue())))
                .toList();
        var outcome = log.feed().append(new PartitionUnit(log.partition(tenant), List.of(), changes));
        if (!(outcome instanceof Appended.Written)) {
            throw new IllegalStateException("Rows that expect nothing were not written: " + outcome);
        }
        rows.forEach(row ->
                accounts.computeIfPresent(row.getKey(), (account, sums) -> new Sums(sums.now(), row.getValue())));
    }

    private RowChange row(Account account, Used used) {
        var cells = new HashMap<String, Object>(used.cells());
        cells.put("day", account.day());
        cells.put("payer", account.payer());
        cells.put("model", account.model());
        cells.put("node", node);
        return new RowChange.Put(USAGE.row(cells));
    }
}
