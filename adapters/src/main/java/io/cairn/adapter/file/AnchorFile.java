package io.cairn.adapter.file;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.cairn.event.Head;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The file outside the database that remembers where each partition of the log ended, so that a cut tail is noticed.
///
/// One line per partition: epoch, partition, number, chain, microseconds of recording.
public final class AnchorFile {
    private final Path path;

    public AnchorFile(Path path) {
        this.path = path;
    }

    /// The heads as they were written last; none if there is no file.
    public List<Head> read() {
        if (!Files.exists(path)) {
            return List.of();
        }
        try {
            var heads = Files.readString(path, ISO_8859_1)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .map(this::head)
                    .toList();
            if (heads.isEmpty()) {
                throw damaged("it is empty", null);
            }
            return heads;
        } catch (IOException e) {
            throw new FolderException("The anchor %s cannot be read (%s)".formatted(path, e.getMessage()), e);
        }
    }

    /// Replaces the heads; durable when it returns.
    public void write(List<Head> heads) {
        var text = heads.stream().map(AnchorFile::line).collect(Collectors.joining());
        try {
            PrivateFiles.replace(path, text.getBytes(UTF_8));
        } catch (IOException e) {
            throw new FolderException("The anchor %s cannot be written (%s)".formatted(path, e.getMessage()), e);
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }

    private Head head(String line) {
        var parts = line.strip().split(" ", -1);
        try {
            return new Head(
                    parts[0],
                    Integer.parseInt(parts[1]),
                    Long.parseLong(parts[2]),
                    HexFormat.of().parseHex(parts[3]),
                    Long.parseLong(parts[4]));
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            throw damaged("a line of it is not a head", e);
        }
    }

    /// An anchor is what a cut tail of the log is noticed by, so it is never made anew in silence.
    private FolderException damaged(String how, @Nullable Exception cause) {
        return new FolderException(
                "The anchor %s is damaged (%s): restore it, or delete it to go on; whether the end of the log was cut off can then not be told"
                        .formatted(path, how),
                cause);
    }

    private static String line(Head head) {
        return "%s %d %d %s %d%n"
                .formatted(
                        head.epoch(),
                        head.partition(),
                        head.number(),
                        HexFormat.of().formatHex(head.chain()),
                        head.recordedAt());
    }
}
