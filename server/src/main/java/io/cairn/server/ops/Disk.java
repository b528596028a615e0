package io.cairn.server.ops;

import java.nio.file.Path;

/// The disk that holds the data folder.
///
/// @param freeBytesMin below which health says that little room is left
public record Disk(Path folder, long freeBytesMin) {
    private static final long FULL_BYTES = 64 << 10;

    /// Whether there is room for no more than a few pages.
    boolean isFull() {
        return freeBytes() < FULL_BYTES;
    }

    /// 0 if it cannot be told.
    long freeBytes() {
        return folder.toFile().getUsableSpace();
    }
}
