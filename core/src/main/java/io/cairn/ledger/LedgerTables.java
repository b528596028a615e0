package io.cairn.ledger;

import static io.cairn.row.Table.Column.number;
import static io.cairn.row.Table.Column.text;

import io.cairn.row.Table;
import io.cairn.row.Table.Kind;
import java.util.List;

/// The tables of the ledger. None of them follows from the log, so an export and a copy carry them.
final class LedgerTables {
    /// What was used on a day, as far as one node knows: each writes its own rows, as sums, so that writing twice does
    /// no harm.
    static final Table USAGE = new Table(
            "model_usage",
            Kind.STATE,
            List.of(number("day"), text("payer"), text("model"), text("node")),
            List.of(
                    number("calls"),
                    number("estimated"),
                    number("input"),
                    number("cached"),
                    number("output"),
                    number("cost"),
                    number("saved_texts"),
                    number("saved_tokens")));

    /// What was used of a budget in a period, without what nodes have at hand. Its version changes with each change of
    /// who holds what, so that nodes agree.
    static final Table BUDGET = new Table(
            "model_budget",
            Kind.STATE,
            List.of(text("budget"), text("period"), text("payers")),
            List.of(number("version"), number("spent")));

    /// What a node has at hand of a budget: how much it may use, and what it has used of it.
    static final Table SLICE = new Table(
            "model_budget_slice",
            Kind.STATE,
            List.of(text("budget"), text("period"), text("payers"), text("node")),
            List.of(number("granted"), number("spent"), number("expires_at")));

    static final List<Table> ALL = List.of(USAGE, BUDGET, SLICE);

    private LedgerTables() {}
}
