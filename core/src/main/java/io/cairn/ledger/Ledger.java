package io.cairn.ledger;

import io.cairn.event.EventLog;
import io.cairn.event.StorageException;
import io.cairn.feature.Feature;
import io.cairn.guard.Loop;
import io.cairn.guard.Retry;
import io.cairn.model.Charge;
import io.cairn.model.ModelException;
import io.cairn.model.Payer;
import io.cairn.model.Spending;
import io.cairn.model.Usage;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Keeps account of what models cost, and holds callers to budgets and rates.
///
/// A call reserves its worst case of each budget that covers it, and is settled once. Both happen in memory, of what
/// this node has [at hand][Allotment]. What was used is written every second, and when the node stops; a node
/// that is killed loses what it used since it last wrote, and the calls that were under way.
public final class Ledger implements Spending, AutoCloseable {
    static final Duration WRITE_EVERY = Duration.ofSeconds(1);

    private static final System.Logger LOG = System.getLogger(Ledger.class.getName());

    private final EventLog log;
    private final Terms terms;
    private final InstantSource clock;
    private final LedgerMeter meter;
    private final Retry retry;
    private final Rates rates;
    private final UsageBook usage;
    private final BudgetBook budgets;
    private final Map<BudgetBook.Entry, Allotment> allotments = new ConcurrentHashMap<>();
    private @Nullable Loop loop;

    /// What a call has reserved of one budget.
    private record Reserved(Allotment allotment, long amount) {}

    /// @param node the name of this process; a process that starts anew has another name
    /// @param nanos tells time, as `System::nanoTime` does
    /// @param retry for the last writing, when the node stops
    public Ledger(
            EventLog log,
            String node,
            Terms terms,
            InstantSource clock,
            LongSupplier nanos,
            LedgerMeter meter,
            Retry retry) {
        this.log = log;
        this.terms = terms;
        this.clock = clock;
        this.meter = meter;
        this.retry = retry;
        this.rates = new Rates(terms.rates(), nanos, meter);
        this.usage = new UsageBook(log, node);
        this.budgets = new BudgetBook(log, node);
    }

    public static Feature feature() {
        return Feature.named("ledger").tables(LedgerTables.ALL);
    }

    /// Writes what was used, every second from now on.
    public Ledger start() {
        loop = Loop.start("cairn-ledger", WRITE_EVERY, new Writing(this));
        return this;
    }

    /// What was written so far, by this node and by others.
    public LedgerReport report() {
        return new LedgerReport(log, terms, clock, budgets);
    }

    @Override
    public Charge reserve(Payer payer, String model, Usage most) {
        return reserve(payer, model, most, rates.take(payer, most.tokens()));
    }

    @Override
    public Spending request(Payer payer) {
        rates.take(payer, 1, 0);
        return new Spending() {
            @Override
            public Charge reserve(Payer same, String model, Usage most) {
                return Ledger.this.reserve(same, model, most, rates.take(same, 0, most.tokens()));
            }

            @Override
            public void saved(Payer same, String model, long texts, long tokens) {
                Ledger.this.saved(same, model, texts, tokens);
            }
        };
    }

    private Charge reserve(Payer payer, String model, Usage most, Rates.Pass pass) {
        var price = terms.price(model);
        var reserved = new ArrayList<Reserved>();
        boolean done = false;
        try {
            for (var budget : terms.budgets()) {
                if (budget.payers().covers(payer)) {
                    long amount = switch (budget.unit()) {
                        case MONEY -> price.most(most);
                        case TOKENS -> most.tokens();
                    };
                    reserved.add(new Reserved(reserved(budget, payer, amount), amount));
                }
            }
            done = true;
            return new Entry(payer, model, price, pass, reserved);
        } finally {
            if (!done) {
                reserved.forEach(each -> each.allotment().settle(each.amount(), 0));
                pass.giveBack();
            }
        }
    }

    private Allotment reserved(Budget budget, Payer payer, long amount) {
        var payers = budget.payers().of(payer);
        while (true) {
            var now = clock.instant();
            var entry = new BudgetBook.Entry(budget.name(), budget.per().at(now), payers);
            var allotment = allotments.computeIfAbsent(entry, first -> new Allotment(budget, entry, now, budgets));
            try {
                if (allotment.reserve(amount, now)) {
                    return allotment;
                }
            } catch (ModelException e) {
                meter.refused(budget.name());
                throw e;
            }
            allotments.remove(entry, allotment);
        }
    }

    @Override
    public void saved(Payer payer, String model, long texts, long tokens) {
        usage.add(payer.tenant(), today(), payer.key(), model, Used.saved(texts, tokens));
        meter.saved(model, tokens);
    }

    private LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    }

    /// Writes what was used, and gives back what nobody needs here.
    ///
    /// @throws StorageException if not all of it could be written; what could not be is kept
    public void step() {
        step(clock.instant(), false);
    }

    private void step(Instant now, boolean stopping) {
        rates.dropFull();
        var failures = new ArrayList<RuntimeException>();
        attempt(failures, () -> usage.step(today()));
        allotments.forEach((entry, allotment) -> attempt(failures, () -> {
            if (allotment.step(now, stopping)) {
                allotments.remove(entry, allotment);
            }
        }));
        if (!failures.isEmpty()) {
            var first = failures.removeFirst();
            failures.forEach(first::addSuppressed);
            throw first;
        }
    }

    private static void attempt(List<RuntimeException> failures, Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            failures.add(e);
        }
    }

    /// Writes the rest, and gives back what this node has at hand.
    @Override
    public void close() {
        if (loop != null) {
            loop.close();
        }
        try {
            retry.of(() -> {
                step(clock.instant(), true);
                return true;
            });
        } catch (RuntimeException e) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "What models were used for in the last seconds could not be written, and is lost",
                    e);
        }
    }

    /// What one call takes.
    private final class Entry implements Charge {
        private final Payer payer;
        private final String model;
        private final Price price;
        private final Rates.Pass pass;
        private final List<Reserved> reserved;
        private final AtomicBoolean over = new AtomicBoolean();

        Entry(Payer payer, String model, Price price, Rates.Pass pass, List<Reserved> reserved) {
            this.payer = payer;
            this.model = model;
            this.price = price;
            this.pass = pass;
            this.reserved = reserved;
        }

        @Override
        public void settle(Usage used) {
            if (over.compareAndSet(false, true)) {
                var call = Used.call(used, price.cost(used));
                usage.add(payer.tenant(), today(), payer.key(), model, call);
                for (var each : reserved) {
                    each.allotment()
                            .settle(
                                    each.amount(),
                                    switch (each.allotment().budget().unit()) {
                                        case MONEY -> call.cost();
                                        case TOKENS -> used.tokens();
                                    });
                }
                pass.settle(used.tokens());
                meter.settled(model, call);
            }
        }

        @Override
        public boolean isBudgeted() {
            return !reserved.isEmpty();
        }

        @Override
        public void release() {
            if (over.compareAndSet(false, true)) {
                reserved.forEach(each -> each.allotment().settle(each.amount(), 0));
                pass.settle(0);
            }
        }
    }
}
