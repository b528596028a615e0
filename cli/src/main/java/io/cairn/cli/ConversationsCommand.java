package io.cairn.cli;

import io.cairn.client.Cairn;
import io.cairn.client.wire.Conversation;
import io.cairn.client.wire.Message;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Lists, shows and deletes conversations.
@Command(description = "List, title, show and delete conversations.")
final class ConversationsCommand implements Callable<Integer> {
    private final Shell shell;

    ConversationsCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        return list();
    }

    @Command(name = "list", description = "List the conversations (also without a subcommand).")
    int list() {
        try (Cairn cairn = shell.cairn()) {
            List<Conversation> found = cairn.conversations().list().toList();
            if (shell.json()) {
                found.forEach(shell::printJson);
            } else if (found.isEmpty()) {
                shell.print("There is no conversation.");
            } else {
                Table table = new Table("CONVERSATION", "MESSAGES", "LAST", "TITLE");
                found.forEach(each -> table.row(
                        each.id(),
                        each.messageCount(),
                        each.updatedAt() == null ? "-" : each.updatedAt(),
                        each.title() == null ? "-" : each.title()));
                table.lines().forEach(shell::print);
            }
            return Exit.GOOD;
        }
    }

    @Command(name = "title", description = "Give a conversation a title; its metadata stays.")
    int title(
            @Parameters(paramLabel = "CONVERSATION") String conversation,
            @Parameters(paramLabel = "TITLE") String title) {
        try (Cairn cairn = shell.cairn()) {
            Conversation known = cairn.conversations().get(conversation);
            Conversation titled = cairn.conversations().describe(conversation, known.titled(title));
            if (shell.json()) {
                shell.printJson(titled);
            } else {
                shell.print("Titled " + titled.id() + ".");
            }
            return Exit.GOOD;
        }
    }

    @Command(name = "show", description = "Show the messages of a conversation.")
    int show(@Parameters(paramLabel = "CONVERSATION") String conversation) {
        try (Cairn cairn = shell.cairn()) {
            cairn.conversations().messages(conversation).forEach(message -> {
                if (shell.json()) {
                    shell.printJson(message);
                } else {
                    shell.print(heading(message));
                    shell.print(said(message));
                    shell.print("");
                }
            });
            return Exit.GOOD;
        }
    }

    private static String said(Message message) {
        String calls = message.toolCalls().isEmpty() ? "" : "(calls " + message.toolCalls() + ")";
        return Stream.of(message.content(), calls)
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining("\n"));
    }

    private String heading(Message message) {
        String speaker = message.speaker() == null ? message.role() : message.speaker();
        String at = message.at() == null ? "" : "  " + message.at();
        return shell.styled("bold", speaker) + "  [" + message.id() + "]" + at;
    }

    @Command(
            name = "delete",
            description = "Delete a conversation with all its messages, or one of them; its id stays burnt.")
    int delete(
            @Parameters(paramLabel = "CONVERSATION") String conversation,
            @Option(names = "--message", paramLabel = "ID", description = "Only this message, as `show` names it.")
                    @Nullable
                    String message) {
        try (Cairn cairn = shell.cairn()) {
            if (message == null) {
                Deletion.told(shell, conversation, cairn.conversations().delete(conversation));
            } else {
                Deletion.told(shell, message, cairn.conversations().deleteMessage(conversation, message));
            }
            return Exit.GOOD;
        }
    }
}
