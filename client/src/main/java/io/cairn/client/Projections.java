package io.cairn.client;

import io.cairn.client.wire.Page;
import io.cairn.client.wire.ParkedKey;
import io.cairn.client.wire.ProjectionStatus;
import io.cairn.client.wire.RebuildStarted;
import io.cairn.client.wire.RetriedParked;
import io.cairn.client.wire.RetryParked;
import io.cairn.client.wire.SkipParked;
import io.cairn.client.wire.SkippedParked;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The projections of a server, as an operator sees them.
public final class Projections {
    private final Transport transport;

    Projections(Transport transport) {
        this.transport = transport;
    }

    public List<ProjectionStatus> list() {
        Page<ProjectionStatus> page = transport.page(Call.get(Address.of("projections")), ProjectionStatus.class);
        return page.items();
    }

    /// Starts the next generation of a projection; [#list()] shows how far it has come.
    public RebuildStarted rebuild(String projection) {
        Call call = Call.post(
                Address.of("projections", projection, "rebuild"), new RetryParked(null), Call.Again.ONLY_IF_REFUSED);
        return transport.send(call, RebuildStarted.class);
    }

    /// Goes back to the generation before the current one, once that has caught up; [#list()] shows how far it has
    /// come.
    public RebuildStarted rollback(String projection) {
        Call call = Call.post(
                Address.of("projections", projection, "rollback"), new RetryParked(null), Call.Again.ONLY_IF_REFUSED);
        return transport.send(call, RebuildStarted.class);
    }

    public Page<ParkedKey> parked(String projection, @Nullable String after, @Nullable Integer limit) {
        Address address = Address.of("projections", projection, "parked")
                .with("after", after)
                .with("limit", limit);
        return transport.page(Call.get(address), ParkedKey.class);
    }

    /// All parked keys of a projection, read page by page.
    public Stream<ParkedKey> parked(String projection) {
        return Pages.all(after -> parked(projection, after, null));
    }

    /// Puts one parked key back to work, or all of them when `key` is null.
    public RetriedParked retry(String projection, @Nullable String key) {
        Call call = Call.post(
                Address.of("projections", projection, "parked", "retry"),
                new RetryParked(key),
                Call.Again.ONLY_IF_REFUSED);
        return transport.send(call, RetriedParked.class);
    }

    /// Gives up, for good, what waits under a parked key.
    public SkippedParked skip(String projection, String key) {
        Call call = Call.post(
                Address.of("projections", projection, "parked", "skip"),
                new SkipParked(key),
                Call.Again.ONLY_IF_REFUSED);
        return transport.send(call, SkippedParked.class);
    }
}
