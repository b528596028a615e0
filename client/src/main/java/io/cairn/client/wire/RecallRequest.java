package io.cairn.client.wire;

import org.jspecify.annotations.Nullable;

/// The body of `POST /v1/recall`: one question over everything that the tenant holds.
///
/// `threshold` cuts by relevance, which is comparable between questions, while a hit's score only orders.
/// `min_position` waits until everything up to that position can be found.
public record RecallRequest(
        String query,
        @Nullable Integer limit,
        @Nullable Double threshold,
        @Nullable RecallFilters filters,
        @Nullable String minPosition,
        @Nullable Boolean explain) {
    public static RecallRequest of(String query) {
        return new RecallRequest(query, null, null, null, null, null);
    }

    public RecallRequest withLimit(int newLimit) {
        return new RecallRequest(query, newLimit, threshold, filters, minPosition, explain);
    }

    public RecallRequest withThreshold(double newThreshold) {
        return new RecallRequest(query, limit, newThreshold, filters, minPosition, explain);
    }

    public RecallRequest withFilters(RecallFilters newFilters) {
        return new RecallRequest(query, limit, threshold, newFilters, minPosition, explain);
    }

    public RecallRequest withMinPosition(String newMinPosition) {
        return new RecallRequest(query, limit, threshold, filters, newMinPosition, explain);
    }

    public RecallRequest explained() {
        return new RecallRequest(query, limit, threshold, filters, minPosition, true);
    }
}
