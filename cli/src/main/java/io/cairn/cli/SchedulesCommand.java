package io.cairn.cli;

import io.cairn.client.Cairn;
import io.cairn.client.wire.NewSchedule;
import io.cairn.client.wire.Schedule;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

/// Shows and changes what is done again and again.
@Command(description = "List, put, pause, resume, run and delete schedules.")
final class SchedulesCommand implements Callable<Integer> {
    private final Shell shell;

    SchedulesCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        return list();
    }

    @Command(name = "list", description = "List the schedules (also without a subcommand).")
    int list() {
        try (Cairn cairn = shell.cairn()) {
            show(cairn.schedules().list().toList());
            return Exit.GOOD;
        }
    }

    private void show(List<Schedule> schedules) {
        if (shell.json()) {
            schedules.forEach(shell::printJson);
        } else if (schedules.isEmpty()) {
            shell.print("There are no schedules.");
        } else {
            Table table = new Table("NAME", "CRON", "ZONE", "TYPE", "NEXT", "LAST", "FIRED");
            schedules.forEach(each -> table.row(
                    each.name(),
                    each.cron(),
                    each.zone(),
                    each.type(),
                    each.paused() ? "paused" : each.next() == null ? "-" : each.next(),
                    each.last() == null ? "-" : each.last(),
                    each.fired()));
            table.lines().forEach(shell::print);
        }
    }

    @Command(name = "put", description = "Make a schedule, or change the one of this name.")
    int put(
            @Parameters(paramLabel = "NAME") String name,
            @Parameters(paramLabel = "CRON", description = "Such as '0 3 * * SUN'.") String cron,
            @Parameters(paramLabel = "TYPE", description = "Of the tasks.") String type,
            @Parameters(paramLabel = "JSON", arity = "0..1", defaultValue = "{}", description = "Their payload.")
                    String payload,
            @Option(names = "--zone", paramLabel = "ZONE", description = "Such as Europe/Berlin.") @Nullable
                    String zone,
            @Option(
                            names = "--catch-up",
                            paramLabel = "POLICY",
                            description = "What becomes of missed times: skip, once (the default) or all.")
                    @Nullable
                    String catchUp,
            @Option(names = "--key", paramLabel = "KEY", description = "Of its tasks, which then follow each other.")
                    @Nullable
                    String key,
            @Option(names = "--subject", paramLabel = "SUBJECT", description = "Whose data the payload is.") @Nullable
                    String subject) {
        try (Cairn cairn = shell.cairn()) {
            show(List.of(cairn.schedules()
                    .put(
                            name,
                            new NewSchedule(
                                    cron,
                                    zone,
                                    catchUp,
                                    type,
                                    JsonMapper.shared().readTree(payload),
                                    key,
                                    subject))));
            return Exit.GOOD;
        }
    }

    @Command(name = "pause", description = "Let it fire no more until it is resumed.")
    int pause(@Parameters(paramLabel = "NAME") String name) {
        try (Cairn cairn = shell.cairn()) {
            show(List.of(cairn.schedules().pause(name)));
            return Exit.GOOD;
        }
    }

    @Command(name = "resume", description = "Let it go on from its next time.")
    int resume(@Parameters(paramLabel = "NAME") String name) {
        try (Cairn cairn = shell.cairn()) {
            show(List.of(cairn.schedules().resume(name)));
            return Exit.GOOD;
        }
    }

    @Command(name = "run", description = "Let it fire once more, besides its times.")
    int run(@Parameters(paramLabel = "NAME") String name) {
        try (Cairn cairn = shell.cairn()) {
            show(List.of(cairn.schedules().run(name)));
            return Exit.GOOD;
        }
    }

    @Command(name = "delete", description = "Remove it; what it has enqueued stays.")
    int delete(@Parameters(paramLabel = "NAME") String name) {
        try (Cairn cairn = shell.cairn()) {
            cairn.schedules().delete(name);
            shell.print(name + " is removed.");
            return Exit.GOOD;
        }
    }
}
