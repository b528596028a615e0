package io.cairn.client;

import io.cairn.client.wire.BudgetStatus;
import io.cairn.client.wire.LedgerLine;
import io.cairn.client.wire.Page;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What models were used for, and what is left of budgets.
public final class Ledger {
    private final Transport transport;

    Ledger(Transport transport) {
        this.transport = transport;
    }

    /// What is wanted of the ledger.
    ///
    /// @param from the first day, by UTC; null for the first of this month
    /// @param to the last day; null for today
    /// @param key the name of an API key; null for all
    /// @param model null for all
    /// @param by what lines are told apart by: some of `day`, `key` and `model`; none of them makes one line
    public record Query(
            @Nullable LocalDate from,
            @Nullable LocalDate to,
            @Nullable String key,
            @Nullable String model,
            List<String> by) {
        public Query {
            by = List.copyOf(by);
        }

        /// This month, by day, key and model.
        public static Query thisMonth() {
            return new Query(null, null, null, null, List.of("day", "key", "model"));
        }
    }

    /// In the order of days, keys and models.
    public Page<LedgerLine> lines(Query query, @Nullable String after, @Nullable Integer limit) {
        Address address = Address.of("ledger")
                .with("from", query.from())
                .with("to", query.to())
                .with("key", query.key())
                .with("model", query.model())
                .with("by", query.by().isEmpty() ? "all" : String.join(",", query.by()))
                .with("after", after)
                .with("limit", limit);
        return transport.page(Call.get(address), LedgerLine.class);
    }

    /// All of them, read page by page.
    public Stream<LedgerLine> lines(Query query) {
        return Pages.all(after -> lines(query, after, null));
    }

    /// The budgets that hold for the tenant.
    public List<BudgetStatus> budgets() {
        return transport
                .page(Call.get(Address.of("ledger", "budgets")), BudgetStatus.class)
                .items();
    }
}
