package io.cairn.event;

import static io.cairn.row.Table.Column.bytes;
import static io.cairn.row.Table.Column.number;
import static io.cairn.row.Table.Column.text;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.cairn.row.Row;
import io.cairn.row.RowChange;
import io.cairn.row.Table;
import io.cairn.seal.DataKey;
import io.cairn.seal.SealBrokenException;
import io.cairn.tenant.Tenant;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Snapshots of streams: derived data, never the only place where anything stands.
///
/// A state holds what was in the payloads that it was made of, so it must not outlive any of them. It is sealed
/// under every key under which one of them was, layer upon layer: once a single key is destroyed, it cannot be
/// opened any more. The keys are those that the events name. None is ever made for a snapshot, since one made
/// after its subject was forgotten would keep what was to go. Where there are too many keys, or one is gone, there
/// is no snapshot.
public final class Snapshots {
    public static final Table TABLE = new Table(
            "snapshot",
            Table.Kind.DERIVED,
            List.of(text("stream_type"), text("stream_id"), number("schema_version")),
            List.of(number("version"), text("event_id"), text("keys"), bytes("sealed")));

    /// Each key is a layer to open, and a row to look up.
    public static final int KEYS_MAX = 32;

    public static final int STATE_BYTES_MAX = 1 << 20;

    private static final int SCHEMAS_MAX = 20;
    private static final Comparator<PayloadKey> ORDER =
            Comparator.comparing(PayloadKey::subject).thenComparing(PayloadKey::id);
    private static final JsonMapper JSON = ExactJson.mapper();

    /// What a stream has in the way of a snapshot.
    public sealed interface Found {
        record Usable(Snapshot snapshot) implements Found {}

        /// There is none of this schema version.
        record None() implements Found {}

        /// A subject was forgotten whose data it holds.
        record Forgotten() implements Found {}

        /// It is not what was written.
        record Broken(Exception cause) implements Found {}
    }

    /// What a unit of work carries to keep a snapshot.
    public sealed interface Kept {
        /// @param rows also remove what older schema versions have left
        record Rows(List<RowChange> rows) implements Kept {
            public Rows {
                rows = List.copyOf(rows);
            }
        }

        /// It cannot be kept, as a sentence says.
        record Impossible(String reason) implements Kept {}
    }

    private final LogStorage storage;
    private final SubjectKeys keys;
    private final SecureRandom random;

    Snapshots(LogStorage storage, SubjectKeys keys, SecureRandom random) {
        this.storage = storage;
        this.keys = keys;
        this.random = random;
    }

    public Kept keep(Tenant tenant, Snapshot snapshot) {
        var content = JSON.writeValueAsBytes(snapshot.state());
        if (content.length > STATE_BYTES_MAX) {
            return new Kept.Impossible("The state of %s has %d bytes; a snapshot has at most %d"
                    .formatted(snapshot.stream(), content.length, STATE_BYTES_MAX));
        }
        if (snapshot.keys().isEmpty() || snapshot.keys().size() > KEYS_MAX) {
            return new Kept.Impossible("The state of %s was sealed under %d keys; a snapshot has 1 to %d"
                    .formatted(snapshot.stream(), snapshot.keys().size(), KEYS_MAX));
        }
        return storage.read(stored -> keep(stored, tenant, snapshot, content));
    }

    private Kept keep(ReadSnapshot stored, Tenant tenant, Snapshot snapshot, byte[] content) {
        var sealed = content;
        var names = JSON.createArrayNode();
        for (var name : snapshot.keys().stream().sorted(ORDER).toList()) {
            var key = keys.find(stored, tenant, name.subject(), name.id());
            if (key.isEmpty()) {
                return new Kept.Impossible("A subject in the state of %s was forgotten".formatted(snapshot.stream()));
            }
            sealed = key.get().seal(sealed, owner(tenant, snapshot), random);
            names.addObject()
                    .put("subject", name.subject())
                    .put("key", name.id().toString());
        }
        var rows = new ArrayList<RowChange>();
        rows(stored, tenant, snapshot.stream()).stream()
                .filter(row -> row.number("schema_version") < snapshot.schemaVersion())
                .forEach(row -> rows.add(new RowChange.Remove(TABLE, row.key())));
        rows.add(new RowChange.Put(TABLE.row(Map.of(
                "stream_type",
                snapshot.stream().type(),
                "stream_id",
                snapshot.stream().id(),
                "schema_version",
                (long) snapshot.schemaVersion(),
                "version",
                snapshot.version(),
                "event_id",
                snapshot.lastEvent().toString(),
                "keys",
                names.toString(),
                "sealed",
                sealed))));
        return new Kept.Rows(rows);
    }

    static Found find(ReadSnapshot stored, SubjectKeys keys, Tenant tenant, StreamId stream, int schemaVersion) {
        var row = stored.row(tenant, TABLE, TABLE.key(stream.type(), stream.id(), (long) schemaVersion));
        if (row.isEmpty()) {
            return new Found.None();
        }
        try {
            return opened(stored, keys, tenant, stream, row.get());
        } catch (SealBrokenException | JacksonException | IllegalArgumentException | NoSuchElementException e) {
            return new Found.Broken(e);
        }
    }

    private static Found opened(ReadSnapshot stored, SubjectKeys keys, Tenant tenant, StreamId stream, Row row) {
        var layers = new ArrayList<PayloadKey>();
        var opening = new ArrayList<DataKey>();
        for (var name : JSON.readTree(row.text("keys"))) {
            var layer = new PayloadKey(
                    name.path("subject").asString(),
                    UUID.fromString(name.path("key").asString()));
            Optional<DataKey> key = keys.find(stored, tenant, layer.subject(), layer.id());
            if (key.isEmpty()) {
                return new Found.Forgotten();
            }
            layers.add(layer);
            opening.add(key.get());
        }
        if (layers.isEmpty()) {
            throw new IllegalArgumentException("A snapshot that is not sealed is none of ours");
        }
        var name = new Snapshot(
                stream,
                (int) row.number("schema_version"),
                row.number("version"),
                UUID.fromString(row.text("event_id")),
                JSON.nullNode(),
                Set.copyOf(layers));
        var content = row.bytes("sealed");
        for (var key : opening.reversed()) {
            content = key.open(content, owner(tenant, name));
        }
        return new Found.Usable(new Snapshot(
                stream, name.schemaVersion(), name.version(), name.lastEvent(), JSON.readTree(content), name.keys()));
    }

    private static List<Row> rows(ReadSnapshot stored, Tenant tenant, StreamId stream) {
        return stored.rows(tenant, TABLE, TABLE.key(stream.type(), stream.id()), null, SCHEMAS_MAX);
    }

    /// What a snapshot says of itself in clear is authenticated with its content.
    private static byte[] owner(Tenant tenant, Snapshot of) {
        return String.join(
                        "\0",
                        tenant.id(),
                        TABLE.name(),
                        of.stream().type(),
                        of.stream().id(),
                        Integer.toString(of.schemaVersion()),
                        Long.toString(of.version()),
                        of.lastEvent().toString())
                .getBytes(UTF_8);
    }
}
