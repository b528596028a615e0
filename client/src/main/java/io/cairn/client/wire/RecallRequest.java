package io.cairn.client.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The body of `POST /v1/recall`: one question over everything that the tenant holds.
///
/// `threshold` cuts by relevance, which is comparable between questions, while a hit's score only orders.
/// `group_by` asks for the best hit only of each `message`, `session`, `chunk`, `section` or `document`.
/// `min_position` waits until everything up to that position can be found.
public record RecallRequest(
        String query,
        @Nullable Integer limit,
        @Nullable Double threshold,
        @Nullable RecallFilters filters,
        @Nullable String minPosition,
        @Nullable Boolean explain,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> groupBy) {
    public RecallRequest {
        groupBy = Copy.of(groupBy);
    }

    public static RecallRequest of(String query) {
        return new RecallRequest(query, null, null, null, null, null, List.of());
    }

    public RecallRequest withLimit(int newLimit) {
        return new RecallRequest(query, newLimit, threshold, filters, minPosition, explain, groupBy);
    }

    public RecallRequest withThreshold(double newThreshold) {
        return new RecallRequest(query, limit, newThreshold, filters, minPosition, explain, groupBy);
    }

    public RecallRequest withFilters(RecallFilters newFilters) {
        return new RecallRequest(query, limit, threshold, newFilters, minPosition, explain, groupBy);
    }

    public RecallRequest withMinPosition(String newMinPosition) {
        return new RecallRequest(query, limit, threshold, filters, newMinPosition, explain, groupBy);
    }

    public RecallRequest explained() {
        return new RecallRequest(query, limit, threshold, filters, minPosition, true, groupBy);
    }

    public RecallRequest groupedBy(String... groups) {
        return new RecallRequest(query, limit, threshold, filters, minPosition, explain, List.of(groups));
    }
}
