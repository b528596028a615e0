package io.cairn.client;

import io.cairn.client.wire.Page;
import io.cairn.client.wire.Saga;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Sagas, as an operator sees them.
public final class Sagas {
    private final Transport transport;

    Sagas(Transport transport) {
        this.transport = transport;
    }

    public Saga get(String id) {
        return transport.send(Call.get(Address.of("sagas", id)), Saga.class);
    }

    /// In the order of their start.
    ///
    /// @param status such as `running` or `compensating`
    /// @param correlationId what they are about
    public Page<Saga> list(
            @Nullable String status,
            @Nullable String type,
            @Nullable String correlationId,
            @Nullable String after,
            @Nullable Integer limit) {
        Address address = Address.of("sagas")
                .with("status", status)
                .with("type", type)
                .with("correlation_id", correlationId)
                .with("after", after)
                .with("limit", limit);
        return transport.page(Call.get(address), Saga.class);
    }

    /// All of them, read page by page.
    public Stream<Saga> list(@Nullable String status, @Nullable String type, @Nullable String correlationId) {
        return Pages.all(after -> list(status, type, correlationId, after, null));
    }
}
