package io.cairn.projection;

/// Steps of a host that has no thread, for a scheduler in another package.
public final class ProjectionSteps {
    private ProjectionSteps() {}

    public static boolean step(RunningIndex<?> host) {
        return host.step();
    }

    public static boolean step(RunningRows projection) {
        return projection.step();
    }
}
