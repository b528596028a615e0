package io.cairn.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The command `cairn`.
@Command(
        name = "cairn",
        mixinStandardHelpOptions = true,
        scope = CommandLine.ScopeType.INHERIT,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        usageHelpAutoWidth = true)
final class CairnCli implements Runnable {
    /// What the server's own jar does, told here so that there is one help for everything.
    private static final Map<String, String> LAUNCHED = Map.of(
            "serve", "Start the server.",
            "demo", "Start a server on a temporary folder, fill it and ask it three questions.",
            "verify", "Check the log in a data folder from its first event to its anchor.",
            "copy", "Copy a log between a data folder and PostgreSQL, resumable and verified.",
            "version", "Print the version of Cairn.");

    @Mixin
    @SuppressWarnings("UnusedVariable") // picocli reads its options
    private final Shell shell;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    private CairnCli(Shell shell) {
        this.shell = shell;
    }

    public static void main(String[] arguments) {
        System.exit(run(Terminal.ofProcess(), arguments));
    }

    static int run(Terminal terminal, String... arguments) {
        Shell shell = new Shell(terminal);
        CommandLine command = new CommandLine(new CairnCli(shell));
        launched(command, shell, "serve", "demo");
        command.addSubcommand("add", new AddCommand(shell));
        command.addSubcommand("recall", new RecallCommand(shell));
        command.addSubcommand("remember", new RememberCommand(shell));
        command.addSubcommand("conversations", new ConversationsCommand(shell));
        command.addSubcommand("documents", new DocumentsCommand(shell));
        command.addSubcommand("status", new StatusCommand(shell));
        command.addSubcommand("events", new EventsCommand(shell));
        command.addSubcommand("webhooks", new WebhooksCommand(shell));
        command.addSubcommand("subscriptions", new SubscriptionsCommand(shell));
        command.addSubcommand("projections", new ProjectionsCommand(shell));
        command.addSubcommand("models", new ModelsCommand(shell));
        command.addSubcommand("tasks", new TasksCommand(shell));
        command.addSubcommand("lanes", new LanesCommand(shell));
        command.addSubcommand("dead-letters", new DeadLettersCommand(shell));
        command.addSubcommand("ledger", new LedgerCommand(shell));
        command.addSubcommand("sagas", new SagasCommand(shell));
        command.addSubcommand("schedules", new SchedulesCommand(shell));
        command.addSubcommand("schemas", new SchemasCommand(shell));
        command.addSubcommand("export", new ExportCommand(shell));
        command.addSubcommand("import", new ImportCommand(shell));
        command.addSubcommand("mcp", new McpCommand(shell));
        launched(command, shell, "verify", "copy", "version");
        command.addSubcommand("completion", new CompletionCommand(shell));
        describe(command.getCommandSpec().usageMessage());
        Failures failures = new Failures(shell);
        return command.setOut(writer(terminal.out()))
                .setErr(writer(terminal.err()))
                .setColorScheme(CommandLine.Help.defaultColorScheme(terminal.colours() ? Ansi.ON : Ansi.OFF))
                .setParameterExceptionHandler(failures)
                .setExecutionExceptionHandler(failures)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(arguments);
    }

    /// Said here because what the annotation says is inherited by every command.
    private static void describe(UsageMessageSpec usage) {
        usage.header("Cairn keeps the memory and knowledge of AI applications: append, project, recall.");
        usage.exitCodeListHeading("%nExit codes:%n");
        Map<String, String> codes = new LinkedHashMap<>();
        codes.put(" 0", "All is well.");
        codes.put(" 1", "Something was refused; what and why is on stderr.");
        codes.put(" 2", "The command was not understood.");
        codes.put(" 3", "The server could not be reached.");
        usage.exitCodeList(codes);
    }

    private static void launched(CommandLine command, Shell shell, String... names) {
        for (String name : List.of(names)) {
            CommandLine launched = new CommandLine(new LaunchedCommand(shell, name));
            launched.getCommandSpec().usageMessage().description(LAUNCHED.getOrDefault(name, ""));
            launched.setUnmatchedArgumentsAllowed(true);
            command.addSubcommand(name, launched);
        }
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, true, StandardCharsets.UTF_8);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Say what to do.");
    }
}
