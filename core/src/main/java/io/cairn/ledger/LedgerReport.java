package io.cairn.ledger;

import static io.cairn.ledger.LedgerTables.USAGE;

import io.cairn.event.EventLog;
import io.cairn.row.RowKey;
import io.cairn.tenant.Tenant;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What models were used for, and what is left of budgets, as it was last written by each node.
public final class LedgerReport {
    public static final int DAYS_MAX = 366;

    private static final int DAYS_AT_ONCE = 100;

    private final EventLog log;
    private final Terms terms;
    private final InstantSource clock;
    private final BudgetBook budgets;

    LedgerReport(EventLog log, Terms terms, InstantSource clock, BudgetBook budgets) {
        this.log = log;
        this.terms = terms;
        this.clock = clock;
        this.budgets = budgets;
    }

    public Terms terms() {
        return terms;
    }

    /// What lines are told apart by.
    public enum By {
        DAY,
        KEY,
        MODEL
    }

    /// What is wanted.
    ///
    /// @param to the last day
    /// @param key the name of an API key; null for all
    /// @param model null for all
    public record Filter(
            LocalDate from,
            LocalDate to,
            @Nullable String key,
            @Nullable String model) {
        public Filter {
            if (to.isBefore(from) || from.plusDays(DAYS_MAX).isBefore(to)) {
                throw new IllegalArgumentException("1 to %d days".formatted(DAYS_MAX));
            }
        }

        private boolean admits(Line line) {
            return (key == null || key.equals(line.key())) && (model == null || model.equals(line.model()));
        }
    }

    /// What was used. What lines are not told apart by is null.
    public record Line(
            @Nullable LocalDate day,
            @Nullable String key,
            @Nullable String model,
            Used used) {
        private Line by(Set<By> wanted) {
            return new Line(
                    wanted.contains(By.DAY) ? day : null,
                    wanted.contains(By.KEY) ? key : null,
                    wanted.contains(By.MODEL) ? model : null,
                    used);
        }

        private Line without() {
            return new Line(day, key, model, Used.NOTHING);
        }
    }

    /// How a budget does.
    ///
    /// @param payers whose calls count
    /// @param spent by settled calls
    /// @param reserved by calls under way and by nodes, which give back what they do not need
    public record Status(Budget budget, Payers payers, long spent, long reserved, Optional<Instant> renews) {
        /// Not below 0, though calls may have taken more than was expected of them.
        public long left() {
            return Math.max(0, budget.limit() - spent);
        }
    }

    /// What was used of a tenant's, in the order of days, keys and models.
    public List<Line> lines(Tenant tenant, Filter filter, Set<By> by) {
        var sums = new HashMap<Line, Used>();
        for (var day = filter.from(); !day.isAfter(filter.to()); day = day.plusDays(DAYS_AT_ONCE)) {
            var last = day.plusDays(DAYS_AT_ONCE).isAfter(filter.to().plusDays(1))
                    ? filter.to().plusDays(1)
                    : day.plusDays(DAYS_AT_ONCE);
            days(tenant, day.datesUntil(last))
                    .filter(filter::admits)
                    .map(line -> line.by(by))
                    .forEach(line -> sums.merge(line.without(), line.used(), Used::plus));
        }
        return sums.entrySet().stream()
                .map(sum -> new Line(
                        sum.getKey().day(), sum.getKey().key(), sum.getKey().model(), sum.getValue()))
                .sorted(Comparator.comparing((Line line) -> String.valueOf(line.day()))
                        .thenComparing(line -> String.valueOf(line.key()))
                        .thenComparing(line -> String.valueOf(line.model())))
                .toList();
    }

    private Stream<Line> days(Tenant tenant, Stream<LocalDate> days) {
        List<RowKey> prefixes = days.map(day -> USAGE.key(day.toEpochDay())).toList();
        return log.read(tenant, view -> view.rows(USAGE, prefixes)).stream()
                .map(row -> new Line(
                        LocalDate.ofEpochDay(row.number("day")), row.text("payer"), row.text("model"), Used.of(row)));
    }

    /// The budgets that hold for a tenant. Of those for each tenant or key there are only those that were used.
    ///
    /// @param all also those that other tenants' calls count for
    public List<Status> budgets(Tenant tenant, boolean all) {
        return statuses(
                budget -> all ? budget.payers().isOf(tenant) : budget.payers().isOnlyOf(tenant),
                payers -> all ? payers.isOf(tenant) : payers.isOnlyOf(tenant));
    }

    /// What is left of each budget that is not for each tenant or key by itself, by its name.
    public Map<String, Long> left() {
        return statuses(budget -> !budget.payers().isEach(), payers -> true).stream()
                .collect(Collectors.toMap(status -> status.budget().name(), Status::left));
    }

    private List<Status> statuses(Predicate<Budget> wanted, Predicate<Payers> of) {
        var now = clock.instant();
        var all = terms.budgets().stream().filter(wanted).toList();
        var pages = budgets.readAll(all, now).stream()
                .filter(page -> of.test(page.entry().payers()))
                .collect(Collectors.groupingBy(page -> page.entry().budget()));
        return all.stream()
                .flatMap(budget -> statuses(budget, pages.getOrDefault(budget.name(), List.of()), now))
                .toList();
    }

    private static Stream<Status> statuses(Budget budget, List<BudgetBook.Page> pages, Instant now) {
        if (budget.payers().isEach()) {
            return pages.stream().map(page -> status(budget, page.entry().payers(), page.spent(), page.taken(), now));
        }
        return Stream.of(pages.stream()
                .filter(page -> page.entry().payers().equals(budget.payers()))
                .findFirst()
                .map(page -> status(budget, budget.payers(), page.spent(), page.taken(), now))
                .orElseGet(() -> status(budget, budget.payers(), 0, 0, now)));
    }

    private static Status status(Budget budget, Payers payers, long spent, long taken, Instant now) {
        return new Status(budget, payers, spent, taken - spent, budget.per().renews(now));
    }
}
