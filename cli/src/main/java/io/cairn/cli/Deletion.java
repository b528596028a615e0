package io.cairn.cli;

import io.cairn.client.wire.Deleted;

/// Says that something is gone.
final class Deletion {
    private Deletion() {}

    static void told(Shell shell, String what, Deleted deleted) {
        if (shell.json()) {
            shell.printJson(deleted);
        } else {
            shell.print("Deleted " + what + " (position " + deleted.position() + ").");
        }
    }
}
