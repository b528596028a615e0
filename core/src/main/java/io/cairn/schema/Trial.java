package io.cairn.schema;

import io.cairn.event.EventType;
import io.cairn.event.UpcastException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Tries a version before it is registered: its schema on its own examples, and its upcaster on the examples of all
/// versions before it.
final class Trial {
    private static final int DEPTH_MAX = 50;

    private final JsonSchemas schemas;
    private final SchemaSettings settings;
    private final @Nullable KnownType before;
    private final List<Registered.Fault> faults = new ArrayList<>();

    Trial(JsonSchemas schemas, SchemaSettings settings, @Nullable KnownType before) {
        this.schemas = schemas;
        this.settings = settings;
        this.before = before;
    }

    List<Registered.Fault> of(EventType type, int version, NewSchema content) {
        int length = SchemaVersion.payload(type, version, content).toString().length();
        if (length > settings.lengthMax()) {
            fault("schema", "The version is too large", length + " characters", "at most " + settings.lengthMax());
        } else if (isDeeper(content.schema(), DEPTH_MAX)) {
            fault("schema", "The schema is nested too deeply", "deeper nesting", "at most " + DEPTH_MAX + " levels");
        } else if (upcasterFits(content.upcaster())) {
            compile(version, content);
        }
        return faults;
    }

    private boolean upcasterFits(@Nullable RegisteredUpcaster upcaster) {
        if (before == null && upcaster != null) {
            fault("upcaster", "The first version has nothing to be upcast from", "an upcaster", "none");
        } else if (before != null && upcaster == null) {
            fault(
                    "upcaster",
                    "Events of version %d need a way to the new one".formatted(before.newest()),
                    "nothing",
                    "operations, or \"impossible\": true");
        }
        return faults.isEmpty();
    }

    private void compile(int version, NewSchema content) {
        switch (schemas.compile(content.schema())) {
            case JsonSchemas.Compiled.Refused(var pointer, var reason) -> fault("schema" + pointer, reason, null, null);
            case JsonSchemas.Compiled.Ready(var schema) -> {
                for (int i = 0; i < content.examples().size(); i++) {
                    check(
                            schema,
                            "examples[%d]".formatted(i),
                            "The example",
                            content.examples().get(i));
                }
                if (before != null) {
                    upcastExamples(schema, before, version, content);
                }
            }
        }
    }

    private void upcastExamples(JsonSchema schema, KnownType older, int version, NewSchema content) {
        var chain = older.chain().then(KnownType.step(version - 1, content.upcaster()));
        for (var former : older.registered()) {
            for (int i = 0; i < former.content().examples().size(); i++) {
                var example = "Example %d of version %d, upcast,".formatted(i, former.version());
                try {
                    var upcast = chain.upcast(
                            former.version(), former.content().examples().get(i));
                    if (upcast.schemaVersion() == version) {
                        check(schema, "upcaster", example, upcast.payload());
                    }
                } catch (UpcastException e) {
                    fault("upcaster", "%s fails: %s".formatted(example, e.getMessage()), null, null);
                }
            }
        }
    }

    private void check(JsonSchema schema, String field, String what, JsonNode value) {
        int most = settings.faultsMax() - faults.size();
        if (most > 0) {
            schema.check(value, most)
                    .forEach(mismatch -> fault(
                            field + mismatch.pointer(),
                            "%s is not as the schema says%s: %s"
                                    .formatted(
                                            what,
                                            mismatch.pointer().isEmpty() ? "" : ", at " + mismatch.pointer(),
                                            mismatch.detail()),
                            mismatch.found(),
                            mismatch.allowed()));
        }
    }

    private void fault(String field, String detail, @Nullable String found, @Nullable String allowed) {
        if (faults.size() < settings.faultsMax()) {
            faults.add(new Registered.Fault(field, detail, found, allowed));
        }
    }

    private static boolean isDeeper(JsonNode json, int levels) {
        return json.isContainer() && (levels == 0 || json.valueStream().anyMatch(child -> isDeeper(child, levels - 1)));
    }
}
