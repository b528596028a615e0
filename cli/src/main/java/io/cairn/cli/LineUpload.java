package io.cairn.cli;

import io.cairn.client.Cairn;
import io.cairn.client.CairnProblem;
import io.cairn.client.wire.NewDocument;
import io.cairn.client.wire.NewMessage;
import io.cairn.client.wire.Wire;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Sends lines of JSON in their order: documents, and messages of any conversations.
///
/// A line without an id gets one from its file and number, so that the same file may be sent again.
final class LineUpload {
    private static final int MESSAGES_AT_ONCE = 100;
    private static final int DOCUMENTS_AT_ONCE = 200;

    private final Cairn cairn;
    private final AddReport report;
    private final @Nullable String defaultConversation;
    private final List<String> tags;
    private final List<Line<NewDocument>> documents = new ArrayList<>();
    private final List<Line<NewMessage>> messages = new ArrayList<>();
    private String conversation = "";

    private record Line<T>(String source, T value) {}

    LineUpload(Cairn cairn, AddReport report, @Nullable String defaultConversation, List<String> tags) {
        this.cairn = cairn;
        this.report = report;
        this.defaultConversation = defaultConversation;
        this.tags = List.copyOf(tags);
    }

    void upload(String name, InputStream in, Progress watcher) throws IOException {
        report.watchedBy(watcher);
        try (watcher;
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            int number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (!line.isBlank()) {
                    take(name + ":" + number, line);
                }
            }
            flush();
        }
    }

    private void take(String source, String line) {
        try {
            JsonNode json = Wire.requests().readTree(line);
            if (!(json instanceof ObjectNode object)) {
                report.refused(source, "not_sent", "is no JSON object");
            } else if (object.has("role")) {
                message(source, object);
            } else {
                document(source, Wire.requests().treeToValue(object, NewDocument.class));
            }
        } catch (JacksonException unreadable) {
            report.refused(source, "not_sent", "cannot be read: " + unreadable.getOriginalMessage());
        }
    }

    private void document(String source, NewDocument document) {
        flushMessages();
        NewDocument named = document.id() == null ? document.withId(source) : document;
        List<String> both =
                Stream.concat(named.tags().stream(), tags.stream()).distinct().toList();
        documents.add(new Line<>(source, named.withTags(both)));
        if (documents.size() == DOCUMENTS_AT_ONCE) {
            flushDocuments();
        }
    }

    private void message(String source, ObjectNode object) {
        JsonNode own = object.remove("conversation_id");
        String target = own != null && own.isString() ? own.stringValue() : defaultConversation;
        if (target == null) {
            report.refused(source, "not_sent", "has no conversation_id, and --conversation is not given");
            return;
        }
        NewMessage message = Wire.requests().treeToValue(object, NewMessage.class);
        flushDocuments();
        if (!target.equals(conversation) || messages.size() == MESSAGES_AT_ONCE) {
            flushMessages();
        }
        conversation = target;
        messages.add(new Line<>(source, message.id() == null ? message.withId(source) : message));
    }

    private void flush() {
        flushDocuments();
        flushMessages();
    }

    private void flushDocuments() {
        List<Line<NewDocument>> batch = List.copyOf(documents);
        documents.clear();
        cairn.documents()
                .addAll(
                        batch.stream().map(Line::value).iterator(),
                        result -> report.result(batch.get(result.index()).source(), result));
    }

    private void flushMessages() {
        List<Line<NewMessage>> batch = List.copyOf(messages);
        messages.clear();
        if (!batch.isEmpty()) {
            append(batch);
        }
    }

    /// A batch is stored whole or not at all; halving one that was refused leaves out only what deserves
    /// it.
    private void append(List<Line<NewMessage>> batch) {
        try {
            cairn.conversations()
                    .append(conversation, batch.stream().map(Line::value).toList());
            report.messages(conversation, batch.size());
        } catch (CairnProblem problem) {
            if (!AddReport.isAboutTheDocument(problem)) {
                throw problem;
            }
            if (batch.size() == 1) {
                report.refused(batch.getFirst().source(), problem);
                return;
            }
            append(batch.subList(0, batch.size() / 2));
            append(batch.subList(batch.size() / 2, batch.size()));
        }
    }
}
