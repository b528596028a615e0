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
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

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

    /// A subject that owns nothing: its key tells which master key is the log's own.
    public static final String MASTER_SUBJECT = "cairn/master";

    private static final int CACHED_MAX = 20_000;

    /// A key with its id, and the change that stores it if it is new.
    public record Chosen(UUID id, DataKey key, Optional<RowChange> stored) {}

    /// A key within a tenant.
    record Name(String subject, UUID id) {}

    private record Subject(Tenant tenant, String id) {}

    private record SealedWith(Subject subject, UUID id) {}

    private record Known(UUID id, DataKey key) {}

    private final MasterKey master;
    private final SecureRandom random;
    private final Ids ids;

    /// The key with which a subject's next event is sealed.
    private final Map<Subject, Known> cached = mostRecent();

    /// Keys with which events were sealed: a subject may have several.
    private final Map<SealedWith, Known> opened = mostRecent();

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
        return opened(name, keyId)
                .or(() -> snapshot.row(tenant, TABLE, TABLE.key(subject, keyId.toString()))
                        .map(row -> unwrapped(name, row)))
                .map(Known::key);
    }

    /// Fetches at once the keys of events that are about to be opened.
    void prepare(ReadSnapshot snapshot, List<StoredEvent> events) {
        events.stream()
                .collect(Collectors.groupingBy(
                        StoredEvent::tenant,
                        Collectors.mapping(event -> new Name(event.subject(), event.keyId()), Collectors.toSet())))
                .forEach((tenant, names) -> prepare(snapshot, tenant, names));
    }

    /// Fetches at once the keys that are about to be wanted. A single one is left to whoever wants it.
    void prepare(ReadSnapshot snapshot, Tenant tenant, Set<Name> names) {
        var unknown = names.stream()
                .filter(name ->
                        opened(new Subject(tenant, name.subject()), name.id()).isEmpty())
                .map(name -> TABLE.key(name.subject(), name.id().toString()))
                .toList();
        if (unknown.size() > 1) {
            snapshot.rows(tenant, TABLE, unknown)
                    .forEach(row -> unwrapped(new Subject(tenant, row.text("subject")), row));
        }
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

    private Optional<Known> opened(Subject subject, UUID id) {
        synchronized (cached) {
            return Optional.ofNullable(opened.get(new SealedWith(subject, id)));
        }
    }

    private void remember(Subject subject, Known known) {
        synchronized (cached) {
            cached.put(subject, known);
            opened.put(new SealedWith(subject, known.id()), known);
        }
    }

    private static <K, V> Map<K, V> mostRecent() {
        return new LinkedHashMap<>(16, .75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > CACHED_MAX;
            }
        };
    }
}
