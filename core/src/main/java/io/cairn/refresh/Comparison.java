package io.cairn.refresh;

import java.time.Duration;

/// What two indexes answered to the same questions.
///
/// @param queries that were really asked
/// @param overlap the mean share of the ten best hits that both have
/// @param judged questions whose sources are known
/// @param recallBefore the mean share of a judged question's sources among the ten best hits of the old index
/// @param recallAfter the same of the new one
/// @param p95Before how long embedding a query and searching the old index took, for 95 of 100 queries
/// @param p95After the same with the new one
public record Comparison(
        int queries,
        double overlap,
        int judged,
        double recallBefore,
        double recallAfter,
        Duration p95Before,
        Duration p95After) {}
