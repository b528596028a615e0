package io.cairn.cli;

import io.cairn.client.Cairn;
import io.cairn.client.wire.Document;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Lists, shows and deletes documents.
@Command(description = "List, show and delete documents.")
final class DocumentsCommand implements Callable<Integer> {
    private final Shell shell;

    DocumentsCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        return list();
    }

    @Command(name = "list", description = "List the documents (also without a subcommand).")
    int list() {
        try (Cairn cairn = shell.cairn()) {
            List<Document> found = cairn.documents().list().toList();
            if (shell.json()) {
                found.forEach(shell::printJson);
            } else if (found.isEmpty()) {
                shell.print("There is no document.");
            } else {
                Table table = new Table("DOCUMENT", "VERSION", "TYPE", "TITLE");
                found.forEach(
                        each -> table.row(each.id(), each.version(), orDash(each.mediaType()), orDash(each.title())));
                table.lines().forEach(shell::print);
            }
            return Exit.GOOD;
        }
    }

    private static String orDash(@Nullable String text) {
        return text == null ? "-" : text;
    }

    @Command(name = "versions", description = "List the versions of a document, the oldest first.")
    int versions(@Parameters(paramLabel = "DOCUMENT") String document) {
        try (Cairn cairn = shell.cairn()) {
            List<Document> found = cairn.documents().versions(document).toList();
            if (shell.json()) {
                found.forEach(shell::printJson);
            } else {
                Table table = new Table("VERSION", "RECORDED", "TITLE");
                found.forEach(each -> table.row(
                        each.version(), each.recordedAt() == null ? "-" : each.recordedAt(), orDash(each.title())));
                table.lines().forEach(shell::print);
            }
            return Exit.GOOD;
        }
    }

    @Command(name = "show", description = "Show the text of a document.")
    int show(
            @Parameters(paramLabel = "DOCUMENT") String document,
            @Option(names = "--version", paramLabel = "N", description = "An older version (the current one).")
                    @Nullable
                    Integer version) {
        try (Cairn cairn = shell.cairn()) {
            Document found = version == null
                    ? cairn.documents().get(document)
                    : cairn.documents().get(document, version);
            if (shell.json()) {
                shell.printJson(found);
            } else {
                shell.print(found.content() == null ? "" : found.content());
            }
            return Exit.GOOD;
        }
    }

    @Command(
            name = "delete",
            description = {
                "Delete a document with all its versions.",
                "Its id comes back only with: add --reuse-deleted-ids"
            })
    int delete(@Parameters(paramLabel = "DOCUMENT") String document) {
        try (Cairn cairn = shell.cairn()) {
            Deletion.told(shell, document, cairn.documents().delete(document));
            return Exit.GOOD;
        }
    }
}
