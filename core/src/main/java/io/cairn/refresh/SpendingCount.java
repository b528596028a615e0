package io.cairn.refresh;

import io.cairn.model.Charge;
import io.cairn.model.ModelException;
import io.cairn.model.Payer;
import io.cairn.model.Spending;
import io.cairn.model.Usage;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/// Counts the tokens that Cairn itself lets models read, on this node and since it started.
///
/// A model that is only to take over is asked by nobody but the change, so that this is what the change takes.
public final class SpendingCount {
    private final Map<String, LongAdder> tokens = new ConcurrentHashMap<>();

    /// The account that is kept anyway, counted as well.
    public Spending of(Spending account) {
        return new Spending() {
            @Override
            public Charge reserve(Payer payer, String model, Usage most) throws ModelException {
                var charge = account.reserve(payer, model, most);
                return payer.equals(Payer.cairn(payer.tenant())) ? counted(model, charge) : charge;
            }

            @Override
            public Spending request(Payer payer) throws ModelException {
                return of(account.request(payer));
            }

            @Override
            public void saved(Payer payer, String model, long texts, long saved) {
                account.saved(payer, model, texts, saved);
            }
        };
    }

    private Charge counted(String model, Charge charge) {
        var open = new AtomicBoolean(true);
        return new Charge() {
            @Override
            public void settle(Usage used) {
                if (open.getAndSet(false)) {
                    tokens.computeIfAbsent(model, of -> new LongAdder()).add(used.tokens());
                }
                charge.settle(used);
            }

            @Override
            public boolean isBudgeted() {
                return charge.isBudgeted();
            }

            @Override
            public void release() {
                open.set(false);
                charge.release();
            }
        };
    }

    /// What a model has read so far.
    long tokens(String model) {
        var counted = tokens.get(model);
        return counted == null ? 0 : counted.sum();
    }
}
