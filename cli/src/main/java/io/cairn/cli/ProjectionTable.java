package io.cairn.cli;

import io.cairn.client.wire.ProjectionStatus;
import io.cairn.client.wire.RebuildProgress;
import java.util.List;
import java.util.Locale;

/// The projections of a server, one per row.
final class ProjectionTable {
    private ProjectionTable() {}

    static Table of(List<ProjectionStatus> projections) {
        Table table = new Table("PROJECTION", "STATE", "GENERATION", "BEHIND", "LAG", "PARKED");
        for (ProjectionStatus each : projections) {
            table.row(
                    each.name(),
                    state(each),
                    each.generation() == null ? "-" : each.generation(),
                    each.eventsBehind() < 0 ? "never ran" : each.eventsBehind(),
                    each.lagSeconds() == null ? "-" : String.format(Locale.ROOT, "%.1f s", each.lagSeconds()),
                    each.parked() == null ? 0 : each.parked());
        }
        return table;
    }

    private static String state(ProjectionStatus projection) {
        RebuildProgress rebuild = projection.rebuild();
        String state =
                projection.state() == null ? "running" : projection.state().value();
        String progress = rebuild == null ? "" : " " + rebuild.done() + "/" + rebuild.total();
        String stale = projection.stale() ? ", stale" : "";
        String stuck =
                Boolean.FALSE.equals(projection.advancing()) && projection.eventsBehind() > 0 ? ", not advancing" : "";
        return state + progress + stale + stuck;
    }
}
