package io.cairn.event;

import static io.cairn.row.Table.Column.bytes;
import static io.cairn.row.Table.Column.number;
import static io.cairn.row.Table.Column.text;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.cairn.row.Row;
import io.cairn.row.RowChange;
import io.cairn.row.RowExpectation;
import io.cairn.row.RowKey;
import io.cairn.row.Table;
import io.cairn.seal.MasterKey;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.io.ByteArrayOutputStream;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Gatherers;

/// Bytes too large for an event: sealed under their subject's key, addressed by their content, kept in rows
/// beside the log.
///
/// Parts whose event never came are marked as unfinished from the first of them on, and [#sweep]
/// removes them.
///
/// A blob is cut into parts. One that fits a single part is written in the unit of work of the event that
/// names it; the parts of a larger one are committed before, so that an event never names what is not
/// durable.
public final class Blobs {
    public static final Table TABLE = new Table(
            "blob",
            Table.Kind.LOG,
            List.of(text("address"), number("part")),
            List.of(text("subject"), text("key_id"), bytes("sealed")));

    /// Blobs of which parts were committed before the event that names them, until it is there.
    static final Table UNFINISHED =
            new Table("blob_unfinished", Table.Kind.DERIVED, List.of(text("address")), List.of(number("since")));

    private static final int SWEPT_AT_ONCE = 100;
    private static final int LOOKED_UP_AT_ONCE = 100;

    static final int PART_BYTES = 256 * 1024;

    private final EventLog log;
    private final LogStorage storage;
    private final MasterKey master;
    private final Sealing sealing;
    private final SecureRandom random;
    private final Ids ids;

    Blobs(EventLog log, LogStorage storage, MasterKey master, Sealing sealing, SecureRandom random, Ids ids) {
        this.log = log;
        this.storage = storage;
        this.master = master;
        this.sealing = sealing;
        this.random = random;
        this.ids = ids;
    }

    /// A blob's address, and what the unit of work which names it must carry.
    ///
    /// @param expectations of which one is unmet if the blob was swept or finished meanwhile: then it is to
    ///     be stored anew
    public record Stored(String address, List<RowExpectation> expectations, List<RowChange> rows) {
        public Stored {
            expectations = List.copyOf(expectations);
            rows = List.copyOf(rows);
        }

        private static Stored unchanged(String address) {
            return new Stored(address, List.of(), List.of());
        }
    }

    public Stored store(Context context, String subject, byte[] content) {
        return store(context, subject, List.of(content)).getFirst();
    }

    /// Stores blobs of one subject, of which no two are equal; what becomes of each stands at its place.
    public List<Stored> store(Context context, String subject, List<byte[]> contents) {
        var tenant = context.tenant();
        var addresses = contents.stream()
                .map(content -> address(tenant, subject, content))
                .toList();
        var there = there(tenant, addresses);
        if (there.containsAll(addresses)) {
            return addresses.stream().map(Stored::unchanged).toList();
        }
        var key = sealing.keys().choose(tenant, subject, storage);
        var stored = new ArrayList<Stored>();
        for (int i = 0; i < contents.size(); i++) {
            var address = addresses.get(i);
            stored.add(
                    there.contains(address)
                            ? Stored.unchanged(address)
                            : store(context, subject, key, address, contents.get(i)));
        }
        return List.copyOf(stored);
    }

    private Set<String> there(Tenant tenant, List<String> addresses) {
        return addresses.stream()
                .gather(Gatherers.windowFixed(LOOKED_UP_AT_ONCE))
                .flatMap(some -> log
                        .read(
                                tenant,
                                view -> view.rows(
                                        TABLE,
                                        some.stream()
                                                .map(address -> TABLE.key(address, 0L))
                                                .toList()))
                        .stream())
                .map(row -> row.text("address"))
                .collect(Collectors.toSet());
    }

    private Stored store(Context context, String subject, SubjectKeys.Chosen key, String address, byte[] content) {
        var tenant = context.tenant();
        var rows = new ArrayList<RowChange>();
        key.stored().ifPresent(rows::add);
        int parts = Math.max(1, Math.ceilDiv(content.length, PART_BYTES));
        var since = ids.micros();
        if (parts > 1) {
            rows.add(new RowChange.Put(UNFINISHED.row(Map.of("address", address, "since", since))));
        }
        // The first part is written last: where it stands, all stand.
        for (int part = parts - 1; part >= 0; part--) {
            rows.add(new RowChange.Put(part(tenant, address, part, subject, key, content)));
            if (part > 0) {
                log.append(Unit.rows(context, List.copyOf(rows)));
                rows.clear();
            }
        }
        if (parts == 1) {
            return new Stored(address, List.of(), rows);
        }
        rows.add(new RowChange.Remove(UNFINISHED, UNFINISHED.key(address)));
        return new Stored(
                address, List.of(new RowExpectation.Cell(UNFINISHED, UNFINISHED.key(address), "since", since)), rows);
    }

