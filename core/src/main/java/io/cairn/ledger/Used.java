package io.cairn.ledger;

import io.cairn.model.Usage;
import io.cairn.row.Row;
import java.util.Map;

/// What was used of a model.
///
/// @param calls of the provider
/// @param estimated those of them whose tokens Cairn estimated, since they were broken off or the provider did not tell
/// @param input tokens that were read
/// @param cached those of them that the provider had at hand
/// @param output tokens that were written
/// @param cost in billionths of the currency
/// @param savedTexts that needed no call, since their vectors were known
/// @param savedTokens that these would have taken, as an estimate
public record Used(
        long calls,
        long estimated,
        long input,
        long cached,
        long output,
        long cost,
        long savedTexts,
        long savedTokens) {
    public static final Used NOTHING = new Used(0, 0, 0, 0, 0, 0, 0, 0);

    static Used call(Usage usage, long cost) {
        return new Used(1, usage.estimated() ? 1 : 0, usage.input(), usage.cached(), usage.output(), cost, 0, 0);
    }

    static Used saved(long texts, long tokens) {
        return new Used(0, 0, 0, 0, 0, 0, texts, tokens);
    }

    static Used of(Row row) {
        return new Used(
                row.number("calls"),
                row.number("estimated"),
                row.number("input"),
                row.number("cached"),
                row.number("output"),
                row.number("cost"),
                row.number("saved_texts"),
                row.number("saved_tokens"));
    }

    Map<String, Long> cells() {
        return Map.of(
                "calls",
                calls,
                "estimated",
                estimated,
                "input",
                input,
                "cached",
                cached,
                "output",
                output,
                "cost",
                cost,
                "saved_texts",
                savedTexts,
                "saved_tokens",
                savedTokens);
    }

    public Used plus(Used more) {
        return new Used(
                calls + more.calls,
                estimated + more.estimated,
                input + more.input,
                cached + more.cached,
                output + more.output,
                cost + more.cost,
                savedTexts + more.savedTexts,
                savedTokens + more.savedTokens);
    }
}
