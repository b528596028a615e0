package io.cairn.event;

import static io.cairn.row.Table.Column.bytes;
import static io.cairn.row.Table.Column.number;
import static io.cairn.row.Table.Column.text;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.cairn.row.Row;
import io.cairn.row.RowChange;
import io.cairn.row.Table;
import io.cairn.seal.MasterKey;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.io.ByteArrayOutputStream;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Bytes too large for an event: sealed under their subject's key, addressed by their content, kept in rows beside
/// the
/// log.
///
/// A blob is cut into parts. One that fits a single part is written in the unit of work of the event that names it;
/// the
/// parts of a larger one are committed before, so that an event never names what is not durable.
public final class Blobs {
    public static final Table TABLE = new Table(
            "blob",
            Table.Kind.LOG,
            List.of(text("address"), number("part")),
            List.of(text("subject"), text("key_id"), bytes("sealed")));

    static final int PART_BYTES = 256 * 1024;

    private final EventLog log;
    private final LogStorage storage;
    private final MasterKey master;
    private final Sealing sealing;
    private final SecureRandom random;

    Blobs(EventLog log, LogStorage storage, MasterKey master, Sealing sealing, SecureRandom random) {
        this.log = log;
        this.storage = storage;
        this.master = master;
        this.sealing = sealing;
        this.random = random;
    }

    /// A blob's address, and the rows that the unit of work which names it must carry.
    public record Stored(String address, List<RowChange> rows) {}

    public Stored store(Context context, String subject, byte[] content) {
        var tenant = context.tenant();
        var address = address(tenant, subject, content);
        if (log.read(tenant, view -> view.row(TABLE, TABLE.key(address, 0L))).isPresent()) {
            return new Stored(address, List.of());
        }
        var key = sealing.keys().choose(tenant, subject, storage);
        var rows = new ArrayList<RowChange>();
        key.stored().ifPresent(rows::add);
        int parts = Math.max(1, Math.ceilDiv(content.length, PART_BYTES));
        // The first part is written last: where it stands, all stand.
        for (int part = parts - 1; part >= 0; part--) {
            rows.add(new RowChange.Put(part(tenant, address, part, subject, key, content)));
            if (part > 0) {
                log.append(Unit.rows(context, List.copyOf(rows)));
                rows.clear();
            }
        }
        return new Stored(address, List.copyOf(rows));
    }

    /// The content, or nothing if there is no such blob or its subject was forgotten.
    public Optional<byte[]> read(Tenant tenant, String address) {
        return storage.read(snapshot -> read(snapshot, sealing.keys(), tenant, address));
    }

    static Optional<byte[]> read(ReadSnapshot snapshot, SubjectKeys keys, Tenant tenant, String address) {
        var rows = snapshot.rows(tenant, TABLE, TABLE.key(address), null, Integer.MAX_VALUE);
        var content = new ByteArrayOutputStream();
        for (var row : rows) {
            var key = keys.find(snapshot, tenant, row.text("subject"), UUID.fromString(row.text("key_id")));
            if (key.isEmpty()) {
                return Optional.empty();
            }
            content.writeBytes(key.get().open(row.bytes("sealed"), owner(tenant, address, (int) row.number("part"))));
        }
        return rows.isEmpty() ? Optional.empty() : Optional.of(content.toByteArray());
    }

    private Row part(Tenant tenant, String address, int part, String subject, SubjectKeys.Chosen key, byte[] content) {
        int start = part * PART_BYTES;
        var plain = Arrays.copyOfRange(content, start, Math.min(content.length, start + PART_BYTES));
        return TABLE.row(Map.of(
                "address",
                address,
                "part",
                (long) part,
                "subject",
                subject,
                "key_id",
                key.id().toString(),
                "sealed",
                key.key().seal(plain, owner(tenant, address, part), random)));
    }

    private String address(Tenant tenant, String subject, byte[] content) {
        var name = subject.getBytes(UTF_8);
        var input = Arrays.copyOf(name, name.length + 1 + content.length);
        System.arraycopy(content, 0, input, name.length + 1, content.length);
        return HexFormat.of().formatHex(master.fingerprint(tenant, input));
    }

    private static byte[] owner(Tenant tenant, String address, int part) {
        return (tenant.id() + '\0' + address + '\0' + part).getBytes(UTF_8);
    }
}