    /// Removes the parts of blobs whose event has not come for so long.
    ///
    /// Whoever stores such a blob again meanwhile marks it anew, and then it is left alone.
    ///
    /// @return how many blobs there were
    public long sweep(Duration olderThan) {
        long before = ids.micros() - olderThan.toNanos() / 1000;
        return log.feed().tenants(UNFINISHED).stream()
                .mapToLong(tenant -> sweep(tenant, before))
                .sum();
    }

    private long sweep(Tenant tenant, long before) {
        long removed = 0;
        RowKey from = null;
        List<Row> rows;
        do {
            var after = from;
            rows = log.read(tenant, view -> view.rows(UNFINISHED, new RowKey(List.of()), after, SWEPT_AT_ONCE));
            removed += rows.stream()
                    .filter(row -> row.number("since") < before && removed(tenant, row))
                    .count();
            from = rows.isEmpty() ? from : rows.getLast().key();
        } while (rows.size() == SWEPT_AT_ONCE);
        return removed;
    }

    private boolean removed(Tenant tenant, Row unfinished) {
        var address = unfinished.text("address");
        var key = UNFINISHED.key(address);
        var unit = new Unit(
                new Context(tenant, "sweep", "sweep"),
                List.of(),
                List.of(
                        new RowExpectation.Cell(UNFINISHED, key, "since", unfinished.number("since")),
                        new RowExpectation.Absent(TABLE, TABLE.key(address, 0L))),
                List.of(new RowChange.Remove(TABLE, TABLE.key(address)), new RowChange.Remove(UNFINISHED, key)));
        return log.append(unit) instanceof Appended.Written;
    }

    /// The content, or nothing if there is no such blob or its subject was forgotten.
    public Optional<byte[]> read(Tenant tenant, String address) {
        return storage.read(snapshot -> read(snapshot, sealing.keys(), tenant, address));
    }

    static Optional<byte[]> read(ReadSnapshot snapshot, SubjectKeys keys, Tenant tenant, String address) {
        return Optional.ofNullable(
                read(snapshot, keys, tenant, List.of(address)).get(address));
    }

    /// Those that are there, by address.
    static Map<String, byte[]> read(
            ReadSnapshot snapshot, SubjectKeys keys, Tenant tenant, Collection<String> addresses) {
        var rows =
                snapshot.rows(tenant, TABLE, addresses.stream().map(TABLE::key).toList());
        keys.prepare(snapshot, tenant, rows.stream().map(Blobs::key).collect(Collectors.toSet()));
        var contents = new HashMap<String, byte[]>();
        rows.stream()
                .collect(Collectors.groupingBy(row -> row.text("address")))
                .forEach((address, parts) ->
                        content(snapshot, keys, tenant, parts).ifPresent(content -> contents.put(address, content)));
        return contents;
    }

    private static Optional<byte[]> content(ReadSnapshot snapshot, SubjectKeys keys, Tenant tenant, List<Row> parts) {
        var content = new ByteArrayOutputStream();
        for (var part : parts) {
            var name = key(part);
            var key = keys.find(snapshot, tenant, name.subject(), name.id());
            if (key.isEmpty()) {
                return Optional.empty();
            }
            var owner = owner(tenant, part.text("address"), (int) part.number("part"));
            content.writeBytes(key.get().open(part.bytes("sealed"), owner));
        }
        return Optional.of(content.toByteArray());
    }

    private static SubjectKeys.Name key(Row part) {
        return new SubjectKeys.Name(part.text("subject"), UUID.fromString(part.text("key_id")));
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
        return HexFormat.of().formatHex(master.fingerprint(tenant, addressed(subject, content)));
    }

    /// What an address is the fingerprint of.
    static byte[] addressed(String subject, byte[] content) {
        var name = subject.getBytes(UTF_8);
        var input = Arrays.copyOf(name, name.length + 1 + content.length);
        System.arraycopy(content, 0, input, name.length + 1, content.length);
        return input;
    }

    static byte[] owner(Tenant tenant, String address, int part) {
        return (tenant.id() + '\0' + address + '\0' + part).getBytes(UTF_8);
    }
}
