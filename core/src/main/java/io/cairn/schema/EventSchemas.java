package io.cairn.schema;

import io.cairn.event.Admission;
import io.cairn.event.EventLog;
import io.cairn.event.EventType;
import io.cairn.event.NewEvent;
import io.cairn.event.Reserved;
import io.cairn.event.StreamId;
import io.cairn.event.TenantView;
import io.cairn.event.Unit;
import io.cairn.event.UpcastException;
import io.cairn.event.Upcasters;
import io.cairn.tenant.Tenant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The event types that are known, with their schemas and upcasters: appends are checked against them, and reads
/// use them.
///
/// A tenant's registrations are events in a stream of its own. So they are in every export, and every reader can
/// read them in its own snapshot. This node remembers the registrations that it has read, and never relies on
/// knowing all of them:
///
/// - A version that it knows never changes, so payloads are checked without asking the log.
/// - Before it refuses an event, it looks whether more was registered.
/// - An event of a type that it does not know is appended on condition that nothing was registered meanwhile. The
///   writer checks that; every registration of the tenant passes the same writer.
/// - A reader of events of users' types compares, once per snapshot, how many registrations there are.
///
/// So nodes need not tell each other about registrations.
public final class EventSchemas implements Upcasters, Admission {
    static final StreamId STREAM = new StreamId("cairn.schemas", "types");

    private static final int TENANTS_MAX = 1000;
    private static final int PAGE = 200;

    private final JsonSchemas schemas;
    private final Reserved reserved;
    private final SchemaSettings settings;
    private final Map<EventType, UpcasterChain> declared = new HashMap<>();
    private final Map<Tenant, KnownTypes> remembered = new LinkedHashMap<>(16, .75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Tenant, KnownTypes> eldest) {
            return size() > TENANTS_MAX;
        }
    };

    /// @param types that belong to the code, [its own][#own()] among them
    /// @param reserved names that no tenant registers
    /// @throws BrokenUpcasterChainException if a type is declared twice
    public EventSchemas(JsonSchemas schemas, List<DeclaredType> types, Reserved reserved, SchemaSettings settings) {
        this.schemas = schemas;
        this.reserved = reserved;
        this.settings = settings;
        types.forEach(this::declare);
    }

    /// The types of registrations.
    public static List<DeclaredType> own() {
        return List.of(new DeclaredType(SchemaVersion.REGISTERED, SchemaVersion.SCHEMA_VERSION, List.of()));
    }

    private void declare(DeclaredType type) {
        var chain = UpcasterChain.complete(type.type(), type.newest(), type.upcasters());
        if (declared.put(type.type(), chain) != null) {
            throw new BrokenUpcasterChainException("%s is declared twice; remove one".formatted(type.type()));
        }
    }

    JsonSchemas schemas() {
        return schemas;
    }

    SchemaSettings settings() {
        return settings;
    }

    /// Whether a type belongs to the code, so that no tenant can register it.
    boolean isReserved(EventType type) {
        return declared.containsKey(type) || reserved.event(type);
    }

    @Override
    public Known in(TenantView view) {
        return new Reading(view);
    }

    /// The registrations are only read when the first event of a user's type is.
    private final class Reading implements Known {
        private final TenantView view;
        private @Nullable KnownTypes known;

        Reading(TenantView view) {
            this.view = view;
        }

        @Override
        public Upcast upcast(EventType type, int schemaVersion, JsonNode payload) {
            var own = declared.get(type);
            if (own != null) {
                requireKnown(type, schemaVersion, own);
                return own.upcast(schemaVersion, payload);
            }
            if (reserved.event(type)) {
                return new Upcast(schemaVersion, payload);
            }
            var user = known().find(type);
            return user == null
                    ? new Upcast(schemaVersion, payload)
                    : user.chain().upcast(schemaVersion, payload);
        }

        private KnownTypes known() {
            var types = known;
            if (types == null) {
                types = current(view);
                known = types;
            }
            return types;
        }
    }

    private static void requireKnown(EventType type, int version, UpcasterChain chain) {
        if (version > chain.newest()) {
            throw new UpcastException(
                    type,
                    version,
                    "this release knows versions 1 to %d; run the one that wrote it".formatted(chain.newest()));
        }
    }

    /// What a tenant has registered, as a snapshot shows it or newer.
    KnownTypes current(TenantView view) {
        long version = view.version(STREAM);
        var known = remembered(view.tenant()).orElseGet(KnownTypes::none);
        if (known.version() >= version) {
            return known;
        }
        while (known.version() < version) {
            known = known.and(view.stream(STREAM, known.version(), PAGE), schemas);
        }
        remember(view.tenant(), known);
        return known;
    }

    private Optional<KnownTypes> remembered(Tenant tenant) {
        synchronized (remembered) {
            return Optional.ofNullable(remembered.get(tenant));
        }
    }

    private void remember(Tenant tenant, KnownTypes known) {
        synchronized (remembered) {
            remembered.merge(tenant, known, (old, fresh) -> old.version() > fresh.version() ? old : fresh);
        }
    }

    @Override
    public Verdict judge(EventLog log, Unit unit, boolean anew) {
        var events = unit.appends().stream()
                .flatMap(append -> append.events().stream())
                .toList();
        if (events.stream().allMatch(this::isOwnAndKnown)) {
            return new Verdict.Granted();
        }
        var tenant = unit.context().tenant();
        var known = anew ? Optional.<KnownTypes>empty() : remembered(tenant);
        var before = known.orElseGet(() -> log.read(tenant, this::current));
        var verdict = new Judgement(declared, reserved, before, settings).of(events);
        if (known.isEmpty() || !(verdict instanceof Verdict.Refused)) {
            return verdict;
        }
        KnownTypes now = log.read(tenant, this::current);
        return now.version() == before.version()
                ? verdict
                : new Judgement(declared, reserved, now, settings).of(events);
    }

    private boolean isOwnAndKnown(NewEvent event) {
        var own = declared.get(event.type());
        return own == null ? reserved.event(event.type()) : event.schemaVersion() <= own.newest();
    }
}
