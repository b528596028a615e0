package io.cairn.refresh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RefreshBudgetTest {
    private static final BigDecimal PRICE = new BigDecimal("0.13");

    @Test
    void whatWouldCostMoreThanIsAllowedIsRefusedWithTheAmounts() {
        var budget = new RefreshBudget(PRICE, "EUR", Optional.of(new BigDecimal("0.5")), Optional.empty());
        assertThat(budget.refusal(3_000_000, 846_153)).isEmpty();
        assertThat(budget.refusal(3_000_000, 846_160))
                .hasValueSatisfying(why -> assertThat(why)
                        .contains("0.39 EUR", "0.110001", "cairn.models.refresh.cost-max allows 0.5", "resume"));
    }

    @Test
    void tokensAreBoundedWhereNothingHasAPrice() {
        var budget = new RefreshBudget(BigDecimal.ZERO, "USD", Optional.empty(), Optional.of(1_000L));
        assertThat(budget.refusal(900, 100)).isEmpty();
        assertThat(budget.refusal(900, 101))
                .hasValueSatisfying(
                        why -> assertThat(why).contains("900 tokens", "cairn.models.refresh.tokens-max allows 1000"));
    }

    @Test
    void whatHasNoLimitIsNeverRefused() {
        assertThat(RefreshBudget.unlimited().refusal(Long.MAX_VALUE / 2, 1)).isEmpty();
    }

    @Test
    void aLimitThatAllowsNothingIsNone() {
        assertThatThrownBy(() -> new RefreshBudget(PRICE, "EUR", Optional.of(BigDecimal.ZERO), Optional.empty()))
                .hasMessageContaining("more than 0");
        assertThatThrownBy(() -> new RefreshBudget(PRICE, "EUR", Optional.empty(), Optional.of(-1L)))
                .hasMessageContaining("-1");
    }
}
