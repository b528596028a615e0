package io.cairn.server.wiring;

import io.cairn.ledger.Budget;
import io.cairn.ledger.Money;
import io.cairn.ledger.Payers;
import io.cairn.ledger.Period;
import io.cairn.ledger.Price;
import io.cairn.ledger.RateLimit;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// What models cost, and how much of them may be used: what `cairn.models` holds of it.
public final class LedgerSettings {
    private LedgerSettings() {}

    /// What a million tokens of a model cost.
    ///
    /// @param cachedInput of the input that the provider had at hand; as much as other input, if it is not set
    public record PriceSettings(
            @DefaultValue("0") BigDecimal input,
            @Nullable BigDecimal cachedInput,
            @DefaultValue("0") BigDecimal output) {
        Price price(String model) {
            return checked(
                    "cairn.models.prices." + model,
                    () -> new Price(input, Optional.ofNullable(cachedInput).orElse(input), output));
        }
    }

    /// How much may be used in a period.
    ///
    /// @param tenant whose calls count; `*` for each tenant by itself; all together if it is not set
    /// @param key the name of an API key, likewise
    /// @param money in place of `tokens`
    public record BudgetSettings(
            @DefaultValue("") String tenant,
            @DefaultValue("") String key,
            Period per,
            @Nullable BigDecimal money,
            @Nullable Long tokens) {
        Budget budget(String name) {
            return checked("cairn.models.budgets." + name, () -> of(name));
        }

        private Budget of(String name) {
            var payers = new Payers(tenant, key);
            if (money != null && tokens == null) {
                return new Budget(name, payers, per, Budget.Unit.MONEY, Money.billionths(money));
            }
            if (tokens != null && money == null) {
                return new Budget(name, payers, per, Budget.Unit.TOKENS, tokens);
            }
            throw new IllegalArgumentException("A budget has money or tokens, and not both");
        }
    }

    /// How fast may be asked, on each node.
    ///
    /// @param requests in a minute; 0 for any number
    /// @param tokens in a minute; 0 for any number
    public record RateSettings(
            @DefaultValue("") String tenant,
            @DefaultValue("") String key,
            @DefaultValue("0") long requests,
            @DefaultValue("0") long tokens) {
        RateLimit rate(String name) {
            return checked(
                    "cairn.models.rates." + name, () -> new RateLimit(name, new Payers(tenant, key), requests, tokens));
        }
    }

    private static <T> T checked(String key, Supplier<T> value) {
        try {
            return value.get();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("%s: %s".formatted(key, e.getMessage()), e);
        }
    }
}
