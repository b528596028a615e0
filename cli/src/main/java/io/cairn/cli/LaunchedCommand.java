package io.cairn.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/// A command that the launcher hands to the server's jar and never to this one, except when it was called
/// without it.
@Command
final class LaunchedCommand implements Callable<Integer> {
    private final Shell shell;
    private final String name;

    LaunchedCommand(Shell shell, String name) {
        this.shell = shell;
        this.name = name;
    }

    @Override
    public Integer call() {
        if (name.equals("version")) {
            shell.print(Version.text());
            return Exit.GOOD;
        }
        shell.note("'" + name + "' is done by the server itself. Run: ./cairn " + name);
        return Exit.USAGE;
    }
}
