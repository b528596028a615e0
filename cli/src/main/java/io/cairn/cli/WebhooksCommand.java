package io.cairn.cli;

import io.cairn.client.Cairn;
import io.cairn.client.wire.NewWebhook;
import io.cairn.client.wire.Webhook;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/// Shows and steers the servers that are told of events.
@Command(description = "List, make and steer webhooks to other servers.")
final class WebhooksCommand implements Callable<Integer> {
    private final Shell shell;

    WebhooksCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        return list();
    }

    @Command(name = "list", description = "List the webhooks (also without a subcommand).")
    int list() {
        try (Cairn cairn = shell.cairn()) {
            List<Webhook> webhooks = cairn.webhooks().list();
            if (shell.json()) {
                webhooks.forEach(shell::printJson);
            } else if (webhooks.isEmpty()) {
                shell.print("There is no webhook.");
            } else {
                Table table = new Table("ID", "URL", "PATTERN", "STATUS", "LAG", "REASON");
                webhooks.forEach(each -> table.row(
                        each.id(),
                        each.url(),
                        each.pattern(),
                        each.status(),
                        each.lag(),
                        each.reason() == null ? "-" : each.reason()));
                table.lines().forEach(shell::print);
            }
            return Exit.GOOD;
        }
    }

    @Command(name = "create", description = "Tell a server of events from now on; prints its secret, this once.")
    int create(
            @Parameters(paramLabel = "URL") String url,
            @Option(names = "--pattern", paramLabel = "PATTERN", description = "Which types, such as lead.* (all).")
                    @Nullable
                    String pattern,
            @Option(
                            names = "--filter",
                            paramLabel = "POINTER=VALUE",
                            description =
                                    "Only events whose payload has it, such as /country=RO; several must all fit.")
                    @Nullable
                    Map<String, String> filter) {
        return act(cairn -> cairn.webhooks().create(new NewWebhook(url, pattern, values(filter), null)));
    }

    @Command(name = "change", description = "Change the address, the pattern or the filter of a webhook.")
    int change(
            @Parameters(paramLabel = "ID") String id,
            @Option(names = "--to", paramLabel = "ADDRESS", description = "Where to send.") @Nullable String address,
            @Option(names = "--pattern", paramLabel = "PATTERN", description = "Which types.") @Nullable String pattern,
            @Option(
                            names = "--filter",
                            paramLabel = "POINTER=VALUE",
                            description = "Only events whose payload has it, in place of the former filter.")
                    @Nullable
                    Map<String, String> filter) {
        return act(cairn -> cairn.webhooks().change(id, new NewWebhook(address, pattern, values(filter), null)));
    }

    /// A value is JSON; what is none is a text, so that country codes need no quotes.
    private static @Nullable Map<String, JsonNode> values(@Nullable Map<String, String> filter) {
        if (filter == null) {
            return null;
        }
        Map<String, JsonNode> values = new LinkedHashMap<>();
        filter.forEach((pointer, value) -> values.put(pointer, value(value)));
        return values;
    }

    private static JsonNode value(String text) {
        try {
            return JsonMapper.shared().readTree(text);
        } catch (JacksonException notJson) {
            return JsonNodeFactory.instance.stringNode(text);
        }
    }

    @Command(name = "enable", description = "Send again, beginning with what was held.")
    int enable(@Parameters(paramLabel = "ID") String id) {
        return act(cairn -> cairn.webhooks().enable(id));
    }

    @Command(name = "disable", description = "Send nothing more, and hold what there would be to send.")
    int disable(@Parameters(paramLabel = "ID") String id) {
        return act(cairn -> cairn.webhooks().disable(id));
    }

    @Command(name = "rotate", description = "Replace the secret, and print the new one; the former signs for a while.")
    int rotate(@Parameters(paramLabel = "ID") String id) {
        return act(cairn -> cairn.webhooks().rotate(id, null));
    }

    @Command(name = "ping", description = "Send one that says nothing; its task tells what became of it.")
    int ping(@Parameters(paramLabel = "ID") String id) {
        try (Cairn cairn = shell.cairn()) {
            var ping = cairn.webhooks().ping(id);
            if (shell.json()) {
                shell.printJson(ping);
            } else {
                shell.print("Sent by task " + ping.task() + ".");
            }
            return Exit.GOOD;
        }
    }

    @Command(name = "delete", description = "Forget a webhook, with what was held for it.")
    int delete(@Parameters(paramLabel = "ID") String id) {
        try (Cairn cairn = shell.cairn()) {
            cairn.webhooks().delete(id);
            shell.print("Webhook " + id + " is deleted.");
            return Exit.GOOD;
        }
    }

    private int act(Function<Cairn, Webhook> what) {
        try (Cairn cairn = shell.cairn()) {
            Webhook webhook = what.apply(cairn);
            if (shell.json()) {
                shell.printJson(webhook);
            } else {
                shell.print(
                        "%s  %s  %s  %s".formatted(webhook.id(), webhook.url(), webhook.pattern(), webhook.status()));
                if (webhook.secret() != null) {
                    shell.print("Its secret, shown this once: " + webhook.secret());
                }
            }
            return Exit.GOOD;
        }
    }
}
