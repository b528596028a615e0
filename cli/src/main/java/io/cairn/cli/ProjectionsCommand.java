package io.cairn.cli;

import io.cairn.client.Cairn;
import io.cairn.client.wire.ParkedKey;
import io.cairn.client.wire.ProjectionState;
import io.cairn.client.wire.ProjectionStatus;
import io.cairn.client.wire.RebuildProgress;
import io.cairn.client.wire.RebuildStarted;
import io.cairn.client.wire.RetriedParked;
import io.cairn.client.wire.SkippedParked;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Shows, rebuilds and mends projections.
@Command(description = "List, rebuild and mend projections.")
final class ProjectionsCommand implements Callable<Integer> {
    private static final long POLL_MS = 500;

    private final Shell shell;

    ProjectionsCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        return list();
    }

    @Command(name = "list", description = "List the projections (also without a subcommand).")
    int list() {
        try (Cairn cairn = shell.cairn()) {
            List<ProjectionStatus> projections = cairn.projections().list();
            if (shell.json()) {
                projections.forEach(shell::printJson);
            } else {
                ProjectionTable.of(projections).lines().forEach(shell::print);
            }
            return Exit.GOOD;
        }
    }

    @Command(name = "rebuild", description = "Build a projection anew beside the old one, then switch.")
    int rebuild(
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--no-wait", description = "Return at once instead of following the progress.")
                    boolean noWait)
            throws InterruptedException {
        try (Cairn cairn = shell.cairn()) {
            return begun(cairn, cairn.projections().rebuild(name), noWait);
        }
    }

    @Command(name = "rollback", description = "Go back to the generation before the current one.")
    int rollback(
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--no-wait", description = "Return at once instead of following the progress.")
                    boolean noWait)
            throws InterruptedException {
        try (Cairn cairn = shell.cairn()) {
            return begun(cairn, cairn.projections().rollback(name), noWait);
        }
    }

    private int begun(Cairn cairn, RebuildStarted started, boolean noWait) throws InterruptedException {
        String name = started.name();
        ProjectionStatus reached = noWait ? null : follow(cairn, started);
        if (shell.json()) {
            shell.printJson(reached == null ? started : reached);
        }
        if (reached == null) {
            shell.note("Generation " + started.generation() + " of " + name + " is on its way.");
            return Exit.GOOD;
        }
        boolean failed = ProjectionState.FAILED.equals(reached.state());
        shell.note(
                failed
                        ? "The rebuild of " + name
                                + " failed; the old generation stays in use. See: cairn projections parked " + name
                        : name + " now runs on generation " + started.generation() + ".");
        return failed ? Exit.REFUSED : Exit.GOOD;
    }

    private ProjectionStatus follow(Cairn cairn, RebuildStarted started) throws InterruptedException {
        try (Progress progress = shell.progress("rebuilding " + started.name(), "events", -1)) {
            while (true) {
                ProjectionStatus now = find(cairn, started.name());
                RebuildProgress rebuild = now.rebuild();
                if (rebuild == null) {
                    return now;
                }
                progress.total(rebuild.total());
                progress.to(rebuild.done());
                Thread.sleep(POLL_MS);
            }
        }
    }

    private static ProjectionStatus find(Cairn cairn, String name) {
        return cairn.projections().list().stream()
                .filter(projection -> projection.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("The server has no projection named " + name + "."));
    }

    @Command(name = "parked", description = "List the keys that a projection set aside, with the error of each.")
    int parked(@Parameters(paramLabel = "NAME") String name) {
        try (Cairn cairn = shell.cairn()) {
            showParked(shell, cairn.projections().parked(name).toList());
            return Exit.GOOD;
        }
    }

    static void showParked(Shell shell, List<ParkedKey> parked) {
        if (shell.json()) {
            parked.forEach(shell::printJson);
        } else if (parked.isEmpty()) {
            shell.print("Nothing is parked.");
        } else {
            Table table = new Table("KEY", "VERSION", "TYPE", "ATTEMPTS", "SINCE", "REASON");
            parked.forEach(key -> table.row(
                    key.key(),
                    key.position(),
                    Table.orDash(key.eventType()),
                    Table.orDash(key.attempts()),
                    Table.orDash(key.parkedAt()),
                    key.error()));
            table.lines().forEach(shell::print);
        }
    }

    @Command(name = "retry", aliases = "replay", description = "Put parked keys back to work.")
    int retry(
            @Parameters(paramLabel = "NAME") String name,
            @Parameters(paramLabel = "KEY", arity = "0..1", description = "Only this one.") @Nullable String key) {
        try (Cairn cairn = shell.cairn()) {
            showRetried(shell, cairn.projections().retry(name, key));
            return Exit.GOOD;
        }
    }

    static void showRetried(Shell shell, RetriedParked retried) {
        if (shell.json()) {
            shell.printJson(retried);
        } else {
            shell.print(retried.retried() + " retried"
                    + (retried.parked() == null ? "." : ", " + retried.parked() + " still parked."));
        }
    }

    @Command(name = "skip", aliases = "discard", description = "Give up, for good, what waits under a parked key.")
    int skip(@Parameters(paramLabel = "NAME") String name, @Parameters(paramLabel = "KEY") String key) {
        try (Cairn cairn = shell.cairn()) {
            showSkipped(shell, key, cairn.projections().skip(name, key));
            return Exit.GOOD;
        }
    }

    static void showSkipped(Shell shell, String key, SkippedParked skipped) {
        if (shell.json()) {
            shell.printJson(skipped);
        } else {
            shell.print(skipped.skipped() + " events of " + key + " skipped"
                    + (skipped.parked() == null ? "." : ", " + skipped.parked() + " keys still parked."));
        }
    }
}
