package io.cairn.adapter.file;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cairn.event.Head;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

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
        try (var lines = Files.lines(path, UTF_8)) {
            return lines.filter(line -> !line.isBlank()).map(this::head).toList();
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
            throw new FolderException("The anchor %s was damaged: '%s' is not a head".formatted(path, line), e);
        }
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
