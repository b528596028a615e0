package io.cairn.adapter.lucene;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexFormatTooNewException;
import org.apache.lucene.index.IndexFormatTooOldException;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;

/// What is damage of an index's files, and what becomes of them.
///
/// A full disk, a folder that may not be written and a lock of another process are none: an operator mends those, and
/// the files are as they were.
final class Damage {
    private static final System.Logger LOG = System.getLogger(Damage.class.getName());
    private static final long SMALL_BYTES_MAX = 64L << 20;
    private static final int CAUSES_MAX = 20;

    private Damage() {}

    /// Whether damage is behind a failure.
    static boolean behind(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .limit(CAUSES_MAX)
                .anyMatch(Damage::isDamage);
    }

    private static boolean isDamage(Throwable cause) {
        return switch (cause) {
            case CorruptIndexException corrupt -> true;
            case IndexFormatTooNewException tooNew -> true;
            case IndexFormatTooOldException tooOld -> true;
            case NoSuchFileException missing -> true;
            case FileNotFoundException missing -> true;
            case EOFException truncated -> true;
            // A mapped file is shorter than it was.
            case InternalError fault -> true;
            default -> false;
        };
    }

    /// Whether damage keeps an index from opening: garbage may end in any exception before a checksum is looked at.
    static boolean keptFromOpening(Throwable failure) {
        return behind(failure)
                || failure instanceof AssertionError
                || (failure instanceof RuntimeException && !(failure.getCause() instanceof FileSystemException));
    }

    /// Reads all of a small index. A larger one is checked by use, and when its segments are merged.
    static void checkIfSmall(Directory directory, SearcherManager searchers) throws IOException {
        long bytes = 0;
        for (var file : directory.listAll()) {
            bytes += directory.fileLength(file);
        }
        if (bytes <= SMALL_BYTES_MAX) {
            var searcher = searchers.acquire();
            try {
                check(searcher.getIndexReader());
            } finally {
                searchers.release(searcher);
            }
        }
    }

    /// Reads all of what a reader sees.
    ///
    /// @throws CorruptIndexException if it is not what was written
    static void check(IndexReader reader) throws IOException {
        try {
            for (var leaf : reader.leaves()) {
                leaf.reader().checkIntegrity();
            }
        } catch (RuntimeException | AssertionError | InternalError e) {
            throw new CorruptIndexException("It cannot be read", reader.toString(), e);
        }
    }

    /// Moves a damaged index out of the way, in the place of one that was moved there before.
    static void setAside(Path folder, Throwable reason) throws IOException {
        var aside = folder.resolveSibling(folder.getFileName() + ".damaged");
        if (Files.exists(aside)) {
            delete(aside);
        }
        if (Files.exists(folder)) {
            Files.move(folder, aside);
        }
        LOG.log(
                System.Logger.Level.ERROR,
                "The index %s is damaged (%s) and was set aside as %s, which may be deleted. Nothing is lost: it is made anew from the log, and finds less until then."
                        .formatted(folder, reason(reason), aside.getFileName()));
    }

    /// Whether there is an index with anything in it; one that cannot be read holds nothing.
    static boolean holdsAnything(Path folder) {
        try (var directory = FSDirectory.open(folder);
                var reader = DirectoryReader.open(directory)) {
            return reader.numDocs() > 0;
        } catch (IOException | RuntimeException unreadable) {
            LOG.log(System.Logger.Level.DEBUG, "There is nothing to read in " + folder, unreadable);
            return false;
        }
    }

    /// The innermost cause, which names the file.
    static String reason(Throwable failure) {
        var root = Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .limit(CAUSES_MAX)
                .reduce(failure, (outer, inner) -> inner);
        return "%s: %s".formatted(root.getClass().getSimpleName(), root.getMessage());
    }

    static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
