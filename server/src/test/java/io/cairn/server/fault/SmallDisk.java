package io.cairn.server.fault;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/// A filesystem of its own of a few megabytes, in memory. It takes root to mount one.
final class SmallDisk implements AutoCloseable {
    private final Path at;

    private SmallDisk(Path at) {
        this.at = at;
    }

    /// @return whether this machine lets us have one
    static boolean isPossible(Path folder) throws IOException, InterruptedException {
        var probe = Files.createDirectories(folder.resolve("probe"));
        if (!ran("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", probe.toString())) {
            return false;
        }
        return ran("umount", probe.toString());
    }

    static SmallDisk mounted(Path at, int megabytes) throws IOException, InterruptedException {
        Files.createDirectories(at);
        if (!ran("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m,mode=700", "tmpfs", at.toString())) {
            throw new IOException("No small disk could be mounted at " + at);
        }
        return new SmallDisk(at);
    }

    Path path() {
        return at;
    }

    long freeBytes() {
        return at.toFile().getUsableSpace();
    }

    /// Takes up room until only so much is left.
    Path ballast(long leavingBytes) throws IOException {
        var file = at.resolve("ballast");
        try (var out = Files.newOutputStream(file)) {
            var block = new byte[1 << 16];
            for (long room = freeBytes() - leavingBytes; room > 0; room -= block.length) {
                out.write(block, 0, (int) Math.min(block.length, room));
            }
        }
        return file;
    }

    @Override
    public void close() throws IOException, InterruptedException {
        if (!ran("umount", at.toString())) {
            throw new IOException("The small disk at " + at + " could not be taken away");
        }
    }

    private static boolean ran(String... command) throws InterruptedException {
        try {
            var process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException noSuchCommand) {
            return false;
        }
    }
}
