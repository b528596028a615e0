package io.cairn.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cairn.model.ModelException;
import io.cairn.model.Payer;
import io.cairn.tenant.Tenant;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RatesTest {
    private static final Payer WEB = new Payer(new Tenant("acme"), "web");

    private long nanos;
    private final Rates rates =
            new Rates(List.of(new RateLimit("each", new Payers("*", ""), 2, 1000)), () -> nanos, new LedgerMeter() {
                @Override
                public void settled(String model, Used used) {}

                @Override
                public void saved(String model, long tokens) {}

                @Override
                public void refused(String limit) {}
            });

    @Test
    void aRateIsKeptOnlyUntilItIsFullAgain() {
        for (int tenant = 0; tenant < 500; tenant++) {
            rates.take(new Payer(new Tenant("t" + tenant), "web"), 400);
        }
        pass(Duration.ofSeconds(20));
        rates.dropFull();
        assertThat(rates.kept()).isEqualTo(1000);

        pass(Duration.ofSeconds(11));
        rates.dropFull();
        assertThat(rates.kept()).isZero();
    }

    @Test
    void aCallThatTookMoreThanItSaidIsFeltThoughItsRateWasDroppedMeanwhile() {
        var slow = rates.take(WEB, 400);
        pass(Duration.ofMinutes(5));
        rates.dropFull();

        slow.settle(1300);

        assertThatThrownBy(() -> rates.take(WEB, 400))
                .isInstanceOfSatisfying(
                        ModelException.class,
                        why -> assertThat(why.retryAfter()).contains(Duration.ofSeconds(18)));
    }

    @Test
    void whatIsGivenBackToARateThatWasDroppedMakesNoMoreOfIt() {
        var unmade = rates.take(WEB, 400);
        pass(Duration.ofMinutes(5));
        rates.dropFull();

        unmade.giveBack();
        rates.take(WEB, 1000);

        assertThatThrownBy(() -> rates.take(WEB, 100)).hasMessageContaining("1000 tokens in a minute");
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
    }
}
