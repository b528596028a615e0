package io.cairn.row;

import java.util.List;

/// The key of a row, or the first parts of it as a prefix of several keys: its parts after the tenant, in the order of
/// the key's columns.
public record RowKey(List<Object> parts) {
    public RowKey {
        parts = List.copyOf(parts);
    }
}
