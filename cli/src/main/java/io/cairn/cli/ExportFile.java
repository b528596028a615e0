package io.cairn.cli;

import io.cairn.client.wire.ExportLine;
import io.cairn.client.wire.Wire;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/// How far an export file has come: nothing yet, up to a cursor, or to its end.
sealed interface ExportFile {
    /// There is no file, or none of its lines can be gone on from.
    record Empty() implements ExportFile {}

    /// Whole lines up to this byte; the export goes on behind this cursor.
    record Interrupted(long bytes, String cursor) implements ExportFile {}

    /// The last line says that nothing is missing.
    record Complete() implements ExportFile {}

    /// Something that no export wrote; it is left alone.
    record Foreign() implements ExportFile {}

    static ExportFile at(Path path) throws IOException {
        if (!Files.exists(path) || Files.size(path) == 0) {
            return new Empty();
        }
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
            String first = file.readLine();
            ExportLine header = first == null ? null : parsed(first);
            if (header == null || !header.isHeader()) {
                return new Foreign();
            }
            return lastLine(file);
        }
    }

    private static ExportFile lastLine(RandomAccessFile file) throws IOException {
        long end = afterNewlineBefore(file, file.length());
        if (end == 0) {
            return new Empty();
        }
        long start = afterNewlineBefore(file, end - 1);
        byte[] bytes = new byte[Math.toIntExact(end - start)];
        file.seek(start);
        file.readFully(bytes);
        ExportLine line = parsed(new String(bytes, StandardCharsets.UTF_8));
        if (line == null) {
            return new Foreign();
        }
        if (line.isEnd()) {
            return new Complete();
        }
        return line.cursor() == null ? new Empty() : new Interrupted(end, line.cursor());
    }

    /// The position behind the last newline before `limit`, or 0.
    private static long afterNewlineBefore(RandomAccessFile file, long limit) throws IOException {
        byte[] block = new byte[8192];
        for (long end = limit; end > 0; ) {
            long start = Math.max(0, end - block.length);
            int length = (int) (end - start);
            file.seek(start);
            file.readFully(block, 0, length);
            for (int i = length - 1; i >= 0; i--) {
                if (block[i] == '\n') {
                    return start + i + 1;
                }
            }
            end = start;
        }
        return 0;
    }

    private static @Nullable ExportLine parsed(String line) {
        try {
            return Wire.responses().readValue(line, ExportLine.class);
        } catch (JacksonException notOurs) {
            return null;
        }
    }
}
