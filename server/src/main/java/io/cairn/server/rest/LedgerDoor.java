package io.cairn.server.rest;

import io.cairn.client.wire.BudgetStatus;
import io.cairn.client.wire.LedgerLine;
import io.cairn.client.wire.Page;
import io.cairn.ledger.Budget;
import io.cairn.ledger.LedgerReport;
import io.cairn.ledger.Money;
import io.cairn.server.http.Call;
import io.cairn.server.http.Field;
import io.cairn.server.http.Paging;
import io.cairn.server.security.Granted;
import jakarta.servlet.http.HttpServletRequest;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// What models were used for, and what is left of budgets.
@RestController
@RequestMapping("/v1/ledger")
final class LedgerDoor {
    private static final String TOGETHER = "all";

    private final LedgerReport report;
    private final InstantSource clock;

    LedgerDoor(LedgerReport report, InstantSource clock) {
        this.report = report;
        this.clock = clock;
    }

    /// In the order of days, keys and models.
    @GetMapping
    Page<LedgerLine> list(
            Call call,
            @RequestParam(required = false) @Nullable String from,
            @RequestParam(required = false) @Nullable String to,
            @RequestParam(required = false) @Nullable String key,
            @RequestParam(required = false) @Nullable String model,
            @RequestParam(required = false) @Nullable String by,
            @RequestParam(required = false) @Nullable String after,
            @RequestParam(required = false) @Nullable String limit) {
        var paging = Paging.of(limit);
        long first = Paging.numberAfter(after);
        var today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        var last = Optional.ofNullable(day("to", to)).orElse(today);
        var begin = Optional.ofNullable(day("from", from)).orElse(last.withDayOfMonth(1));
        var filter = Field.of("from").built(from, () -> new LedgerReport.Filter(begin, last, key, model));
        var lines = report.lines(call.tenant(), filter, by(by)).stream()
                .skip(first)
                .limit(paging.oneMore())
                .toList();
        return paging.page(lines, this::wire, line -> Long.toString(first + paging.limit()));
    }

    /// Those that count for other tenants, too, are shown to a key that is valid for all of them.
    @GetMapping("/budgets")
    Page<BudgetStatus> budgets(Call call, HttpServletRequest request) {
        var statuses = report.budgets(call.tenant(), Granted.everyTenant(request));
        return new Page<>(statuses.stream().map(this::wire).toList(), null);
    }

    private static @Nullable LocalDate day(String name, @Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            var day = LocalDate.parse(text);
            if (day.getYear() >= 1970 && day.getYear() <= 9999) {
                return day;
            }
        } catch (DateTimeException notADay) {
            // As one out of range.
        }
        throw Field.of(name).invalid("'" + Field.shown(text) + "'", "a day such as 2026-11-30");
    }

    private static Set<LedgerReport.By> by(@Nullable String by) {
        if (by == null) {
            return EnumSet.allOf(LedgerReport.By.class);
        }
        var wanted = EnumSet.noneOf(LedgerReport.By.class);
        if (!by.equals(TOGETHER)) {
            for (var word : by.split(",", -1)) {
                wanted.add(
                        switch (word) {
                            case "day" -> LedgerReport.By.DAY;
                            case "key" -> LedgerReport.By.KEY;
                            case "model" -> LedgerReport.By.MODEL;
                            default ->
                                throw Field.of("by")
                                        .invalid(
                                                "'" + Field.shown(by) + "'",
                                                "all, or some of day,key,model with commas");
                        });
            }
        }
        return wanted;
    }

    private LedgerLine wire(LedgerReport.Line line) {
        var used = line.used();
        return new LedgerLine(
                line.day() == null ? null : line.day().toString(),
                line.key(),
                line.model(),
                used.calls(),
                used.estimated(),
                used.input(),
                used.cached(),
                used.output(),
                plain(Money.of(used.cost())),
                report.terms().currency(),
                used.savedTexts(),
                used.savedTokens());
    }

    private BudgetStatus wire(LedgerReport.Status status) {
        var budget = status.budget();
        return new BudgetStatus(
                budget.name(),
                named(status.payers().tenant()),
                named(status.payers().key()),
                budget.per().name().toLowerCase(Locale.ROOT),
                switch (budget.unit()) {
                    case MONEY -> report.terms().currency();
                    case TOKENS -> "tokens";
                },
                amount(budget, budget.limit()),
                amount(budget, status.spent()),
                amount(budget, status.reserved()),
                amount(budget, status.left()),
                status.renews().orElse(null));
    }

    private static @Nullable String named(String name) {
        return name.isEmpty() ? null : name;
    }

    private static BigDecimal amount(Budget budget, long amount) {
        return switch (budget.unit()) {
            case MONEY -> plain(Money.of(amount));
            case TOKENS -> BigDecimal.valueOf(amount);
        };
    }

    /// Without zeros at the end, and without an exponent.
    private static BigDecimal plain(BigDecimal amount) {
        var stripped = amount.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }
}
