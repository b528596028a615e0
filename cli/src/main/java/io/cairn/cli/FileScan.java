package io.cairn.cli;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Finds the documents under the paths that were named, and says of every other file why it is none.
///
/// The id of a document is its path relative to `base`, with slashes and composed characters on every system,
/// so that the same file has the same id the next time. In a folder, hidden files and what tools made are
/// passed over silently.
final class FileScan {
    private static final Set<String> MADE_BY_TOOLS =
            Set.of("target", "node_modules", "build", "dist", "__pycache__", "venv", "cairn-data");

    private final Path base;
    private final long maxBytes;
    private final List<PathMatcher> excluded;
    private final List<Found> found = new ArrayList<>();
    private final List<Refused> refused = new ArrayList<>();
    private final Map<String, Integer> skipped = new TreeMap<>();

    /// A file that is going to be sent.
    record Found(Path path, String id, long bytes, FileKind kind) {}

    /// A file that is not, and why.
    record Refused(String path, String reason) {}

    FileScan(Path base, long maxBytes, List<String> excluded) {
        this.base = base;
        this.maxBytes = maxBytes;
        this.excluded = excluded.stream()
                .map(glob -> FileSystems.getDefault().getPathMatcher("glob:" + glob))
                .toList();
    }

    List<Found> found() {
        return found;
    }

    List<Refused> refused() {
        return refused;
    }

    /// Files that hold no text, counted by extension: `jar 3, png 12`.
    String skipped() {
        return skipped.entrySet().stream()
                .map(kind -> kind.getKey() + " " + kind.getValue())
                .collect(Collectors.joining(", "));
    }

    void scan(Path named) throws IOException {
        if (Files.isDirectory(named)) {
            folder(named);
        } else if (Files.isRegularFile(named)) {
            named(named);
        } else {
            refuse(named, Files.exists(named) ? "is neither a file nor a folder" : "does not exist");
        }
    }

    private void named(Path file) {
        try {
            if (consider(file, Files.size(file)) instanceof FileKind.Other(String extension)) {
                refuse(file, "holds no text that can be read (" + extension + ")");
            }
        } catch (IOException unreadable) {
            refuse(file, "cannot be read: " + unreadable.getMessage());
        }
    }

    private void folder(Path root) throws IOException {
        int before = found.size();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                boolean pass =
                        !folder.equals(root) && (isHidden(folder) || isMadeByTools(folder) || isExcluded(folder));
                return pass ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (attributes.isRegularFile() && !isHidden(file) && !isExcluded(file)) {
                    inFolder(file, attributes.size());
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException unreadable) {
                refuse(file, "cannot be read: " + unreadable.getMessage());
                return FileVisitResult.CONTINUE;
            }
        });
        found.subList(before, found.size()).sort(Comparator.comparing(Found::id));
    }

    private void inFolder(Path file, long bytes) {
        try {
            if (consider(file, bytes) instanceof FileKind.Other(String extension)) {
                skipped.merge(extension, 1, Integer::sum);
            }
        } catch (IOException unreadable) {
            refuse(file, "cannot be read: " + unreadable.getMessage());
        }
    }

    private FileKind consider(Path file, long bytes) throws IOException {
        FileKind kind = FileKind.of(file);
        if (kind instanceof FileKind.Other) {
            return kind;
        }
        if (bytes == 0) {
            refuse(file, "is empty");
        } else if (bytes > maxBytes) {
            refuse(file, "has " + Sizes.text(bytes) + ", allowed are " + Sizes.text(maxBytes) + " (--max-size)");
        } else {
            found.add(new Found(file, id(file), bytes, kind));
        }
        return kind;
    }

    private void refuse(Path file, String reason) {
        refused.add(new Refused(id(file), reason));
    }

    String id(Path file) {
        Path absolute = file.toAbsolutePath().normalize();
        Path relative = absolute.startsWith(base)
                ? base.relativize(absolute)
                : absolute.subpath(Math.max(0, absolute.getNameCount() - 1), absolute.getNameCount());
        return Normalizer.normalize(relative.toString().replace('\\', '/'), Normalizer.Form.NFC);
    }

    private static boolean isHidden(Path path) {
        return String.valueOf(path.getFileName()).startsWith(".");
    }

    private static boolean isMadeByTools(Path folder) {
        return MADE_BY_TOOLS.contains(String.valueOf(folder.getFileName()));
    }

    private boolean isExcluded(Path path) {
        Path relative = Path.of(id(path));
        return excluded.stream().anyMatch(glob -> glob.matches(relative) || glob.matches(relative.getFileName()));
    }
}
