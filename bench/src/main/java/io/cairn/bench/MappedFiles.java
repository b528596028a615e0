package io.cairn.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// How much of the files that this process has mapped is in memory, as Linux tells in `/proc/self/smaps`.
final class MappedFiles {
    private static final Path MAPS = Path.of("/proc/self/smaps");
    private static final String RESIDENT = "Rss:";

    private MappedFiles() {}

    /// @return bytes of files below a folder; a page that several mappings show counts once for each
    static long residentBytes(Path folder) throws IOException {
        var below = folder.toRealPath() + "/";
        long kilobytes = 0;
        boolean inside = false;
        for (var line : Files.readAllLines(MAPS)) {
            if (line.startsWith(RESIDENT)) {
                kilobytes += inside ? kilobytes(line) : 0;
            } else if (Character.isLowerCase(line.charAt(0)) || Character.isDigit(line.charAt(0))) {
                inside = line.contains(" " + below);
            }
        }
        return kilobytes * 1024;
    }

    private static long kilobytes(String line) {
        return Long.parseLong(line.substring(RESIDENT.length(), line.length() - " kB".length())
                .strip());
    }
}
