package io.cairn.ledger;

import io.cairn.model.ModelException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What this node may use of one budget in one period: a slice that it took from the [book][BudgetBook], so that most
/// calls ask no database.
///
/// What is reserved and what was used is never more than the slice; only a call that took more than it had reserved can
/// change that. The slice belongs to this node until a time which every look at the book puts off. After that others
/// may take it, so this node uses nothing of it then without looking first.
final class Allotment {
    /// A slice is so much of what is left: small enough that nodes find something until the end.
    private static final int SLICES = 16;

    private static final int ATTEMPTS_MAX = 50;

    /// For how long nobody asks the book again that has just refused.
    private static final Duration REFUSED_FOR = Duration.ofSeconds(1);

    /// When to ask again while calls may give back what they reserved.
    private static final Duration UNTIL_GIVEN_BACK = Duration.ofSeconds(2);

    private static final Duration IDLE = Duration.ofSeconds(10);

    private final Budget budget;
    private final BudgetBook.Entry entry;
    private final Instant began;
    private final BudgetBook book;
    private final ReentrantLock lock = new ReentrantLock();
    private Slice slice = Slice.NONE;
    private long reserved;
    private Instant usedAt;
    private boolean closed;
    private @Nullable Refused refused;

    private record Refused(long amount, Instant at, ModelException why) {}

    /// @param began a time within the period
    Allotment(Budget budget, BudgetBook.Entry entry, Instant began, BudgetBook book) {
        this.budget = budget;
        this.entry = entry;
        this.began = began;
        this.book = book;
        this.usedAt = began;
    }

    Budget budget() {
        return budget;
    }

    /// Reserves an amount.
    ///
    /// @return whether it did; if not, this one was given back, and another takes its place
    /// @throws ModelException if the budget does not have it
    boolean reserve(long amount, Instant now) {
        lock.lock();
        try {
            if (closed) {
                return false;
            }
            usedAt = now;
            if (!slice.has(reserved + amount, now)) {
                take(amount, now);
            }
            reserved += amount;
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void take(long amount, Instant now) {
        var before = refused;
        if (before != null
                && amount >= before.amount()
                && now.isBefore(before.at().plus(REFUSED_FOR))) {
            throw before.why();
        }
        change(now, page -> {
            long mine = slice.spent() + reserved + amount;
            long available = budget.limit() - page.takenByOthers();
            if (mine > available) {
                var why = refusal(page, amount, now);
                refused = new Refused(amount, now, why);
                throw why;
            }
            return write(page, slice.granted(mine + (available - mine) / SLICES), now);
        });
    }

    /// Looks at the book and writes to it, again each time that another node has changed the entry in between.
    ///
    /// @param writing writes, having seen this page, and says whether that was done
    private void change(Instant now, Predicate<BudgetBook.Page> writing) {
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            if (writing.test(look(now))) {
                return;
            }
        }
        throw book.contended(entry);
    }

    private BudgetBook.Page look(Instant now) {
        var page = book.read(entry, now);
        slice = page.own().map(own -> slice.granted(own.granted())).orElseGet(slice::lost);
        return page;
    }

    private boolean write(BudgetBook.Page page, Slice wanted, Instant now) {
        boolean written = book.write(page, wanted, now.plus(Slice.TIME));
        if (written) {
            slice = wanted.written(now);
        }
        return written;
    }

    private ModelException refusal(BudgetBook.Page page, long amount, Instant now) {
        if (page.spentByOthers() + slice.spent() + amount <= budget.limit()) {
            return ModelException.notAllowed(
                    ModelException.Kind.OVER_BUDGET,
                    "What is left of the budget '%s' is reserved by calls under way, or at hand of another node"
                            .formatted(budget.name()),
                    UNTIL_GIVEN_BACK);
        }
        var renews = budget.per().renews(began);
        return ModelException.notAllowed(
                ModelException.Kind.OVER_BUDGET,
                "What is left of the budget '%s' does not do for this call; it begins anew %s"
                        .formatted(
                                budget.name(), renews.map(end -> "at " + end).orElse("only if an operator raises it")),
                renews.map(end -> Duration.between(now, end)).orElse(null));
    }

    /// What was reserved is over, and so much was used.
    void settle(long reservedBefore, long used) {
        lock.lock();
        try {
            reserved -= reservedBefore;
            slice = slice.spending(used);
            refused = null;
        } finally {
            lock.unlock();
        }
    }

    /// Writes to the book what was used, and gives back what nobody needs here.
    ///
    /// @return whether nothing is left to do for it
    boolean step(Instant now, boolean stopping) {
        lock.lock();
        try {
            boolean idle = stopping
                    || now.isAfter(usedAt.plus(IDLE))
                    || !entry.period().equals(budget.per().at(now));
            if (slice.isDue(now) || (idle && slice.granted() > slice.spent() + reserved)) {
                tell(idle, now);
            }
            if (idle && reserved == 0) {
                giveBack(now);
                closed = true;
            }
            return closed;
        } finally {
            lock.unlock();
        }
    }

    private void tell(boolean idle, Instant now) {
        change(now, page -> {
            long needed = slice.spent() + reserved;
            return write(page, slice.granted(idle ? needed : Math.max(needed, slice.granted())), now);
        });
    }

    /// All usage is already written, so it does no harm if this commit's outcome is unknown.
    private void giveBack(Instant now) {
        change(now, page -> page.own().isEmpty() || book.close(page));
        slice = slice.lost();
    }
}
