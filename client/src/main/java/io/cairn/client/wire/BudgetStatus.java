package io.cairn.client.wire;

import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// How a budget does in its current period.
///
/// @param tenant whose calls count; absent for those of all
/// @param key the name of the API key whose calls count; absent for those of all
/// @param per `day`, `month` or `total`
/// @param unit `tokens`, or the currency
/// @param reserved by calls under way, and by nodes, which give back what they do not need
/// @param left of the limit when what was spent is taken off
/// @param renewsAt when the next period begins; absent for `total`
public record BudgetStatus(
        String name,
        @Nullable String tenant,
        @Nullable String key,
        String per,
        String unit,
        BigDecimal limit,
        BigDecimal spent,
        BigDecimal reserved,
        BigDecimal left,
        @Nullable Instant renewsAt) {}
