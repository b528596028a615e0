package io.cairn.client.wire;

import java.math.BigDecimal;

/// What a change of the embedding model will probably take.
///
/// @param texts that have no vector of the new model yet
/// @param tokens that the model will read of them
/// @param cost of these by the price table
/// @param currency as a plain word
/// @param seconds at the speed of the model, and at the rate that is allowed
public record RefreshEstimate(long texts, long tokens, BigDecimal cost, String currency, double seconds) {}
