package io.cairn.server.mcp;

import static java.util.stream.Collectors.joining;

import io.cairn.client.wire.ProjectionStatus;
import io.cairn.client.wire.Status;
import io.cairn.server.wire.TenantStatus;
import java.util.Map;

/// Tells how much is stored and whether recall keeps up with it.
final class StatusTool implements Tool {
    private final TenantStatus statuses;

    StatusTool(TenantStatus statuses) {
        this.statuses = statuses;
    }

    private record Nothing() {}

    @Override
    public String name() {
        return "status";
    }

    @Override
    public boolean writes() {
        return false;
    }

    @Override
    public Told call(Caller caller, Map<String, Object> arguments) {
        Arguments.read(arguments, Nothing.class);
        var status = statuses.of(caller.context().tenant(), false);
        return new Told(text(status), status);
    }

    private static String text(Status status) {
        var counts = status.counts();
        return "Cairn %s holds %d conversations with %d messages, and %d documents. The log is at %s.%n"
                        .formatted(
                                status.version(),
                                counts.getOrDefault("conversations", 0L),
                                counts.getOrDefault("messages", 0L),
                                counts.getOrDefault("documents", 0L),
                                status.position())
                + status.projections().stream().map(StatusTool::text).collect(joining("\n"));
    }

    private static String text(ProjectionStatus projection) {
        return "Index '%s' is %s, %d events behind%s."
                .formatted(
                        projection.name(),
                        projection.state(),
                        projection.eventsBehind(),
                        projection.stale() ? ", stale: recall may miss what is new" : "");
    }
}
