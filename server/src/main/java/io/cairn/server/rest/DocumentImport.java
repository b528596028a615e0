package io.cairn.server.rest;

import io.cairn.client.wire.DocumentResult;
import io.cairn.client.wire.NewDocument;
import io.cairn.server.http.BoundedLines;
import io.cairn.server.http.Call;
import io.cairn.server.http.HttpLimits;
import io.cairn.server.http.Json;
import io.cairn.server.http.JsonProblems;
import io.cairn.server.http.Refusal;
import io.cairn.server.http.Trouble;
import io.cairn.server.wire.DocumentBodies;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;

/// Reads documents line by line and answers line by line, so that neither side holds more than a few of them.
@Component
final class DocumentImport {
    static final String NDJSON = "application/x-ndjson";

    private final DocumentBatches batches;
    private final HttpLimits limits;

    DocumentImport(DocumentBatches batches, HttpLimits limits) {
        this.batches = batches;
        this.limits = limits;
    }

    void run(Call call, HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType(NDJSON);
        var out = response.getOutputStream();
        int index = 0;
        try (var run = batches.begin(call.context(), result -> write(out, result));
                var lines = new BoundedLines(request.getInputStream(), limits.documentLineBytesMax())) {
            for (var line = lines.next(); line != null; line = lines.next()) {
                if (!line.isBlank()) {
                    one(run, index++, line);
                }
            }
            run.finish();
            call.count("documents", index);
            call.count("rejected", run.rejected());
        }
    }

    private void one(DocumentBatches.Run run, int index, BoundedLines.Line line) {
        try {
            run.add(index, null, parsed(line));
        } catch (Refusal refusal) {
            run.add(DocumentBodies.rejected(index, null, refusal));
        }
    }

    private NewDocument parsed(BoundedLines.Line line) {
        if (line.tooLong()) {
            throw Trouble.TOO_LARGE.because(
                    "The line has more than the allowed %d bytes: cairn.limits.json, and a 32nd of cairn.limits.in-flight"
                            .formatted(limits.documentLineBytesMax()));
        }
        if (line.otherEncoding()) {
            throw Trouble.MALFORMED_JSON.because("The line is not in UTF-8");
        }
        try {
            var document = Json.mapper().readValue(line.bytes(), NewDocument.class);
            if (document == null) {
                throw Trouble.MALFORMED_JSON.because("The line is null");
            }
            return document;
        } catch (JacksonException e) {
            throw JsonProblems.refusal(e);
        }
    }

    private static void write(OutputStream out, DocumentResult result) {
        try {
            out.write(Json.mapper().writeValueAsBytes(result));
            out.write('\n');
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
