package io.cairn.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Calls of the command line from a folder, with what they print kept.
final class Calls {
    private final Path folder;
    private final Map<String, String> environment = new HashMap<>();
    private InputStream in = InputStream.nullInputStream();

    record Outcome(int exit, String out, String err) {
        List<String> lines() {
            return out.lines().toList();
        }
    }

    Calls(Path folder) {
        this.folder = folder;
    }

    Calls with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    Calls typing(String text) {
        in = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    Outcome call(String... arguments) {
        return call(false, arguments);
    }

    Outcome watched(String... arguments) {
        return call(true, arguments);
    }

    private Outcome call(boolean watched, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(
                in,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                environment,
                folder,
                watched,
                watched);
        int exit = CairnCli.run(terminal, arguments);
        return new Outcome(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
