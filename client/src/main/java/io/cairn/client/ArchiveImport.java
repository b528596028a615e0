package io.cairn.client;

import io.cairn.client.wire.ExportLine;
import io.cairn.client.wire.Imported;
import io.cairn.client.wire.Wire;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/// One run over the lines of an export, part by part.
final class ArchiveImport {
    private static final Parts<String> PARTS = new Parts<>(1_000, 2 << 20, String::length);

    private final Transport transport;
    private final Consumer<Imported> answers;
    private @Nullable String header;
    private boolean begun;

    ArchiveImport(Transport transport, Consumer<Imported> answers) {
        this.transport = transport;
        this.answers = answers;
    }

    void run(Iterator<String> lines) {
        PARTS.cut(lines, part -> {
            boolean headed = !begun && isHeader(part.getFirst());
            begun = true;
            header = headed ? part.getFirst() : header;
            send(headed ? part.subList(1, part.size()) : part);
        });
    }

    private void send(List<String> part) {
        if (part.isEmpty()) {
            return;
        }
        try {
            answers.accept(transport.send(Call.postLines(Address.of("import"), body(part)), Imported.class));
        } catch (CairnProblem refused) {
            if (refused.status() != 413 || part.size() == 1) {
                throw refused;
            }
            Parts.halves(part, this::send);
        }
    }

    private List<String> body(List<String> part) {
        List<String> body = new ArrayList<>(part.size() + 1);
        if (header != null) {
            body.add(header);
        }
        body.addAll(part);
        return body;
    }

    /// A line that is no JSON goes to the server as it is, whose answer names it.
    private static boolean isHeader(String line) {
        try {
            return Wire.responses().readValue(line, ExportLine.class).isHeader();
        } catch (JacksonException unreadable) {
            return false;
        }
    }
}
