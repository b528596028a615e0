package io.cairn.event;

import static io.cairn.row.Table.Column.bytes;
import static io.cairn.row.Table.Column.number;
import static io.cairn.row.Table.Column.text;

import io.cairn.row.Row;
import io.cairn.row.RowChange;
import io.cairn.row.Table;
import io.cairn.seal.DataKey;
import io.cairn.seal.MasterKey;
import io.cairn.seal.SealBrokenException;
import io.cairn.tenant.Tenant;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// The keys under which payloads are sealed, one or a few per subject.
///
/// A subject's first key is written in the same unit of work as the first event that it seals. Two units that
/// race for a new subject each bring a key; both are kept, since each event names its own, and forgetting a
/// subject removes all.
public final class SubjectKeys {
    public static final Table TABLE = new Table(
            "subject_key",
            Table.Kind.STATE,
            List.of(text("subject"), text("key_id")),
            List.of(bytes("wrapped"), number("created_at")));

    private static final int CACHED_MAX = 20_000;

    /// A key with its id, and the change that stores it if it is new.
    public record Chosen(UUID id, DataKey key, Optional<RowChange> stored) {}

    private record Subject(Tenant tenant, String id) {}

    private record Known(UUID id, DataKey key) {}

    private final MasterKey master;
    private final SecureRandom random;
    private final Ids ids;
    private final Map<Subject, Known> cached = new LinkedHashMap<>(16, .75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Subject, Known> eldest) {
            return size() > CACHED_MAX;
        }
    };

    SubjectKeys(MasterKey master, SecureRandom random, Ids ids) {
        this.master = master;
        this.random = random;
        this.ids = ids;
    }

    /// A key to seal with. A new one counts as known only after [#written].
    Chosen choose(Tenant tenant, String subject, LogStorage storage) {
        return cached(new Subject(tenant, subject))
                .or(() -> storage.read(snapshot -> newest(snapshot, tenant, subject)))
                .map(known -> new Chosen(known.id(), known.key(), Optional.empty()))
                .orElseGet(() -> create(tenant, subject));
    }

    private Chosen create(Tenant tenant, String subject) {
        var id = ids.next();
        var key = DataKey.random(random);
        var row = TABLE.row(Map.of(
                "subject", subject,
                "key_id", id.toString(),
                "wrapped", master.wrap(key, tenant, subject, random),
                "created_at", ids.micros()));
        return new Chosen(id, key, Optional.of(new RowChange.Put(row)));
    }

    void written(Tenant tenant, String subject, Chosen chosen) {
        remember(new Subject(tenant, subject), new Known(chosen.id(), chosen.key()));
    }

    /// Whether a wrapped key was wrapped by this installation's master key. It may be another log's, so it does not
    /// count as known.
    boolean opens(Tenant tenant, Row row) {
        try {
            master.unwrap(row.bytes("wrapped"), tenant, row.text("subject"));
            return true;
        } catch (SealBrokenException e) {
            return false;
        }
    }

    /// The key with which an event was sealed, or nothing if its subject was forgotten.
    Optional<DataKey> find(ReadSnapshot snapshot, Tenant tenant, String subject, UUID keyId) {
        var name = new Subject(tenant, subject);
        return cached(name)
                .filter(known -> known.id().equals(keyId))
                .or(() -> snapshot.row(tenant, TABLE, TABLE.key(subject, keyId.toString()))
                        .map(row -> unwrapped(name, row)))
                .map(Known::key);
    }

    private Optional<Known> newest(ReadSnapshot snapshot, Tenant tenant, String subject) {
        return snapshot.rows(tenant, TABLE, TABLE.key(subject), null, 1).stream()
                .map(row -> unwrapped(new Subject(tenant, subject), row))
                .findFirst();
    }

    private Known unwrapped(Subject subject, Row row) {
        var known = new Known(
                UUID.fromString(row.text("key_id")),
                master.unwrap(row.bytes("wrapped"), subject.tenant(), subject.id()));
        remember(subject, known);
        return known;
    }

    private Optional<Known> cached(Subject subject) {
        synchronized (cached) {
            return Optional.ofNullable(cached.get(subject));
        }
    }

    private void remember(Subject subject, Known known) {
        synchronized (cached) {
            cached.put(subject, known);
        }
    }
}
