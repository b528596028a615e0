package io.cairn.client;

import io.cairn.client.wire.DocumentResult;
import io.cairn.client.wire.DocumentStatus;
import io.cairn.client.wire.NewDocument;
import io.cairn.client.wire.ProblemItem;
import io.cairn.client.wire.Wire;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import tools.jackson.core.JacksonException;

/// One run over documents of any number, part by part, until each has its result.
final class DocumentImport {
    private static final Parts<Pending> PARTS =
            new Parts<>(200, 2 << 20, pending -> pending.json().length());
    private static final int FRUITLESS_TRIES = 3;

    private final Transport transport;
    private final UnaryOperator<NewDocument> named;
    private final Consumer<DocumentResult> results;
    private int count;

    private record Pending(int index, NewDocument document, String json) {}

    DocumentImport(Transport transport, UnaryOperator<NewDocument> named, Consumer<DocumentResult> results) {
        this.transport = transport;
        this.named = named;
        this.results = results;
    }

    void run(Iterator<NewDocument> documents) {
        PARTS.cut(
                new Iterator<>() {
                    @Override
                    public boolean hasNext() {
                        return documents.hasNext();
                    }

                    @Override
                    public Pending next() {
                        NewDocument document = named.apply(documents.next());
                        return new Pending(count++, document, Wire.responses().writeValueAsString(document));
                    }
                },
                this::finish);
    }

    private void finish(List<Pending> part) {
        List<Pending> open = part;
        for (int fruitless = 0; !open.isEmpty(); ) {
            Set<Pending> answered = new HashSet<>();
            try {
                send(open, answered);
            } catch (CairnUnreachable broken) {
                fruitless = answered.isEmpty() ? fruitless + 1 : 0;
                if (fruitless == FRUITLESS_TRIES) {
                    throw broken;
                }
            } catch (CairnProblem refused) {
                if (refused.status() != 413) {
                    throw refused;
                }
                shrink(open, refused);
                return;
            }
            open = open.stream().filter(pending -> !answered.contains(pending)).toList();
        }
    }

    private void shrink(List<Pending> part, CairnProblem tooLarge) {
        if (part.size() > 1) {
            Parts.halves(part, this::finish);
            return;
        }
        Pending only = part.getFirst();
        String detail = tooLarge.problem().detail();
        String why = detail == null ? tooLarge.problem().title() : detail;
        ProblemItem error = new ProblemItem(only.index(), "content", tooLarge.code(), why, null, null);
        results.accept(new DocumentResult(
                only.index(), only.document().id(), null, DocumentStatus.REJECTED, error, null, List.of()));
    }

    private void send(List<Pending> part, Set<Pending> answered) {
        Call call = Call.postLines(
                Address.of("documents", "import"),
                part.stream().map(Pending::json).toList());
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(transport.open(call), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.isBlank()) {
                    take(line, part, answered);
                }
            }
        } catch (IOException broken) {
            throw transport.broken(broken);
        }
        if (answered.size() < part.size()) {
            throw transport.broken(
                    new IOException("results came for " + answered.size() + " of " + part.size() + " documents"));
        }
    }

    private void take(String line, List<Pending> part, Set<Pending> answered) throws IOException {
        DocumentResult result = read(line);
        if (result.index() < 0 || result.index() >= part.size()) {
            throw new CairnUnintelligible(
                    "An import of " + part.size() + " documents was answered with a result for number " + result.index()
                            + ".",
                    null);
        }
        Pending pending = part.get(result.index());
        if (answered.add(pending)) {
            results.accept(new DocumentResult(
                    pending.index(),
                    result.id(),
                    result.version(),
                    result.status(),
                    result.error(),
                    result.position(),
                    result.parts()));
        }
    }

    /// A last line that was cut off in the middle is a broken connection, not a server that speaks
    /// otherwise.
    private static DocumentResult read(String line) throws IOException {
        try {
            return Wire.responses().readValue(line, DocumentResult.class);
        } catch (JacksonException unreadable) {
            throw new IOException("a result could not be read", unreadable);
        }
    }
}
