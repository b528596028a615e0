package io.cairn.cli;

import io.cairn.client.Cairn;
import io.cairn.client.wire.NewSchemaVersion;
import io.cairn.client.wire.RegisteredType;
import io.cairn.client.wire.SchemaOperation;
import io.cairn.client.wire.SchemaRegistered;
import io.cairn.client.wire.SchemaUpcaster;
import io.cairn.client.wire.SchemaVersion;
import io.cairn.client.wire.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.core.JacksonException;

/// Shows and registers the schemas of users' own events.
@Command(description = "List, show and register the schemas of your own events.")
final class SchemasCommand implements Callable<Integer> {
    private final Shell shell;

    SchemasCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        return list();
    }

    @Command(name = "list", description = "List the registered types (also without a subcommand).")
    int list() {
        try (Cairn cairn = shell.cairn()) {
            List<RegisteredType> types = cairn.schemas().list().toList();
            if (shell.json()) {
                types.forEach(shell::printJson);
            } else if (types.isEmpty()) {
                shell.print("No type is registered.");
            } else {
                Table table = new Table("TYPE", "NEWEST", "DESCRIPTION");
                types.forEach(type ->
                        table.row(type.type(), type.newest(), type.description() == null ? "-" : type.description()));
                table.lines().forEach(shell::print);
            }
            return Exit.GOOD;
        }
    }

    @Command(name = "show", description = "Show the versions of a type, or one of them with its schema.")
    int show(
            @Parameters(paramLabel = "TYPE") String type,
            @Parameters(paramLabel = "VERSION", arity = "0..1") @Nullable Integer version) {
        try (Cairn cairn = shell.cairn()) {
            List<SchemaVersion> versions = version == null
                    ? cairn.schemas().versions(type).toList()
                    : List.of(cairn.schemas().find(type, version));
            if (shell.json()) {
                versions.forEach(shell::printJson);
            } else if (version == null) {
                Table table = new Table("VERSION", "UPCASTER", "DESCRIPTION");
                versions.forEach(each -> table.row(
                        each.version(), told(each.upcaster()), each.description() == null ? "-" : each.description()));
                table.lines().forEach(shell::print);
            } else {
                shell.print(Wire.responses().writerWithDefaultPrettyPrinter().writeValueAsString(versions.getFirst()));
            }
            return Exit.GOOD;
        }
    }

    private static String told(@Nullable SchemaUpcaster upcaster) {
        if (upcaster == null) {
            return "-";
        }
        List<SchemaOperation> operations = upcaster.operations();
        return operations == null
                ? "impossible"
                : String.join(
                        ", ",
                        operations.stream()
                                .map(each -> each.op() + " " + each.path())
                                .toList());
    }

    @Command(name = "put", description = "Register a version of a type from a JSON file: schema, upcaster, examples.")
    int put(
            @Parameters(paramLabel = "TYPE") String type,
            @Parameters(paramLabel = "VERSION") int version,
            @Parameters(paramLabel = "FILE", description = "- reads it from stdin.") Path file)
            throws IOException {
        NewSchemaVersion schema = read(file);
        try (Cairn cairn = shell.cairn()) {
            SchemaRegistered registered = cairn.schemas().put(type, version, schema);
            if (shell.json()) {
                shell.printJson(registered);
            } else {
                shell.print("%s version %d: %s (position %s)."
                        .formatted(type, version, registered.status(), registered.position()));
            }
            return Exit.GOOD;
        }
    }

    /// A slip in a name is told here, before anything is sent.
    private NewSchemaVersion read(Path file) throws IOException {
        byte[] bytes = file.toString().equals("-")
                ? shell.terminal().in().readAllBytes()
                : Files.readAllBytes(shell.terminal().folder().resolve(file));
        try {
            return Wire.requests().readValue(bytes, NewSchemaVersion.class);
        } catch (JacksonException unreadable) {
            throw new IllegalArgumentException(
                    file + " is not a JSON object with schema, upcaster, examples and description: "
                            + unreadable.getOriginalMessage(),
                    unreadable);
        }
    }
}
