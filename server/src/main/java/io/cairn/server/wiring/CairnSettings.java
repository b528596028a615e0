package io.cairn.server.wiring;

import io.cairn.batch.BatchSize;
import io.cairn.event.EventLogSettings;
import io.cairn.follow.FollowSettings;
import io.cairn.lease.LeaseSettings;
import io.cairn.recall.Sweeps;
import io.cairn.schema.SchemaSettings;
import io.cairn.schema.UnknownTypes;
import io.cairn.server.http.HttpLimits;
import io.cairn.server.mcp.McpLimits;
import io.cairn.server.openai.MemoryDefaults;
import io.cairn.server.security.ApiKey;
import io.cairn.server.security.Hosts;
import io.cairn.server.security.Scope;
import io.cairn.tenant.Tenant;
import io.cairn.text.Language;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// Everything that can be set, as `cairn.*` in YAML, `CAIRN_*` in the environment or `--cairn.*` on the
/// command line.
///
/// @param data the folder in which everything is kept
/// @param host the address to listen at
/// @param port the port to listen at; 0 for any that is free
/// @param apiKey the admin key, in place of the one in the data folder
/// @param masterKeyFile the file with the master key, in place of the one in the data folder
/// @param tenants what is special to a tenant, by its id
/// @param store where the log is kept
/// @param hooks where other servers' webhooks come in, by name
/// @param development whether operations that send too many statements are warned of
@ConfigurationProperties(prefix = "cairn", ignoreUnknownFields = false)
public record CairnSettings(
        @DefaultValue("cairn-data") Path data,
        @DefaultValue("127.0.0.1") String host,
        @DefaultValue("7700") int port,
        @Nullable String apiKey,
        @Nullable Path masterKeyFile,
        @DefaultValue Map<String, TenantSettings> tenants,
        @DefaultValue StoreSettings store,
        @DefaultValue Log log,
        @DefaultValue Schemas schemas,
        @DefaultValue Projections projections,
        @DefaultValue TasksSettings tasks,
        @DefaultValue SagasSettings sagas,
        @DefaultValue Bus bus,
        @DefaultValue ExtractionSettings extraction,
        @DefaultValue WebhooksSettings webhooks,
        @DefaultValue Map<String, HookSettings> hooks,
        @DefaultValue EmbeddingSettings embedding,
        @DefaultValue ModelsSettings models,
        @DefaultValue SecretsSettings secretsManager,
        @DefaultValue Sweep sweep,
        @DefaultValue ChunksSettings chunks,
        @DefaultValue SearchSettings recall,
        @DefaultValue Mcp mcp,
        @DefaultValue Limits limits,
        @DefaultValue Security security,
        @DefaultValue Logging logging,
        @DefaultValue("false") boolean development) {
    public CairnSettings {
        if (apiKey != null && apiKey.isBlank()) {
            throw new IllegalArgumentException("cairn.api-key is blank");
        }
        tenants = Map.copyOf(tenants);
        hooks = Map.copyOf(hooks);
        hooks.forEach((name, hook) -> hook.hook(name));
        languages(tenants);
        if (recall.dense() == SearchSettings.Dense.PGVECTOR && store.url() == null) {
            throw new IllegalArgumentException(
                    "cairn.recall.dense is pgvector, which needs the log on PostgreSQL: set cairn.store.url, or leave"
                            + " it at lucene");
        }
    }

    /// The languages that tenants write in where a text does not tell.
    public Map<Tenant, Language> languages() {
        return languages(tenants);
    }

    private static Map<Tenant, Language> languages(Map<String, TenantSettings> tenants) {
        var languages = new HashMap<Tenant, Language>();
        tenants.forEach((id, settings) -> {
            var language = settings.language();
            if (language != null) {
                languages.put(
                        checked("cairn.tenants." + id, () -> Tenant.ofCaller(id)),
                        checked("cairn.tenants." + id + ".language", () -> language(language)));
            }
        });
        return Map.copyOf(languages);
    }

    private static Language language(String tag) {
        try {
            return Language.ofTag(tag);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'%s' is no BCP 47 tag, such as 'en' or 'ro'".formatted(tag), e);
        }
    }

    /// What is special to a tenant.
    ///
    /// @param language a BCP 47 tag such as `ro`
    public record TenantSettings(@Nullable String language) {}

    /// Who is told of events in the process.
    ///
    /// @param jars with handlers of the user's own
    public record Bus(@DefaultValue List<Path> jars) {
        static final String JARS = "cairn.bus.jars";

        public Bus {
            jars = List.copyOf(jars);
        }
    }

    /// The event log.
    ///
    /// @param maxBatchSize items in one batch: messages, documents or events
    /// @param maxWaiting units of work that may wait for the writer
    /// @param maxFlush events that one commit takes together
    /// @param importBatches events of an import that wait together for the writer: of a small import, of one
    ///     of 500 to 5,000 lines, of a larger one
    /// @param maxWait how long a request waits for the writer
    /// @param readers connections that read
    public record Log(
            @DefaultValue("1000") int maxBatchSize,
            @DefaultValue("10000") int maxWaiting,
            @DefaultValue("2000") int maxFlush,
            @DefaultValue({"200", "500", "1000"}) List<Integer> importBatches,
            @DefaultValue("30s") Duration maxWait,
            @DefaultValue("5") int readers) {
        public Log {
            positive("cairn.log.max-batch-size", maxBatchSize);
            positive("cairn.log.max-waiting", maxWaiting);
            positive("cairn.log.max-flush", maxFlush);
            batches("cairn.log.import-batches", importBatches);
            positive("cairn.log.max-wait", maxWait.toMillis());
            positive("cairn.log.readers", readers);
        }

        EventLogSettings settings() {
            return new EventLogSettings(
                    maxBatchSize, maxWaiting, maxFlush, batches("cairn.log.import-batches", importBatches), maxWait);
        }
    }

    /// The schemas of users' own events.
    ///
    /// @param unknownTypes what becomes of events whose type nobody registered
    /// @param maxRegistered versions that a tenant may register, of all types together
    /// @param maxLength characters of one version, with its examples
    /// @param maxErrors that are named when events are refused
    public record Schemas(
            @DefaultValue("PASS") UnknownTypes unknownTypes,
            @DefaultValue("1000") int maxRegistered,
            @DefaultValue("65536") int maxLength,
            @DefaultValue("20") int maxErrors) {
        public Schemas {
            positive("cairn.schemas.max-registered", maxRegistered);
            positive("cairn.schemas.max-length", maxLength);
            positive("cairn.schemas.max-errors", maxErrors);
        }

        SchemaSettings settings() {
            return new SchemaSettings(unknownTypes, maxRegistered, maxLength, maxErrors);
        }
    }

    /// How projections follow the log.
    ///
    /// @param batches events taken in together: by one that is a little behind, 500 to 5,000 events,
    ///     or more
    /// @param denseBatches the same for the dense projection; embedding is slow, so that smaller batches let
    ///     readers see progress, and a crash repeats little
    /// @param rowBatches the same for the user's own projections; of a row that changes several times in a batch
    ///     only the last state is written
    /// @param jars with projections of the user's own
    /// @param leaseTime how long a node has to be silent before others take over its part of shared projections
    public record Projections(
            @DefaultValue({"500", "1000", "2000"}) List<Integer> batches,
            @DefaultValue({"16", "64", "64"}) List<Integer> denseBatches,
            @DefaultValue("8MB") DataSize maxBatchBytes,
            @DefaultValue("200ms") Duration publishEvery,
            @DefaultValue("3s") Duration commitEvery,
            @DefaultValue("300s") Duration staleAfter,
            @DefaultValue("60s") Duration stuckAfter,
            @DefaultValue({"500", "2000", "10000"}) List<Integer> rowBatches,
            @DefaultValue List<Path> jars,
            @DefaultValue("5s") Duration leaseTime) {
        public Projections {
            CairnSettings.batches("cairn.projections.row-batches", rowBatches);
            jars = List.copyOf(jars);
            lease(leaseTime);
            CairnSettings.batches("cairn.projections.batches", batches);
            CairnSettings.batches("cairn.projections.dense-batches", denseBatches);
            positive("cairn.projections.max-batch-bytes", maxBatchBytes.toBytes());
            positive("cairn.projections.publish-every", publishEvery.toMillis());
            positive("cairn.projections.commit-every", commitEvery.toMillis());
            positive("cairn.projections.stale-after", staleAfter.toMillis());
            positive("cairn.projections.stuck-after", stuckAfter.toMillis());
        }

        LeaseSettings leaseSettings() {
            return lease(leaseTime);
        }

        private static LeaseSettings lease(Duration time) {
            return checked("cairn.projections.lease-time", () -> new LeaseSettings(time));
        }

        FollowSettings settings() {
            return settings(CairnSettings.batches("cairn.projections.batches", batches));
        }

        FollowSettings rowSettings() {
            return settings(CairnSettings.batches("cairn.projections.row-batches", rowBatches));
        }

        FollowSettings denseSettings() {
            return settings(CairnSettings.batches("cairn.projections.dense-batches", denseBatches));
        }

        private FollowSettings settings(BatchSize batch) {
            return new FollowSettings(
                    batch, maxBatchBytes.toBytes(), publishEvery, commitEvery, staleAfter, stuckAfter);
        }
    }

    /// How often what nobody needs any more is removed.
    ///
    /// @param every how far sweeps are apart
    /// @param blobsAfter how long parts of a large document may wait for the event that names them
    public record Sweep(
            @DefaultValue("24h") Duration every,
            @DefaultValue("24h") Duration blobsAfter) {
        public Sweep {
            positive("cairn.sweep.every", every.toMillis());
            positive("cairn.sweep.blobs-after", blobsAfter.toMillis());
        }

        Sweeps.Settings settings() {
            return new Sweeps.Settings(every, blobsAfter);
        }
    }

    /// Sessions of MCP clients.
    ///
    /// @param maxSessions that are open at once; one more ends the one that was not used for the longest time
    /// @param sessionIdle after which a session that nobody uses ends
    public record Mcp(
            @DefaultValue("1000") int maxSessions,
            @DefaultValue("1h") Duration sessionIdle) {
        public Mcp {
            positive("cairn.mcp.max-sessions", maxSessions);
            positive("cairn.mcp.session-idle", sessionIdle.toMillis());
        }
    }

    McpLimits mcpLimits() {
        return new McpLimits(mcp.maxSessions(), mcp.sessionIdle());
    }

    /// How large requests may be, and how full the disk.
    ///
    /// @param metadata of one message or document
    /// @param payload of one event
    /// @param inFlight memory for what becomes of bodies on their way at the same time; half of the heap if none is
    ///     named
    /// @param freeDisk below which health warns
    public record Limits(
            @DefaultValue("16MB") DataSize json,
            @DefaultValue("50MB") DataSize upload,
            @DefaultValue("64KB") DataSize metadata,
            @DefaultValue("1MB") DataSize payload,
            @Nullable DataSize inFlight,
            @DefaultValue("100") int liveTails,
            @DefaultValue("256MB") DataSize freeDisk) {
        private static final long MOST_UPLOADED = 1L << 30;

        public Limits {
            positive("cairn.limits.json", json.toBytes());
            Checks.within("cairn.limits.upload", upload.toBytes(), 1, MOST_UPLOADED);
            positive("cairn.limits.metadata", metadata.toBytes());
            positive("cairn.limits.payload", payload.toBytes());
            positive("cairn.limits.in-flight", inFlightBytes());
            positive("cairn.limits.live-tails", liveTails);
        }

        long inFlightBytes() {
            return inFlight == null ? Runtime.getRuntime().maxMemory() / 2 : inFlight.toBytes();
        }
    }

    HttpLimits httpLimits() {
        return new HttpLimits(
                limits.json().toBytes(),
                limits.upload().toBytes(),
                limits.metadata().toBytes(),
                limits.payload().toBytes(),
                limits.inFlightBytes(),
                log.maxBatchSize(),
                limits.liveTails());
    }

    /// Who may come in.
    ///
    /// @param hosts names under which the server answers besides its own machine's, such as `*.example.org`
    public record Security(
            @DefaultValue List<Key> keys, @DefaultValue List<String> hosts) {
        public Security {
            keys = List.copyOf(keys);
            hosts = List.copyOf(hosts);
            memory(keys);
        }

        /// What chats have to do with the memory, by the names of keys.
        Map<String, MemoryDefaults.OfKey> memory() {
            return memory(keys);
        }

        /// Two keys have one name while a secret is changed.
        private static Map<String, MemoryDefaults.OfKey> memory(List<Key> keys) {
            return keys.stream().collect(Collectors.toMap(Key::name, Key::chats, (one, other) -> {
                if (!one.equals(other)) {
                    throw new IllegalArgumentException(
                            "cairn.security.keys: keys of one name have the same memory and recall; found %s and %s"
                                    .formatted(one, other));
                }
                return one;
            }));
        }

        List<ApiKey> apiKeys() {
            return keys.stream().map(Key::apiKey).toList();
        }

        Hosts knownHosts() {
            return new Hosts(hosts);
        }
    }

    /// A key besides the admin key.
    ///
    /// @param sha256 of the secret, 64 hexadecimal digits
    /// @param tenants for which it is valid; none means all
    /// @param models that it may use; none means all
    /// @param memory the conversation that remembers chats with it, unless they name another one
    /// @param recall how many hits are put before what is asked, unless a request says otherwise
    public record Key(
            String name,
            String sha256,
            @DefaultValue List<String> tenants,
            @DefaultValue("read") Set<Scope> scopes,
            @DefaultValue Set<String> models,
            @Nullable String memory,
            @Nullable Integer recall) {
        public Key {
            checked("cairn.security.keys", () -> key(name, sha256, tenants, scopes, models));
            checked("cairn.security.keys", () -> chats(name, scopes, memory, recall));
        }

        MemoryDefaults.OfKey chats() {
            return chats(name, scopes, memory, recall);
        }

        private static MemoryDefaults.OfKey chats(
                String name, Set<Scope> scopes, @Nullable String memory, @Nullable Integer recall) {
            var chats = new MemoryDefaults.OfKey(memory, recall);
            if (chats.remembers() && !Scope.WRITE.in(scopes) || chats.recalls() && !Scope.READ.in(scopes)) {
                throw new IllegalArgumentException(
                        "Key '%s' needs the scope 'write' for its memory and 'read' for its recall".formatted(name));
            }
            return chats;
        }

        ApiKey apiKey() {
            return key(name, sha256, tenants, scopes, models);
        }

        private static ApiKey key(
                String name, String sha256, List<String> tenants, Set<Scope> scopes, Set<String> models) {
            return new ApiKey(
                    name, sha256, tenants.stream().map(Tenant::ofCaller).collect(Collectors.toSet()), scopes, models);
        }
    }

    /// The log of what the server does.
    public record Logging(@DefaultValue("text") Format format) {
        /// How lines are written.
        public enum Format {
            TEXT,
            JSON
        }
    }

    private static BatchSize batches(String key, List<Integer> sizes) {
        if (sizes.size() != 3) {
            throw new IllegalArgumentException(
                    "%s names three sizes, for little, some and much work; found %s".formatted(key, sizes));
        }
        return checked(key, () -> new BatchSize(sizes.get(0), sizes.get(1), sizes.get(2)));
    }

    private static void positive(String key, long value) {
        if (value <= 0) {
            throw new IllegalArgumentException("%s has to be positive; found %d".formatted(key, value));
        }
    }

    private static <T> T checked(String key, Supplier<T> value) {
        try {
            return value.get();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("%s: %s".formatted(key, e.getMessage()), e);
        }
    }
}
