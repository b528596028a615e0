package io.cairn.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/// Lets a program that speaks MCP over stdin and stdout use a server.
@Command(description = "Speak MCP on stdin and stdout, for the server that --url names.")
final class McpCommand implements Callable<Integer> {
    private final Shell shell;

    McpCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws IOException {
        try (McpBridge bridge = new McpBridge(shell)) {
            bridge.run(shell.terminal().in());
        }
        return Exit.GOOD;
    }
}
