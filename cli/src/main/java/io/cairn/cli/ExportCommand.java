package io.cairn.cli;

import io.cairn.client.Cairn;
import io.cairn.client.Export;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Writes the whole log into a file.
@Command(
        description = {
            "Write the log into a file as lines of JSON; - writes to stdout.",
            "An interrupted file is continued behind its last whole line."
        })
final class ExportCommand implements Callable<Integer> {
    private final Shell shell;

    @Parameters(paramLabel = "FILE", description = "Where to write, or - for stdout.")
    private String file = "-";

    @Option(names = "--overwrite", description = "Begin anew, even if the file is complete.")
    private boolean overwrite;

    ExportCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws IOException {
        if (file.equals("-")) {
            return told(write(shell.terminal().out(), null), "stdout");
        }
        Path path = shell.terminal().folder().resolve(file);
        return switch (overwrite ? new ExportFile.Empty() : ExportFile.at(path)) {
            case ExportFile.Empty() -> told(into(path, 0, null), file);
            case ExportFile.Interrupted(long bytes, String cursor) -> {
                shell.note("Going on with " + file + " after " + Sizes.text(bytes) + ".");
                yield told(into(path, bytes, cursor), file);
            }
            case ExportFile.Complete() ->
                refuse(file + " already holds a complete export; name another file or use --overwrite.");
            case ExportFile.Foreign() ->
                refuse(file + " is no export of a Cairn and was left as it is; name another file.");
        };
    }

    private long into(Path path, long keep, @Nullable String cursor) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.truncate(keep).position(keep);
            OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
            try {
                return write(out, cursor);
            } finally {
                out.flush();
                channel.force(true);
            }
        }
    }

    private long write(OutputStream out, @Nullable String cursor) throws IOException {
        long lines = 0;
        try (Cairn cairn = shell.cairnForLongWork();
                Export export = cairn.archive().export(cursor);
                Progress progress = shell.progress("exporting", "lines", -1)) {
            for (Optional<Export.Line> next = export.next(); next.isPresent(); next = export.next()) {
                Export.Line line = next.get();
                if (line.mark().total() != null) {
                    progress.total(line.mark().total());
                }
                if (cursor != null && line.mark().isHeader()) {
                    continue;
                }
                out.write(line.json().getBytes(StandardCharsets.UTF_8));
                out.write('\n');
                lines++;
                progress.step();
            }
        }
        out.flush();
        return lines;
    }

    private int told(long lines, String target) {
        if (shell.json() && !target.equals("stdout")) {
            shell.printJson(Map.of("file", target, "lines", lines, "complete", true));
        }
        shell.note("Exported " + lines + " lines to " + target + "; it is complete.");
        return Exit.GOOD;
    }

    private int refuse(String reason) {
        shell.note("cairn: " + reason);
        return Exit.REFUSED;
    }
}
