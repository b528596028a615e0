package io.cairn.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.event.LogPlace;
import io.cairn.model.Charge;
import io.cairn.model.ModelException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/// What the ledger promises besides where several nodes share a log.
public abstract class SharedLedgerContract extends LedgerContract {
    protected SharedLedgerContract(LogPlace place) {
        super(place);
    }

    @Test
    void nodesThatShareABudgetUseAllOfItAndNoMore() throws Exception {
        var budget = forCalls(100, Period.MONTH);
        var nodes = List.of(node(budget), node(budget), node(budget));
        var made = new ConcurrentLinkedQueue<Charge>();
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 400; i++) {
                var node = nodes.get(i % nodes.size());
                callers.execute(() -> {
                    try {
                        var charge = reserve(node);
                        charge.settle(THOUSANDS);
                        made.add(charge);
                    } catch (ModelException refused) {
                        assertThat(refused.kind()).isEqualTo(ModelException.Kind.OVER_BUDGET);
                    }
                });
            }
        }
        nodes.forEach(Ledger::step);
        assertThat(made.size()).isBetween(1, 100);

        // What one node has at hand and does not need comes back when it is idle.
        clock.pass(Slice.TIME.dividedBy(4));
        nodes.forEach(Ledger::step);
        int rest = 100 - made.size();
        for (int i = 0; i < rest; i++) {
            call(nodes.getFirst());
        }
        nodes.forEach(Ledger::step);
        assertThat(refusal(nodes.getLast())).hasMessageContaining("does not do for this call");
        assertThat(spent(nodes.get(1))).isEqualByComparingTo("0.3");
        assertThat(used(nodes.get(1)).calls()).isEqualTo(100);
    }

    @Test
    void aRefusalSaysToComeBackSoonWhileAnotherNodeHoldsWhatIsLeft() {
        var budget = forCalls(10, Period.MONTH);
        var busy = node(budget);
        var held = new ArrayList<Charge>();
        for (int i = 0; i < 10; i++) {
            held.add(reserve(busy));
        }
        var other = node(budget);
        assertThat(refusal(other)).hasMessageContaining("reserved by calls under way");
        held.forEach(Charge::release);
        clock.pass(Slice.TIME.dividedBy(4));
        busy.step();
        call(other);
    }

    @Test
    void aNodeThatWasTakenForDeadUsesNothingThatOthersHaveBySince() {
        var budget = forCalls(10, Period.MONTH);
        var paused = node(budget);
        var underWay = reserve(paused);
        call(paused);
        var other = node(budget);
        clock.pass(Slice.TIME.plusSeconds(1));
        for (int i = 0; i < 8; i++) {
            call(other);
        }
        underWay.settle(THOUSANDS);
        // The other one could not know of two of the ten.
        assertThat(refusal(paused)).isNotNull();
        paused.step();
        assertThat(refusal(other)).isNotNull();
        other.step();
        assertThat(spent(paused)).isEqualByComparingTo("0.03");
        assertThat(used(paused).calls()).isEqualTo(10);
    }
}
