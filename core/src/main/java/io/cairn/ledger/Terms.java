package io.cairn.ledger;

import java.util.List;
import java.util.Map;

/// What models cost, and how much of them may be used.
///
/// @param currency as a plain word, of all prices and budgets
/// @param prices by the name of the model; one that has none costs nothing
public record Terms(String currency, Map<String, Price> prices, List<Budget> budgets, List<RateLimit> rates) {
    public Terms {
        prices = Map.copyOf(prices);
        budgets = List.copyOf(budgets);
        rates = List.copyOf(rates);
    }

    Price price(String model) {
        return prices.getOrDefault(model, Price.NOTHING);
    }
}
