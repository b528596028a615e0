package io.cairn.cli;

import io.cairn.client.Cairn;
import io.cairn.client.wire.NewDocument;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Hands in files, folders, or lines of JSON.
@Command(
        description = {
            "Add files and folders as documents; - reads one from stdin.",
            "A document's id is its path, so that adding it again changes nothing, or makes a new version if the file"
                    + " has changed. What was interrupted is therefore simply repeated."
        })
final class AddCommand implements Callable<Integer> {
    private final Shell shell;

    @Parameters(paramLabel = "PATH", arity = "1..*", description = "Files, folders, or - for stdin.")
    private List<String> paths = List.of();

    @Option(
            names = "--ndjson",
            description = "The files hold one JSON object per line: documents, or messages, which have a role.")
    private boolean ndjson;

    @Option(
            names = "--conversation",
            paramLabel = "ID",
            description = "Where messages go whose line has no conversation_id.")
    private @Nullable String conversation;

    @Option(names = "--id", paramLabel = "ID", description = "The id of the one document that comes from stdin.")
    private @Nullable String id;

    @Option(names = "--base", paramLabel = "DIR", description = "What the ids are relative to (the current folder).")
    private @Nullable Path base;

    @Option(names = "--tag", paramLabel = "TAG", description = "Tag each document; may be repeated.")
    private List<String> tags = List.of();

    @Option(names = "--source-type", paramLabel = "TYPE", description = "The source type of each document (file).")
    private String sourceType = "file";

    @Option(
            names = "--reuse-deleted-ids",
            description = "Take ids of deleted documents as well; nothing of the deleted ones comes back.")
    private boolean reuseDeletedIds;

    @Option(
            names = "--exclude",
            paramLabel = "GLOB",
            description = "Pass over what matches, by name or path; may be repeated.")
    private List<String> excluded = List.of();

    @Option(
            names = "--max-size",
            paramLabel = "SIZE",
            description = "Refuse larger files before anything is sent (20M).")
    private String maxSize = "20M";

    AddCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws IOException {
        AddReport report = new AddReport(shell);
        try (Cairn cairn = shell.cairnForLongWork()) {
            if (ndjson) {
                addLines(cairn, report);
            } else {
                addFiles(cairn, report);
            }
        } finally {
            report.finish();
        }
        return report.exitCode();
    }

    private void addFiles(Cairn cairn, AddReport report) throws IOException {
        FileScan scan = new FileScan(base(), Sizes.bytes(maxSize), excluded);
        for (String path : paths) {
            if (path.equals("-")) {
                addStdin(cairn, report);
            } else {
                scan.scan(shell.terminal().folder().resolve(path));
            }
        }
        tell(scan, report);
        if (!scan.found().isEmpty()) {
            try (Progress progress =
                    shell.progress("adding", "docs", scan.found().size())) {
                report.watchedBy(progress);
                new FileUpload(cairn, report, tags, sourceType, reuseDeletedIds).upload(scan.found());
            }
        }
    }

    private void tell(FileScan scan, AddReport report) {
        long bytes = scan.found().stream().mapToLong(FileScan.Found::bytes).sum();
        if (!scan.found().isEmpty()) {
            shell.note(scan.found().size() + " files, " + Sizes.text(bytes));
        }
        if (!scan.skipped().isEmpty()) {
            shell.note("Passed over, since they hold no text: " + scan.skipped());
        }
        scan.refused().forEach(refused -> report.refused(refused.path(), "not_sent", refused.reason()));
    }

    private Path base() {
        Path folder = shell.terminal().folder();
        if (base != null) {
            return folder.resolve(base).normalize();
        }
        return folder.normalize();
    }

    private void addStdin(Cairn cairn, AddReport report) throws IOException {
        String content = new String(shell.terminal().in().readAllBytes(), StandardCharsets.UTF_8);
        String name = id == null ? "stdin-" + Digests.shortOf(content) : id;
        NewDocument document = new NewDocument(
                name,
                null,
                content,
                "text/plain",
                sourceType,
                null,
                tags,
                Map.of(),
                null,
                reuseDeletedIds ? true : null);
        cairn.documents().addAll(List.of(document).iterator(), result -> report.result(name, result));
    }

    private void addLines(Cairn cairn, AddReport report) throws IOException {
        FileScan names = new FileScan(base(), Long.MAX_VALUE, List.of());
        LineUpload upload = new LineUpload(cairn, report, conversation, tags);
        for (String path : paths) {
            if (path.equals("-")) {
                upload.upload("stdin", shell.terminal().in(), shell.progress("adding", "lines", -1));
            } else {
                Path file = shell.terminal().folder().resolve(path);
                upload.upload(names.id(file), Files.newInputStream(file), shell.progress("adding", "lines", -1));
            }
        }
    }
}
