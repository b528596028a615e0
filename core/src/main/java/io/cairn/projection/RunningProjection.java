package io.cairn.projection;

import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A projection that runs on this node, as operators see and steer it.
public interface RunningProjection extends AutoCloseable {
    String name();

    ProjectionHealth health();

    /// Waits until readers see the position of a partition.
    ///
    /// @return whether they do
    boolean awaitVisible(int partition, long position, Duration timeMax) throws InterruptedException;

    /// Builds a new generation from the first event on, beside the current one, and switches when it has caught up.
    ///
    /// @return the number of the new generation
    int rebuild();

    /// Lets the former generation catch up beside the current one, and then switches to it.
    RolledBack rollback();

    /// Streams that wait since one of their events made the projection fail.
    ///
    /// @param afterKey goes on behind this stream
    List<ParkedKeys.Parked> parked(Tenant tenant, @Nullable String afterKey, int limit);

    long parkedCount(Tenant tenant);

    /// Applies what waits in parked streams again.
    ///
    /// @param key a single stream, or null for all
    /// @return how many were retried and are parked no more
    int retry(Tenant tenant, @Nullable String key);

    /// Does without what waits in a parked stream, for good: up to the stream's end as it is now, and in every
    /// generation to come.
    ///
    /// @param context who decided so
    Skipped skip(Context context, String key);

    @Override
    void close();
}
