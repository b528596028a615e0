package io.cairn.adapter.sql;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.cairn.event.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The checksum of a log's SQLite file while no process has it open, kept beside it.
///
/// SQLite has no checksums of its pages: a bit that flipped in an index makes events disappear from answers, and one in
/// a row is answered as it is. So the whole file is summed up when it is closed, and compared before it is opened
/// again. After a crash there is no checksum; then SQLite looks through the file's structure.
final class FileChecksum {
    private static final Logger LOG = LoggerFactory.getLogger(FileChecksum.class);
    private static final int BUFFER_BYTES = 1 << 20;
    private static final long LENGTH_MAX = 100;

    /// What was written: the file's length, its CRC-32C and a check of these two.
    private record Sum(long length, long crc32c) {
        String line() {
            var said = "%d %08x".formatted(length, crc32c);
            return "%s %08x%n".formatted(said, check(ByteBuffer.wrap(said.getBytes(US_ASCII))));
        }

        static Optional<Sum> of(String line) {
            var parts = line.strip().split(" ", -1);
            if (parts.length != 3) {
                return Optional.empty();
            }
            try {
                var sum = new Sum(Long.parseLong(parts[0]), Long.parseLong(parts[1], 16));
                return Optional.of(sum).filter(read -> read.line().strip().equals(line.strip()));
            } catch (NumberFormatException e) {
                return Optional.empty();
            }
        }
    }

    private FileChecksum() {}

    /// Whether the file is as it was when it was closed; nothing if there is no file, or no checksum to tell by.
    static Optional<Boolean> holds(Path file) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            var kept = read(file);
            return kept.isPresent() ? Optional.of(kept.get().equals(sum(file))) : Optional.empty();
        } catch (IOException e) {
            throw failed("read the checksum of " + file, e);
        }
    }

    /// Refuses a file that is not as it was when it was closed.
    ///
    /// @return whether there was a checksum
    static boolean require(Path file) {
        var holds = holds(file);
        if (holds.isPresent() && !holds.get()) {
            throw new StorageException(
                    StorageException.Kind.DAMAGED,
                    "%s is not as it was when it was closed (if it was changed or put there on purpose, delete %s)"
                            .formatted(file, beside(file).getFileName()),
                    new IOException("The checksum differs"));
        }
        return holds.isPresent();
    }

    /// Removes the checksum before the file is changed; durable when it returns.
    static void remove(Path file) {
        try {
            if (Files.deleteIfExists(beside(file))) {
                flushFolder(file);
            }
        } catch (IOException e) {
            throw failed("remove the checksum of " + file, e);
        }
    }

    /// Keeps the checksum of a file that was closed. Without one the next start looks more closely.
    static void keep(Path file) {
        try {
            var next = file.resolveSibling(file.getFileName() + ".checksum.next");
            Files.deleteIfExists(next);
            try (var channel = FileChannel.open(next, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                write(channel, sum(file).line().getBytes(US_ASCII));
                channel.force(true);
            }
            closeToOthers(next, file);
            Files.move(next, beside(file), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            flushFolder(file);
        } catch (IOException e) {
            LOG.warn("No checksum could be kept beside {}: {}", file, e.toString());
        }
    }

    static Path beside(Path file) {
        return file.resolveSibling(file.getFileName() + ".checksum");
    }

    /// A checksum that is damaged itself tells nothing.
    private static Optional<Sum> read(Path file) throws IOException {
        var kept = beside(file);
        if (!Files.exists(kept)) {
            return Optional.empty();
        }
        var sum = Files.size(kept) > LENGTH_MAX
                ? Optional.<Sum>empty()
                : Sum.of(new String(Files.readAllBytes(kept), US_ASCII));
        if (sum.isEmpty()) {
            LOG.warn("{} is damaged, so {} is looked through as after a crash", kept, file.getFileName());
        }
        return sum;
    }

    private static Sum sum(Path file) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            var crc = new CRC32C();
            var buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
            long length = 0;
            while (channel.read(buffer) >= 0) {
                buffer.flip();
                length += buffer.remaining();
                crc.update(buffer);
                buffer.clear();
            }
            return new Sum(length, crc.getValue());
        }
    }

    private static long check(ByteBuffer bytes) {
        var crc = new CRC32C();
        crc.update(bytes);
        return crc.getValue();
    }

    private static void write(FileChannel channel, byte[] content) throws IOException {
        var bytes = ByteBuffer.wrap(content);
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /// Whoever may read the file may read its checksum.
    private static void closeToOthers(Path next, Path file) throws IOException {
        if (next.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(next, Files.getPosixFilePermissions(file));
        }
    }

    private static void flushFolder(Path file) throws IOException {
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            var folder = Objects.requireNonNull(file.toAbsolutePath().getParent());
            try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    private static StorageException failed(String what, IOException e) {
        return new StorageException(
                StorageException.Kind.BROKEN, "Cairn could not %s: %s".formatted(what, e.getMessage()), e);
    }
}
