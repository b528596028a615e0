package io.cairn.adapter.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;

/// Makes the folders of tests in memory, or as usual where memory has no room for them.
///
/// A store waits for the disk at each commit, which is most of the time that its tests take, and shows nothing: what
/// has not reached the disk is missed only when the machine itself goes down. Long tests, which kill
/// processes in the midst of a commit, stay on the disk.
public final class FoldersInMemory implements TempDirFactory {
    private static final Path MEMORY = Path.of("/dev/shm");
    private static final long ROOM_MIN = 2L << 30;
    private static final String PREFIX = "junit-";

    @Override
    public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext context) throws IOException {
        return folder();
    }

    /// A new folder, which whoever asks for it removes.
    public static Path folder() throws IOException {
        return isUsable() ? Files.createTempDirectory(MEMORY, PREFIX) : Files.createTempDirectory(PREFIX);
    }

    /// Libraries are unpacked into data folders and loaded from there, which some machines forbid in memory.
    private static boolean isUsable() throws IOException {
        if (!Files.isWritable(MEMORY) || Files.getFileStore(MEMORY).getUsableSpace() < ROOM_MIN) {
            return false;
        }
        var owned = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
        var probe = Files.createTempFile(MEMORY, PREFIX, "", owned);
        try {
            return Files.isExecutable(probe);
        } finally {
            Files.delete(probe);
        }
    }
}
