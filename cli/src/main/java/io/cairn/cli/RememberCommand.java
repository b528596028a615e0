package io.cairn.cli;

import io.cairn.client.Cairn;
import io.cairn.client.wire.AppendedMessage;
import io.cairn.client.wire.AppendedMessages;
import io.cairn.client.wire.NewMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Appends one message to a conversation.
@Command(description = "Append a message to a conversation.")
final class RememberCommand implements Callable<Integer> {
    private final Shell shell;

    @Parameters(index = "0", paramLabel = "CONVERSATION", description = "Its id; the first message creates it.")
    private String conversation = "";

    @Parameters(index = "1", paramLabel = "TEXT", description = "What was said; - reads it from stdin.")
    private String text = "";

    @Option(names = "--role", paramLabel = "ROLE", description = "Who spoke: user, assistant, system or tool (user).")
    private String role = "user";

    @Option(names = "--speaker", paramLabel = "NAME", description = "The speaker's name.")
    private @Nullable String speaker;

    @Option(names = "--at", paramLabel = "TIME", description = "When it was said (now).")
    private @Nullable String at;

    @Option(names = "--id", paramLabel = "ID", description = "The message's own id; the same one twice is stored once.")
    private @Nullable String id;

    RememberCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws IOException {
        String content = text.equals("-")
                ? new String(shell.terminal().in().readAllBytes(), StandardCharsets.UTF_8).strip()
                : text;
        NewMessage message =
                NewMessage.of(role, content).withSpeaker(speaker).withAt(at == null ? null : Times.startOf(at));
        try (Cairn cairn = shell.cairn()) {
            AppendedMessages appended =
                    cairn.conversations().append(conversation, id == null ? message : message.withId(id));
            if (shell.json()) {
                shell.printJson(appended);
            } else {
                AppendedMessage stored = appended.messages().getFirst();
                shell.print("Message " + stored.sequence() + " of " + conversation + " (id " + stored.id() + ").");
            }
            return Exit.GOOD;
        }
    }
}
