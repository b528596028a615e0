package io.cairn.row;

import java.util.List;

/// The parts of a row's key after the tenant, in the order of the key's columns; or a prefix of them.
public record RowKey(List<Object> parts) {
    public RowKey {
        parts = List.copyOf(parts);
    }
}
