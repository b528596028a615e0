package io.cairn.server;

import java.io.Console;
import java.io.PrintStream;

/// How far a command has come, drawn over and over on one line while somebody watches.
public final class ProgressBar {
    private static final int WIDTH = 20;

    private final PrintStream out;
    private final boolean watched;
    private String drawn = "";

    public ProgressBar(PrintStream out) {
        this.out = out;
        Console console = System.console();
        this.watched = console != null && console.isTerminal();
    }

    public boolean watched() {
        return watched;
    }

    public void at(String what, long done, long total) {
        if (watched) {
            draw(text(what, done, total));
        }
    }

    /// Takes the bar away.
    public void clear() {
        if (!drawn.isEmpty()) {
            out.print("\r" + " ".repeat(drawn.length()) + "\r");
            out.flush();
            drawn = "";
        }
    }

    private void draw(String text) {
        if (!text.equals(drawn)) {
            out.print("\r" + text + " ".repeat(Math.max(0, drawn.length() - text.length())));
            out.flush();
            drawn = text;
        }
    }

    static String text(String what, long done, long total) {
        int filled = total <= 0 ? WIDTH : (int) Math.clamp(WIDTH * done / total, 0, WIDTH);
        return "  %s %s%s %,d/%,d".formatted(what, "█".repeat(filled), "░".repeat(WIDTH - filled), done, total);
    }
}
