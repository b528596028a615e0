package io.cairn.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// Prints what a shell needs to complete the words of a command.
@Command(description = "Print the completion for bash or zsh; use it as: source <(cairn completion)")
final class CompletionCommand implements Callable<Integer> {
    private final Shell shell;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    CompletionCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        shell.print(AutoComplete.bash("cairn", spec.root().commandLine()));
        return Exit.GOOD;
    }
}
