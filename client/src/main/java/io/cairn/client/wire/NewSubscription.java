package io.cairn.client.wire;

import org.jspecify.annotations.Nullable;

/// A durable subscription that is to be made.
///
/// @param pattern of event types, such as `lead.*`; any if there is none
/// @param after the position behind which it begins; the beginning of the log if there is none
public record NewSubscription(
        @Nullable String pattern, @Nullable String after) {}
