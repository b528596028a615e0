package io.cairn.adapter.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;

/// Files and folders that only their owner may read, written so that a crash leaves the old content or the new.
final class PrivateFiles {
    private static final Set<PosixFilePermission> OWNER = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> OTHERS = EnumSet.complementOf(EnumSet.copyOf(OWNER));

    private PrivateFiles() {}

    static void createFolder(Path folder) throws IOException {
        if (posix(folder)) {
            Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(OWNER));
        } else {
            Files.createDirectories(folder);
        }
    }

    /// Whether somebody but the owner may read the file; where there are no such permissions, nobody is known to.
    static boolean openToOthers(Path file) throws IOException {
        return posix(file) && Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS::contains);
    }

    /// Takes every right from all but the owner.
    static void closeToOthers(Path path) throws IOException {
        if (openToOthers(path)) {
            var kept = EnumSet.copyOf(OWNER);
            kept.retainAll(Files.getPosixFilePermissions(path));
            Files.setPosixFilePermissions(path, kept);
        }
    }

    /// Makes an empty file if there is none.
    static void createFile(Path file) throws IOException {
        if (!Files.exists(file)) {
            Files.createFile(file, ownerOnly(file));
        }
    }

    /// Replaces the file's content: a temporary file is flushed and moved over it, then the folder is flushed.
    static void replace(Path file, byte[] content) throws IOException {
        var next = file.resolveSibling(file.getFileName() + ".next");
        Files.deleteIfExists(next);
        try (var channel = FileChannel.open(next, CREATE, ownerOnly(file))) {
            write(channel, content);
            channel.force(true);
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        flushFolder(Objects.requireNonNull(file.toAbsolutePath().getParent()));
    }

    static void write(FileChannel channel, byte[] content) throws IOException {
        var bytes = ByteBuffer.wrap(content);
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private static final Set<StandardOpenOption> CREATE =
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

    private static FileAttribute<?>[] ownerOnly(Path file) {
        return posix(file)
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    private static void flushFolder(Path folder) throws IOException {
        if (posix(folder)) {
            try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    private static boolean posix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
