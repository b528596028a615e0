package io.cairn.client;

import io.cairn.client.wire.NewSchemaVersion;
import io.cairn.client.wire.Page;
import io.cairn.client.wire.RegisteredType;
import io.cairn.client.wire.SchemaRegistered;
import io.cairn.client.wire.SchemaVersion;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What the payloads of a tenant's own events look like, by type and version.
public final class Schemas {
    private final Transport transport;

    Schemas(Transport transport) {
        this.transport = transport;
    }

    /// Registers a version, for good; the same once more changes nothing.
    public SchemaRegistered put(String type, int version, NewSchemaVersion schema) {
        Address address = Address.of("schemas", type, Integer.toString(version));
        return transport.send(Call.put(address, schema, Call.Again.HARMLESS), SchemaRegistered.class);
    }

    public Page<RegisteredType> list(@Nullable String after, @Nullable Integer limit) {
        Address address = Address.of("schemas").with("after", after).with("limit", limit);
        return transport.page(Call.get(address), RegisteredType.class);
    }

    /// All registered types, read page by page.
    public Stream<RegisteredType> list() {
        return Pages.all(after -> list(after, null));
    }

    public Page<SchemaVersion> versions(String type, @Nullable String after, @Nullable Integer limit) {
        Address address = Address.of("schemas", type).with("after", after).with("limit", limit);
        return transport.page(Call.get(address), SchemaVersion.class);
    }

    /// All versions of a type from the first on, read page by page.
    public Stream<SchemaVersion> versions(String type) {
        return Pages.all(after -> versions(type, after, null));
    }

    public SchemaVersion find(String type, int version) {
        Address address = Address.of("schemas", type, Integer.toString(version));
        return transport.send(Call.get(address), SchemaVersion.class);
    }
}
