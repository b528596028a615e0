package io.cairn.schema;

import io.cairn.event.Appended;
import io.cairn.event.EventLog;
import io.cairn.event.EventType;
import io.cairn.event.Expected;
import io.cairn.event.Ids;
import io.cairn.event.NewEvent;
import io.cairn.event.StorageException;
import io.cairn.event.StreamAppend;
import io.cairn.event.Unit;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Registers versions of users' event types, and tells which there are.
///
/// A registration is an event. It is decided on what the tenant has registered so far, and appended on condition
/// that nothing else was registered meanwhile; so two nodes never register different content under one version.
public final class SchemaRegistry {
    private static final int ATTEMPTS_MAX = 20;
    private static final String SUBJECT = "cairn/schemas";

    private final EventLog log;
    private final EventSchemas known;
    private final Ids ids;

    public SchemaRegistry(EventLog log, EventSchemas known, Ids ids) {
        this.log = log;
        this.known = known;
        this.ids = ids;
    }

    public Registered register(Context context, EventType type, int version, NewSchema content) {
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            var types = types(context.tenant());
            var refusal = refusal(types, type, version, content);
            if (refusal.isPresent()) {
                return refusal.get();
            }
            var at = append(context, types, type, version, content);
            if (at.isPresent()) {
                return at.get();
            }
        }
        throw new StorageException(
                StorageException.Kind.BUSY,
                "Other registrations came between in each of %d attempts".formatted(ATTEMPTS_MAX),
                new ConcurrentModificationException());
    }

    private Optional<Registered> append(
            Context context, KnownTypes types, EventType type, int version, NewSchema content) {
        var event = new NewEvent(
                ids.next(),
                SchemaVersion.REGISTERED,
                SchemaVersion.SCHEMA_VERSION,
                SUBJECT,
                SchemaVersion.payload(type, version, content),
                ids.now(),
                null);
        var append = new StreamAppend(EventSchemas.STREAM, Expected.version(types.version()), List.of(event));
        return switch (log.append(Unit.of(context, append))) {
            case Appended.Written(var at, var versions) -> Optional.of(new Registered.Created(at));
            case Appended.Conflict conflict -> Optional.empty();
            case Appended.Duplicate duplicate -> throw new IllegalStateException("A new id was there: " + duplicate);
            case Appended.Refused refused -> throw new IllegalStateException("A registration was refused: " + refused);
            case Appended.Unmet unmet -> throw new IllegalStateException("Nothing was expected of rows: " + unmet);
        };
    }

    /// The refusal of a registration, if there is a reason for one.
    private Optional<Registered> refusal(KnownTypes types, EventType type, int version, NewSchema content) {
        if (known.isReserved(type)) {
            return Optional.of(new Registered.Reserved());
        }
        var before = types.find(type);
        int next = before == null ? 1 : before.newest() + 1;
        if (before != null && version >= 1 && version < next) {
            var there = before.versions().get(version - 1).registered();
            return Optional.of(
                    there.content().equals(content)
                            ? new Registered.Unchanged(there.position())
                            : new Registered.OtherContent());
        }
        if (version != next) {
            return Optional.of(new Registered.OutOfOrder(next));
        }
        if (types.count() >= known.settings().registeredMax()) {
            return Optional.of(new Registered.TooMany(known.settings().registeredMax()));
        }
        var faults = new Trial(known.schemas(), known.settings(), before).of(type, version, content);
        return faults.isEmpty() ? Optional.empty() : Optional.of(new Registered.Refused(faults));
    }

    /// All versions of a tenant's types that come behind a name, in the order of the names.
    ///
    /// @param limit of types
    public List<List<SchemaVersion>> list(Tenant tenant, @Nullable String after, int limit) {
        return types(tenant).types().values().stream()
                .filter(type -> after == null || type.type().name().compareTo(after) > 0)
                .limit(limit)
                .map(KnownType::registered)
                .toList();
    }

    /// The versions of a type, from the first on; none if nobody registered it.
    public List<SchemaVersion> versions(Tenant tenant, EventType type) {
        var found = types(tenant).find(type);
        return found == null ? List.of() : found.registered();
    }

    private KnownTypes types(Tenant tenant) {
        return log.read(tenant, known::current);
    }
}
