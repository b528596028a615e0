package io.cairn.server.rest;

import io.cairn.archive.Archive;
import io.cairn.client.wire.Imported;
import io.cairn.server.http.BoundedLines;
import io.cairn.server.http.Call;
import io.cairn.server.http.Field;
import io.cairn.server.http.HttpLimits;
import io.cairn.server.http.Json;
import io.cairn.server.http.Trouble;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/// The whole log with its state, out and in, as lines of JSON. It holds every tenant's data, so it takes a key that is
/// valid for all of them.
@RestController
final class ArchiveDoor {
    private static final Logger LOG = LoggerFactory.getLogger(ArchiveDoor.class);

    private final Archive archive;
    private final HttpLimits limits;

    ArchiveDoor(Archive archive, HttpLimits limits) {
        this.archive = archive;
        this.limits = limits;
    }

    @GetMapping(path = "/v1/export", produces = DocumentImport.NDJSON)
    void export(HttpServletResponse response, @RequestParam(required = false) @Nullable String after)
            throws IOException {
        var out = new BufferedOutputStream(response.getOutputStream(), 1 << 16);
        response.setContentType(DocumentImport.NDJSON);
        try {
            archive.export(after, line -> write(out, line));
        } catch (IllegalArgumentException e) {
            throw Field.of("after").invalid("'" + after + "'", String.valueOf(e.getMessage()));
        }
        out.flush();
    }

    @PostMapping("/v1/import")
    Imported take(Call call, HttpServletRequest request) throws IOException {
        try (var lines = new BoundedLines(request.getInputStream(), limits.archiveLineBytesMax())) {
            var taken = taken(call, lines);
            call.count("imported", taken.imported());
            call.count("skipped", taken.skipped());
            return new Imported(taken.imported(), taken.skipped(), taken.at().wire());
        }
    }

    /// What cannot be taken in is named with its line, and with what to do about it.
    private Archive.Imported taken(Call call, BoundedLines lines) {
        try {
            return archive.take(call.context(), () -> new Lines(lines, limits.archiveLineBytesMax()));
        } catch (IllegalArgumentException e) {
            LOG.warn("An import was refused: {}", e.getMessage(), e);
            throw Trouble.NOT_IMPORTABLE.because(String.valueOf(e.getMessage()));
        }
    }

    private static void write(OutputStream out, JsonNode line) {
        try {
            out.write(Json.mapper().writeValueAsBytes(line));
            out.write('\n');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The lines of a body, one after another, of which no two are held at once.
    private static final class Lines implements Iterator<String> {
        private final BoundedLines lines;
        private final long bytesMax;
        private BoundedLines.@Nullable Line next;
        private long number;

        Lines(BoundedLines lines, long bytesMax) {
            this.lines = lines;
            this.bytesMax = bytesMax;
        }

        @Override
        public boolean hasNext() {
            try {
                while (next == null || next.isBlank()) {
                    next = lines.next();
                    if (next == null) {
                        return false;
                    }
                }
                return true;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public String next() {
            var line = hasNext() ? next : null;
            if (line == null) {
                throw new NoSuchElementException();
            }
            next = null;
            number++;
            if (line.tooLong()) {
                throw Trouble.TOO_LARGE.because(
                        "Line %d has more than the allowed %d bytes: 64 MB at most, and a 32nd of cairn.limits.in-flight"
                                .formatted(number, bytesMax));
            }
            return line.text();
        }
    }
}
