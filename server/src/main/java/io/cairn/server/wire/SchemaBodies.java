package io.cairn.server.wire;

import io.cairn.client.wire.NewSchemaVersion;
import io.cairn.client.wire.RegisteredType;
import io.cairn.client.wire.SchemaOperation;
import io.cairn.client.wire.SchemaUpcaster;
import io.cairn.client.wire.SchemaVersion;
import io.cairn.schema.NewSchema;
import io.cairn.schema.Patch;
import io.cairn.schema.RegisteredUpcaster;
import io.cairn.server.http.Field;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Schemas on the wire and in the core.
public final class SchemaBodies {
    private static final int DESCRIPTION_LENGTH_MAX = 2000;

    private SchemaBodies() {}

    public static NewSchema content(NewSchemaVersion body) {
        var schema = Field.of("schema").json(Field.of("schema").required(body.schema()));
        var examples = body.examples().isEmpty()
                ? List.<JsonNode>of()
                : Field.of("examples").each(body.examples(), NewSchema.EXAMPLES_MAX, Field::json);
        return new NewSchema(
                schema,
                upcaster(body.upcaster()),
                examples,
                Field.of("description").optionalWord(body.description(), DESCRIPTION_LENGTH_MAX));
    }

    private static @Nullable RegisteredUpcaster upcaster(@Nullable SchemaUpcaster upcaster) {
        if (upcaster == null) {
            return null;
        }
        var field = Field.of("upcaster");
        boolean impossible = Boolean.TRUE.equals(upcaster.impossible());
        var operations = upcaster.operations();
        if (impossible == (operations != null)) {
            throw field.invalid(
                    impossible ? "both" : "neither", "operations, or \"impossible\": true, but not both of them");
        }
        if (operations == null) {
            return new RegisteredUpcaster.Impossible();
        }
        return new RegisteredUpcaster.Patches(
                operations.isEmpty()
                        ? List.of()
                        : field.at("operations").each(operations, RegisteredUpcaster.PATCHES_MAX, SchemaBodies::patch));
    }

    private static Patch patch(Field field, SchemaOperation operation) {
        var value = operation.value();
        if (value != null) {
            field.at("value").json(value);
        }
        return field.built(operation.op(), () -> Patch.of(operation.op(), operation.path(), operation.from(), value));
    }

    public static SchemaVersion wire(io.cairn.schema.SchemaVersion version) {
        var content = version.content();
        return new SchemaVersion(
                version.type().name(),
                version.version(),
                content.schema(),
                wire(content.upcaster()),
                content.examples(),
                content.description(),
                version.registeredAt(),
                version.registeredBy(),
                version.position().wire());
    }

    private static @Nullable SchemaUpcaster wire(@Nullable RegisteredUpcaster upcaster) {
        return switch (upcaster) {
            case RegisteredUpcaster.Patches(var patches) ->
                SchemaUpcaster.of(patches.stream().map(SchemaBodies::wire).toList());
            case RegisteredUpcaster.Impossible impossible -> SchemaUpcaster.none();
            case null -> null;
        };
    }

    private static SchemaOperation wire(Patch patch) {
        return switch (patch) {
            case Patch.Set(var path, var value) -> new SchemaOperation("set", path.toString(), null, value);
            case Patch.Default(var path, var value) -> new SchemaOperation("default", path.toString(), null, value);
            case Patch.Rename(var from, var path) ->
                new SchemaOperation("rename", path.toString(), from.toString(), null);
            case Patch.Remove(var path) -> new SchemaOperation("remove", path.toString(), null, null);
        };
    }

    public static RegisteredType summary(List<io.cairn.schema.SchemaVersion> versions) {
        var newest = versions.getLast();
        return new RegisteredType(
                newest.type().name(),
                newest.version(),
                newest.content().description(),
                newest.registeredAt(),
                newest.registeredBy());
    }
}
