package io.cairn.adapter.lucene;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;

/// Ways in which a disk or a person damages a file.
enum Spoiler {
    MISSING {
        @Override
        void on(Path file, Random random) throws IOException {
            Files.delete(file);
        }
    },
    EMPTY {
        @Override
        void on(Path file, Random random) throws IOException {
            truncate(file, 0);
        }
    },
    TRUNCATED {
        @Override
        void on(Path file, Random random) throws IOException {
            long size = Files.size(file);
            truncate(file, size == 0 ? 0 : random.nextLong(size));
        }
    },
    GARBAGE {
        @Override
        void on(Path file, Random random) throws IOException {
            long size = Files.size(file);
            var page = new byte[(int) Math.min(4096, size)];
            random.nextBytes(page);
            overwrite(file, page, size <= page.length ? 0 : random.nextLong(size - page.length));
        }
    },
    FLIPPED {
        @Override
        void on(Path file, Random random) throws IOException {
            var bytes = Files.readAllBytes(file);
            for (int i = 0; i < 8 && bytes.length > 0; i++) {
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            }
            overwrite(file, bytes, 0);
        }
    };

    abstract void on(Path file, Random random) throws IOException;

    void spoil(Path file, Random random) {
        try {
            on(file, random);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// In place, so that whoever has the file open sees it.
    private static void overwrite(Path file, byte[] bytes, long at) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(bytes), at);
        }
    }

    private static void truncate(Path file, long size) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(size);
        }
    }
}
