package io.cairn.cli;

import io.cairn.client.Cairn;
import io.cairn.client.wire.ExportLine;
import io.cairn.client.wire.Imported;
import io.cairn.client.wire.Wire;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Iterator;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.core.JacksonException;

/// Reads an export back into a server.
@Command(
        name = "import",
        description = {
            "Read an export into the server; - reads it from stdin.",
            "What is there already is skipped, so that an interrupted import is simply repeated."
        })
final class ImportCommand implements Callable<Integer> {
    private final Shell shell;

    @Parameters(paramLabel = "FILE", description = "An export, or - for stdin.")
    private String file = "-";

    private long imported;
    private long skipped;
    private @Nullable String position;
    private @Nullable String lastLine;

    ImportCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws IOException {
        try (InputStream in = file.equals("-")
                        ? shell.terminal().in()
                        : Files.newInputStream(shell.terminal().folder().resolve(file));
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
                Progress progress = shell.progress("importing", "lines", -1);
                Cairn cairn = shell.cairnForLongWork()) {
            Iterator<String> whole = lines.lines()
                    .filter(line -> !line.isBlank())
                    .peek(line -> lastLine = line)
                    .iterator();
            cairn.archive().importAll(whole, part -> take(part, progress));
        }
        return told();
    }

    private void take(Imported part, Progress progress) {
        imported += part.imported();
        skipped += part.skipped();
        position = part.position();
        progress.to(imported + skipped);
    }

    private int told() {
        boolean complete = lastLine != null && isEnd(lastLine);
        if (shell.json()) {
            shell.printJson(new Result(imported, skipped, position, complete));
        } else {
            shell.print("Imported " + imported + ", skipped " + skipped + " that were there already.");
        }
        if (!complete) {
            shell.note("cairn: " + file
                    + " lacks its last line: the export was interrupted, and so this copy is not whole."
                    + " Finish it with: cairn export " + file);
        }
        return complete ? Exit.GOOD : Exit.REFUSED;
    }

    private static boolean isEnd(String line) {
        try {
            return Wire.responses().readValue(line, ExportLine.class).isEnd();
        } catch (JacksonException cutOff) {
            return false;
        }
    }

    private record Result(
            long imported, long skipped, @Nullable String position, boolean complete) {}
}
