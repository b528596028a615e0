package io.cairn.adapter.file;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;

/// The folder in which a server keeps everything, held by one process at a time.
///
/// What the lock file says is for people: the operating system's lock on it is what holds the folder, and it
/// goes with the process however that ends.
public final class DataFolder implements AutoCloseable {
    private static final String LOCK = "lock";

    private final Path path;
    private final FileChannel lock;
    private final Instant since;

    private DataFolder(Path path, FileChannel lock, Instant since) {
        this.path = path;
        this.lock = lock;
        this.since = since;
    }

    /// Takes the folder, and makes it if there is none.
    ///
    /// @throws FolderException if another process holds it or it cannot be written
    public static DataFolder open(Path path, Instant now) {
        try {
            PrivateFiles.createFolder(path);
        } catch (IOException e) {
            throw new FolderException(
                    "The data folder %s cannot be made (%s); choose another with --data".formatted(path, reason(e)), e);
        }
        return take(path, now);
    }

    /// Takes a folder that is there.
    ///
    /// @throws FolderException if there is none, another process holds it, or it cannot be written
    public static DataFolder existing(Path path, Instant now) {
        if (!Files.isDirectory(path)) {
            throw new FolderException("There is no data folder %s; name one with --data".formatted(path));
        }
        return take(path, now);
    }

    private static DataFolder take(Path path, Instant now) {
        var file = path.resolve(LOCK);
        try {
            PrivateFiles.createFile(file);
            var channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
            if (!locked(channel)) {
                channel.close();
                throw held(path, file);
            }
            var folder = new DataFolder(path, channel, now);
            folder.tell("");
            return folder;
        } catch (IOException e) {
            throw new FolderException(
                    "The data folder %s cannot be written (%s); give this user the right to, or choose another with --data"
                            .formatted(path, reason(e)),
                    e);
        }
    }

    private static boolean locked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException heldByThisProcess) {
            return false;
        }
    }

    private static FolderException held(Path path, Path file) throws IOException {
        return new FolderException(
                "The data folder %s is held by another process: %s; stop it or choose another with --data"
                        .formatted(path, Files.readString(file).strip().replace("\n", ", ")));
    }

    private static String reason(IOException e) {
        return e.getClass().getSimpleName().replace("Exception", "") + ": " + e.getMessage();
    }

    public Path path() {
        return path;
    }

    public Path file(String name) {
        return path.resolve(name);
    }

    /// A file in it that only its owner may read, made empty if there is none.
    public Path ownFile(String name) {
        var file = path.resolve(name);
        try {
            PrivateFiles.createFile(file);
        } catch (IOException e) {
            throw new FolderException("The file %s cannot be made (%s)".formatted(file, reason(e)), e);
        }
        return file;
    }

    /// Takes from others the right to read what is kept here, which matters where the folder itself is open to them.
    ///
    /// @param kept beginnings of names
    public void closeToOthers(List<String> kept) {
        try (var files = Files.newDirectoryStream(path)) {
            for (var file : files) {
                if (kept.stream().anyMatch(file.getFileName().toString()::startsWith)) {
                    PrivateFiles.closeToOthers(file);
                }
            }
        } catch (IOException e) {
            throw new FolderException(
                    "Others may read what is in %s, and that right cannot be taken away (%s)"
                            .formatted(path, reason(e)),
                    e);
        }
    }

    /// A folder in it, made if there is none.
    public Path folder(String name) {
        var folder = path.resolve(name);
        try {
            PrivateFiles.createFolder(folder);
        } catch (IOException e) {
            throw new FolderException("The folder %s cannot be made (%s)".formatted(folder, reason(e)), e);
        }
        return folder;
    }

    /// Lets whoever finds the folder held know where its holder listens.
    public void listening(String address) {
        try {
            tell("listening at " + address + "\n");
        } catch (IOException e) {
            throw new FolderException("The lock file in %s cannot be written".formatted(path), e);
        }
    }

    private void tell(String more) throws IOException {
        var text = "pid %d\nsince %s\n%s".formatted(ProcessHandle.current().pid(), since, more);
        lock.truncate(0);
        lock.position(0);
        PrivateFiles.write(lock, text.getBytes(UTF_8));
    }

    @Override
    public void close() {
        try {
            lock.truncate(0);
            lock.close();
        } catch (IOException e) {
            throw new FolderException("The lock on %s was not given back".formatted(path), e);
        }
    }
}
