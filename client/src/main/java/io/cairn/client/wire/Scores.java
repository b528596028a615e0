package io.cairn.client.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How a score came about: the calibrated relevance, what each leg gave, and what was added by boosts such as
/// `speaker`.
public record Scores(
        @Nullable Double relevance,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<LegScore> legs,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, Double> boosts) {
    public Scores {
        legs = Copy.of(legs);
        boosts = Copy.of(boosts);
    }
}
