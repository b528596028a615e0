package io.cairn.follow;

import io.cairn.row.Table;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.time.Duration;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// Something that follows the log on this node, as operators see and steer it.
public interface RunningFollower extends AutoCloseable {
    /// The tables in which followers keep how far they have come and what they have put aside, in the order of their
    /// names.
    static List<Table> tables() {
        return List.of(ParkedKeys.TABLE, Checkpoint.TABLE, Marks.TABLE, ParkedKeys.OF_REACTIONS, SkippedEvents.TABLE);
    }

    String name();

    /// Of the whole log.
    default FollowerHealth health() {
        return health(partition -> true);
    }

    /// Of some partitions alone.
    FollowerHealth health(IntPredicate partitions);

    /// Waits until readers see the position of a partition.
    ///
    /// @return whether they do
    boolean awaitVisible(int partition, long position, Duration timeMax) throws InterruptedException;

    /// The streams that wait because one of their events made the follower fail.
    ///
    /// @param afterKey goes on behind this stream
    List<Parked> parked(Tenant tenant, @Nullable String afterKey, int limit);

    long parkedCount(Tenant tenant);

    /// Applies what waits in parked streams again.
    ///
    /// @param key a single stream, or null for all
    /// @return how many were retried and are parked no more
    int retry(Tenant tenant, @Nullable String key);

    /// Skips what waits in a parked stream, for good: up to the stream's end as it is now, and in every generation
    /// to come.
    ///
    /// @param context who decides so
    Skipped skip(Context context, String key);

    @Override
    void close();
}
