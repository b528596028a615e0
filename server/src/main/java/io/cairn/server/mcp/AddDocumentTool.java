package io.cairn.server.mcp;

import io.cairn.client.wire.NewDocument;
import io.cairn.server.http.Field;
import io.cairn.server.http.HttpLimits;
import io.cairn.server.wire.DocumentBodies;
import io.cairn.server.wire.DocumentIntake;
import java.util.Map;
import java.util.OptionalLong;

/// Keeps a text as a document.
final class AddDocumentTool implements Tool {
    private final DocumentIntake intake;
    private final HttpLimits limits;

    AddDocumentTool(DocumentIntake intake, HttpLimits limits) {
        this.intake = intake;
        this.limits = limits;
    }

    @Override
    public String name() {
        return "add_document";
    }

    @Override
    public boolean writes() {
        return true;
    }

    @Override
    public Told call(Caller caller, Map<String, Object> arguments) {
        var given = Arguments.read(arguments, NewDocument.class);
        var document = DocumentBodies.document(Field.of(""), given, null, limits);
        caller.call().count("bytes", document.content().length);
        var stored = DocumentBodies.wire(intake.keep(caller.context(), document, OptionalLong.empty()));
        return new Told(
                "Document '%s' is %s, at version %d. Position %s: as min_position it makes recall find it."
                        .formatted(stored.id(), stored.status(), stored.version(), stored.position()),
                stored);
    }
}
