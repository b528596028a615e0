package io.cairn.cli;

import io.cairn.client.Cairn;
import io.cairn.client.wire.CacheInvalidated;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Looks after models.
@Command(description = "Look after the models that texts are embedded with.")
final class ModelsCommand implements Callable<Integer> {
    private final Shell shell;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    ModelsCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "Say what is to be done: cairn models invalidate MODEL");
    }

    @Command(
            name = "invalidate",
            description =
                    "Remove the vectors of models from the cache, for all tenants; what is needed is embedded anew.")
    int invalidate(
            @Parameters(paramLabel = "MODEL", description = "A name, or a beginning of names with * behind it.")
                    String model) {
        try (Cairn cairn = shell.cairn()) {
            CacheInvalidated removed = cairn.models().invalidate(model);
            if (shell.json()) {
                shell.printJson(removed);
            } else {
                Table table = new Table("LEVEL", "VECTORS REMOVED");
                table.row("memory", removed.memory());
                table.row("redis", Table.orDash(removed.redis()));
                table.row("store", removed.store());
                table.lines().forEach(shell::print);
            }
            return Exit.GOOD;
        }
    }
}
