package io.cairn.cli;

import io.cairn.client.Cairn;
import io.cairn.client.wire.EnqueuedTask;
import io.cairn.client.wire.NewTask;
import io.cairn.client.wire.Task;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

/// Enqueues, shows and cancels durable tasks.
@Command(description = "List, enqueue, show and cancel durable tasks.")
final class TasksCommand implements Callable<Integer> {
    private static final int SHOWN = 100;

    private final Shell shell;

    TasksCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        return list(null, null, null, SHOWN);
    }

    @Command(name = "list", description = "List tasks (also without a subcommand).")
    int list(
            @Option(names = "--state", paramLabel = "STATE", description = "Such as ready, running, later or dead.")
                    @Nullable
                    String state,
            @Option(names = "--type", paramLabel = "TYPE", description = "Only of this type.") @Nullable String type,
            @Option(names = "--lane", paramLabel = "LANE", description = "Only in this lane.") @Nullable String lane,
            @Option(names = "--limit", paramLabel = "N", defaultValue = "100", description = "At most so many.")
                    int limit) {
        try (Cairn cairn = shell.cairn()) {
            List<Task> tasks =
                    cairn.tasks().list(state, type, lane).limit(limit).toList();
            show(tasks, "There are no such tasks.");
            return Exit.GOOD;
        }
    }

    private void show(List<Task> tasks, String none) {
        if (shell.json()) {
            tasks.forEach(shell::printJson);
        } else if (tasks.isEmpty()) {
            shell.print(none);
        } else {
            Table table = new Table("ID", "TYPE", "LANE", "KEY", "STATE", "ATTEMPTS", "REASON");
            tasks.forEach(task -> table.row(
                    task.id(),
                    task.type(),
                    task.lane(),
                    Table.orDash(task.key()),
                    task.state(),
                    task.attempts(),
                    Table.orDash(task.reason())));
            table.lines().forEach(shell::print);
        }
    }

    @Command(name = "show", description = "Show one task with its payload and its history.")
    int show(@Parameters(paramLabel = "ID") String id) {
        return show(shell, id);
    }

    static int show(Shell shell, String id) {
        try (Cairn cairn = shell.cairn()) {
            Task task = cairn.tasks().get(id);
            if (shell.json()) {
                shell.printJson(task);
            } else {
                lines(task).forEach((what, value) -> shell.print("%-12s%s".formatted(what, value)));
                task.history().forEach(line -> shell.print("  " + line));
            }
            return Exit.GOOD;
        }
    }

    /// What is to be told of a task, by what it is called.
    private static Map<String, Object> lines(Task task) {
        Map<String, Object> lines = new LinkedHashMap<>();
        lines.put("task", task.id());
        lines.put("type", task.type() + " in lane " + task.lane());
        lines.put("key", task.key());
        lines.put("held by", task.heldBy());
        Long behind = task.behind();
        lines.put("holds", behind == null || behind == 0 ? null : behind + " of its key that wait behind it");
        lines.put("state", task.state() + (task.reason() == null ? "" : ": " + task.reason()));
        lines.put("created", task.createdAt() + " by " + task.actor() + " (" + task.correlation() + ")");
        lines.put("due", task.dueAt());
        lines.put("deadline", task.deadline());
        lines.put("ended", task.endedAt());
        lines.put(
                "tried",
                "attempts %d, crashes %d, postponements %d, replays %d"
                        .formatted(task.attempts(), task.crashes(), task.postponements(), task.replays()));
        lines.put("payload", task.payload());
        lines.values().removeIf(Objects::isNull);
        return lines;
    }

    @Command(name = "enqueue", description = "Enqueue a task.")
    int enqueue(
            @Parameters(paramLabel = "TYPE") String type,
            @Parameters(paramLabel = "JSON", arity = "0..1", defaultValue = "{}", description = "Its payload.")
                    String payload,
            @Option(names = "--key", paramLabel = "KEY", description = "Tasks of one key follow each other.") @Nullable
                    String key,
            @Option(names = "--due", paramLabel = "TIME", description = "Not before, such as 2026-12-01T08:00:00Z.")
                    @Nullable
                    Instant due,
            @Option(
                            names = "--in",
                            paramLabel = "DELAY",
                            description = "Not before so long from now: 30s, 10m, 2h, 7d.")
                    @Nullable
                    String delay,
            @Option(
                            names = "--deadline",
                            paramLabel = "TIME",
                            description = "Not begun after it, such as 2026-12-01T09:00:00Z; it is a dead letter then.")
                    @Nullable
                    Instant deadline,
            @Option(names = "--priority", paramLabel = "N", description = "Counts like N minutes of waiting (0).")
                    @Nullable
                    Integer priority,
            @Option(names = "--id", paramLabel = "UUID", description = "Its id; the same task again is no harm.")
                    @Nullable
                    String id,
            @Option(names = "--once-for", paramLabel = "KEY", description = "Only if none with this key is open.")
                    @Nullable
                    String dedup,
            @Option(names = "--subject", paramLabel = "SUBJECT", description = "Whose data the payload is.") @Nullable
                    String subject) {
        if (due != null && delay != null) {
            shell.note("Say either --due or --in.");
            return Exit.USAGE;
        }
        Instant from = delay == null ? due : Instant.now().plus(Times.delay(delay));
        try (Cairn cairn = shell.cairn()) {
            EnqueuedTask enqueued = cairn.tasks()
                    .enqueue(new NewTask(
                            id,
                            type,
                            JsonMapper.shared().readTree(payload),
                            key,
                            priority,
                            from,
                            deadline,
                            dedup,
                            subject));
            if (shell.json()) {
                shell.printJson(enqueued);
            } else {
                shell.print(enqueued.id() + (enqueued.existing() ? " was there already." : " is enqueued."));
            }
            return Exit.GOOD;
        }
    }

    @Command(name = "cancel", description = "Ask for a task not to be done any more.")
    int cancel(@Parameters(paramLabel = "ID") String id) {
        try (Cairn cairn = shell.cairn()) {
            Task task = cairn.tasks().cancel(id);
            if (shell.json()) {
                shell.printJson(task);
            } else {
                shell.print(id + " is asked to stop.");
            }
            return Exit.GOOD;
        }
    }
}
