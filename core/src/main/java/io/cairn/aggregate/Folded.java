package io.cairn.aggregate;

import io.cairn.event.PayloadKey;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A state with what is needed to go on from it.
///
/// @param version of the last event in it
/// @param lastEvent the id of that event
/// @param keys of the payloads that went into it
/// @param replayed events that were read since the snapshot, or since the beginning
record Folded<S>(S state, long version, @Nullable UUID lastEvent, Set<PayloadKey> keys, long replayed) {
    Folded {
        keys = Set.copyOf(keys);
    }
}
