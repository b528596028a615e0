package io.cairn.cli;

import io.cairn.client.Cairn;
import io.cairn.client.wire.LaneStatus;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/// Shows the lanes and what is in them.
@Command(description = "Show the lanes of tasks, and what is in them.")
final class LanesCommand implements Callable<Integer> {
    private final Shell shell;

    LanesCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        try (Cairn cairn = shell.cairn()) {
            List<LaneStatus> lanes = cairn.tasks().lanes();
            if (shell.json()) {
                lanes.forEach(shell::printJson);
            } else {
                Table table = new Table("LANE", "ORDER", "BOUND", "READY", "WAITING", "RUNNING");
                lanes.forEach(lane -> table.row(
                        lane.name(), lane.order(), lane.bound(), lane.ready(), lane.waiting(), lane.running()));
                table.lines().forEach(shell::print);
            }
            return Exit.GOOD;
        }
    }
}
