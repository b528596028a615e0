package io.cairn.client.wire;

/// What importing a part of an export answers; what was there already is skipped.
public record Imported(long imported, long skipped, String position) {}
