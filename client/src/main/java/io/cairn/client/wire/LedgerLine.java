package io.cairn.client.wire;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/// What models were used for. What lines are not told apart by is absent.
///
/// @param day by UTC, such as `2026-11-30`
/// @param key the name of an API key; `cairn` for what Cairn embeds by itself
/// @param estimatedCalls those whose tokens Cairn estimated
/// @param cachedTokens those of the input that the provider had at hand
/// @param savedTexts that needed no call, since their vectors were known
/// @param savedTokens that these would have taken, as an estimate
public record LedgerLine(
        @Nullable String day,
        @Nullable String key,
        @Nullable String model,
        long calls,
        long estimatedCalls,
        long inputTokens,
        long cachedTokens,
        long outputTokens,
        BigDecimal cost,
        String currency,
        long savedTexts,
        long savedTokens) {}
