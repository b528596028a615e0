package io.cairn.client;

import io.cairn.client.wire.ExportLine;
import io.cairn.client.wire.Wire;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/// An export that is under way, one line at a time; complete when its last line has kind `end`.
///
/// When the connection breaks it is taken up behind the last line that was read, so that the reader sees one
/// unbroken flow with one header.
public final class Export implements AutoCloseable {
    private static final int FRUITLESS_TRIES = 3;

    private final Transport transport;
    private @Nullable String cursor;
    private @Nullable BufferedReader lines;
    private boolean headerSeen;
    private boolean complete;
    private int fruitless;
    private long linesOfAnswer;

    /// A line as it came, and what it says of itself.
    public record Line(String json, ExportLine mark) {}

    Export(Transport transport, @Nullable String after) {
        this.transport = transport;
        this.cursor = after;
    }

    /// The next line, or empty after the last one.
    public Optional<Line> next() {
        while (!complete) {
            try {
                Line line = read();
                if (!line.mark().isHeader() || !headerSeen) {
                    accept(line.mark());
                    return Optional.of(line);
                }
            } catch (IOException broken) {
                close();
                if (++fruitless == FRUITLESS_TRIES) {
                    throw transport.broken(broken);
                }
            }
        }
        return Optional.empty();
    }

    private void accept(ExportLine mark) {
        headerSeen |= mark.isHeader();
        complete = mark.isEnd();
        if (mark.cursor() != null) {
            cursor = mark.cursor();
            fruitless = 0;
            linesOfAnswer++;
        }
        Long promised = mark.isEnd() ? mark.lines() : null;
        if (promised != null && promised != linesOfAnswer) {
            throw new CairnUnintelligible(
                    "An export says that it has " + promised + " lines, but " + linesOfAnswer + " came.", null);
        }
    }

    private Line read() throws IOException {
        String json = opened().readLine();
        if (json == null) {
            throw new IOException("the export ended before its last line");
        }
        try {
            return new Line(json, Wire.responses().readValue(json, ExportLine.class));
        } catch (JacksonException cutOff) {
            throw new IOException("a line of the export could not be read", cutOff);
        }
    }

    private BufferedReader opened() {
        if (lines == null) {
            linesOfAnswer = 0;
            Call call = Call.get(Address.of("export").with("after", cursor));
            lines = new BufferedReader(new InputStreamReader(transport.open(call), StandardCharsets.UTF_8));
        }
        return lines;
    }

    @Override
    public void close() {
        if (lines != null) {
            try {
                lines.close();
            } catch (IOException impossible) {
                throw new UncheckedIOException(impossible);
            }
            lines = null;
        }
    }
}
