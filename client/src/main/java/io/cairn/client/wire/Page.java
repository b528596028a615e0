package io.cairn.client.wire;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One page of a list; `next` is what to pass as `after` for the following one, absent on the last.
public record Page<T>(List<T> items, @Nullable String next) {
    public Page {
        items = Copy.of(items);
    }
}
