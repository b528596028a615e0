package io.cairn.ledger;

import static io.cairn.ledger.LedgerTables.BUDGET;
import static io.cairn.ledger.LedgerTables.SLICE;

import io.cairn.event.Appended;
import io.cairn.event.EventLog;
import io.cairn.event.PartitionUnit;
import io.cairn.event.StorageException;
import io.cairn.event.Times;
import io.cairn.row.Row;
import io.cairn.row.RowChange;
import io.cairn.row.RowExpectation;
import io.cairn.row.RowKey;
import io.cairn.tenant.Tenant;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What nodes have used and hold of budgets, as rows of Cairn's own in the log's database.
///
/// Whoever changes an entry writes it with the next version, on condition that the version is still the one that was
/// read. So what nodes hold together is never more than there is, and whoever does not know whether a change happened
/// sees it when reading anew. What a node held that gave no sign of life in time is free again; what it had written of
/// its use counts.
final class BudgetBook {
    private static final System.Logger LOG = System.getLogger(BudgetBook.class.getName());

    private final EventLog log;
    private final String node;

    /// What budget, in which period, and whose.
    record Entry(String budget, String period, Payers payers) {
        RowKey key() {
            return BUDGET.key(budget, period, payers.text());
        }

        RowKey slices() {
            return SLICE.key(budget, period, payers.text());
        }
    }

    /// An entry as it was read.
    ///
    /// @param version nothing if there is none yet
    /// @param closed what was used by nodes that hold nothing any more
    /// @param expired nodes whose time was over
    record Page(
            Entry entry,
            @Nullable Long version,
            long closed,
            Optional<Held> own,
            List<Held> others,
            List<Held> expired) {
        long takenByOthers() {
            return closed + others.stream().mapToLong(Held::taken).sum();
        }

        long spentByOthers() {
            return closed + others.stream().mapToLong(Held::spent).sum();
        }

        long taken() {
            return takenByOthers() + own.map(Held::taken).orElse(0L);
        }

        long spent() {
            return spentByOthers() + own.map(Held::spent).orElse(0L);
        }
    }

    /// What a node holds.
    record Held(String node, long granted, long spent) {
        static Held of(Row row) {
            return new Held(row.text("node"), row.number("granted"), row.number("spent"));
        }

        long taken() {
            return Math.max(granted, spent);
        }
    }

    /// @param node the name of this process; a process that starts anew has another name
    BudgetBook(EventLog log, String node) {
        this.log = log;
        this.node = node;
    }

    Page read(Entry entry, Instant now) {
        return log.read(
                Tenant.CAIRN,
                view -> page(
                        entry,
                        view.row(BUDGET, entry.key()),
                        view.rows(SLICE, entry.slices(), null, Integer.MAX_VALUE),
                        now));
    }

    /// The entries of all payers of these budgets, each in the period that it is in now.
    List<Page> readAll(Collection<Budget> wanted, Instant now) {
        var budgets = wanted.stream()
                .map(budget -> BUDGET.key(budget.name(), budget.per().at(now)))
                .toList();
        return log.read(Tenant.CAIRN, view -> {
            var slices = view.rows(SLICE, budgets).stream().collect(Collectors.groupingBy(BudgetBook::entry));
            return view.rows(BUDGET, budgets).stream()
                    .map(row -> page(entry(row), Optional.of(row), slices.getOrDefault(entry(row), List.of()), now))
                    .toList();
        });
    }

    private static Entry entry(Row row) {
        return new Entry(row.text("budget"), row.text("period"), Payers.of(row.text("payers")));
    }

    private Page page(Entry entry, Optional<Row> row, List<Row> slices, Instant now) {
        var others = new ArrayList<Held>();
        var expired = new ArrayList<Held>();
        Optional<Held> own = Optional.empty();
        for (var slice : slices) {
            if (slice.text("node").equals(node)) {
                own = Optional.of(Held.of(slice));
            } else {
                (isOver(slice, now) ? expired : others).add(Held.of(slice));
            }
        }
        return new Page(
                entry,
                row.map(found -> found.number("version")).orElse(null),
                row.map(found -> found.number("spent")).orElse(0L)
                        + expired.stream().mapToLong(Held::spent).sum(),
                own,
                others,
                expired);
    }

    /// Where no other node can exist, what a former process held is free at once.
    private boolean isOver(Row slice, Instant now) {
        return !log.shared() || slice.number("expires_at") <= Times.micros(now);
    }

    /// Writes what this node holds now.
    ///
    /// @return whether it was written; if not, something has changed since the page was read
    boolean write(Page page, Slice own, Instant expires) {
        var key = page.entry();
        return written(
                page,
                page.closed(),
                new RowChange.Put(SLICE.row(Map.of(
                        "budget",
                        key.budget(),
                        "period",
                        key.period(),
                        "payers",
                        key.payers().text(),
                        "node",
                        node,
                        "granted",
                        own.granted(),
                        "spent",
                        own.spent(),
                        "expires_at",
                        Times.micros(expires)))));
    }

    /// Takes what this node holds out of the book, but for what it has used.
    boolean close(Page page) {
        return written(page, page.closed() + page.own().map(Held::spent).orElse(0L), removal(page.entry(), node));
    }

    private boolean written(Page page, long closed, RowChange own) {
        var entry = page.entry();
        var changes = new ArrayList<RowChange>();
        changes.add(new RowChange.Put(BUDGET.row(Map.of(
                "budget",
                entry.budget(),
                "period",
                entry.period(),
                "payers",
                entry.payers().text(),
                "version",
                page.version() == null ? 1 : page.version() + 1,
                "spent",
                closed))));
        page.expired().forEach(gone -> changes.add(removal(entry, gone.node())));
        changes.add(own);
        var outcome = log.feed()
                .append(new PartitionUnit(
                        log.partition(Tenant.CAIRN),
                        List.of(new PartitionUnit.Expectation(
                                Tenant.CAIRN, new RowExpectation.Cell(BUDGET, entry.key(), "version", page.version()))),
                        changes.stream()
                                .map(change -> new PartitionUnit.Change(Tenant.CAIRN, change))
                                .toList()));
        boolean written = outcome instanceof Appended.Written;
        if (written) {
            page.expired().stream()
                    .filter(gone -> gone.granted() > gone.spent())
                    .forEach(gone -> LOG.log(
                            System.Logger.Level.WARNING,
                            "Node {0} is gone; what it held of the budget {1} and had not told to have used is free"
                                    + " again",
                            gone.node(),
                            entry.budget()));
        }
        return written;
    }

    private static RowChange removal(Entry entry, String node) {
        return new RowChange.Remove(
                SLICE, SLICE.key(entry.budget(), entry.period(), entry.payers().text(), node));
    }

    StorageException contended(Entry entry) {
        return new StorageException(
                StorageException.Kind.BUSY,
                "What is left of the budget '%s' changed at each of many attempts to take some; try again"
                        .formatted(entry.budget()),
                new ConcurrentModificationException());
    }
}
