package io.cairn.cli;

import io.cairn.client.Cairn;
import io.cairn.client.wire.Wire;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/// What every command has at hand: the connection, and the ways to say something.
final class Shell {
    private final Terminal terminal;

    @Mixin
    private final Connection connection;

    @Option(
            names = "--json",
            scope = ScopeType.INHERIT,
            description = "Print JSON for programs: one document, or one line per item.")
    private boolean json;

    Shell(Terminal terminal) {
        this.terminal = terminal;
        this.connection = new Connection(terminal);
    }

    Terminal terminal() {
        return terminal;
    }

    Connection connection() {
        return connection;
    }

    Cairn cairn() {
        return connection.open();
    }

    Cairn cairnForLongWork() {
        return connection.openForLongWork();
    }

    boolean json() {
        return json;
    }

    void printJson(Object value) {
        terminal.out().println(Wire.responses().writeValueAsString(value));
    }

    /// A line of the result.
    void print(String line) {
        terminal.out().println(line);
    }

    /// A line beside the result.
    void note(String line) {
        terminal.err().println(line);
    }

    /// Text in one of picocli's styles, such as `bold` or `fg(yellow)`, where colours are wanted.
    String styled(String style, String text) {
        if (!terminal.colours() || text.isEmpty()) {
            return text;
        }
        Ansi.IStyle[] styles = Ansi.Style.parse(style);
        return Ansi.Style.on(styles) + text + Ansi.Style.off(styles);
    }

    Progress progress(String task, String unit, long total) {
        return Progress.on(terminal, task, unit, total);
    }
}
