package io.cairn.client.wire;

import org.jspecify.annotations.Nullable;

/// What a reader of an export needs of any line, whatever else it holds.
///
/// The first line has kind `header` (with `total`, the number of lines to come, where it is known), the last
/// one kind `end` (with `lines`, the number of lines between these two in the same answer). Every line
/// between has a `cursor`: asking for the export after it continues there.
public record ExportLine(
        String kind,
        @Nullable String cursor,
        @Nullable Long total,
        @Nullable Long lines,
        @Nullable String position) {
    public static final String HEADER = "header";
    public static final String END = "end";

    public boolean isHeader() {
        return HEADER.equals(kind);
    }

    public boolean isEnd() {
        return END.equals(kind);
    }
}
