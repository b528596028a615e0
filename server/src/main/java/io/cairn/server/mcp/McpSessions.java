package io.cairn.server.mcp;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toSet;

import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import io.modelcontextprotocol.spec.McpSchema.InitializeRequest;
import io.modelcontextprotocol.spec.McpSchema.InitializeResult;
import io.modelcontextprotocol.spec.McpStreamableServerSession;
import io.modelcontextprotocol.spec.McpStreamableServerTransportProvider;
import io.modelcontextprotocol.spec.ProtocolVersions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/// The sessions that are open: so many at most, each for whoever opened it, until nobody has used it for a while.
///
/// The SDK's own servlet keeps sessions without a bound and writes stack traces into its refusals, and it can neither
/// be extended nor be told to drop a session. So this stands in its place, below the SDK's protocol.
final class McpSessions implements McpStreamableServerTransportProvider {
    private static final List<String> PROTOCOLS =
            List.of(ProtocolVersions.MCP_2025_03_26, ProtocolVersions.MCP_2025_06_18, ProtocolVersions.MCP_2025_11_25);

    private final int countMax;
    private final Duration idleMax;
    private final InstantSource clock;

    /// The one that was not used for the longest time comes first.
    private final LinkedHashMap<String, Open> open = new LinkedHashMap<>();

    private McpStreamableServerSession.@Nullable Factory factory;

    McpSessions(int countMax, Duration idleMax, InstantSource clock) {
        this.countMax = countMax;
        this.idleMax = idleMax;
        this.clock = clock;
    }

    private record Owner(Tenant tenant, String actor) {
        static Owner of(Context caller) {
            return new Owner(caller.tenant(), caller.actor());
        }
    }

    private record Open(McpStreamableServerSession session, Owner owner, Instant usedAt) {}

    /// A session that was just opened.
    record Begun(String id, InitializeResult result) {}

    /// Opens a session, if need be in place of one of whoever has most: the one that was not used for the longest time.
    Begun begin(Context caller, InitializeRequest request) {
        var init =
                Objects.requireNonNull(factory, "The server is not built yet").startSession(request);
        var result = Objects.requireNonNull(init.initResult().block());
        var session = init.session();
        var ended = new ArrayList<Open>();
        synchronized (open) {
            dropIdle(ended);
            while (open.size() >= countMax) {
                ended.add(open.remove(leastUsedOfTheBusiest(Owner.of(caller))));
            }
            open.put(session.getId(), new Open(session, Owner.of(caller), clock.instant()));
        }
        ended.forEach(McpSessions::close);
        return new Begun(session.getId(), result);
    }

    /// The session with this id, if the caller opened it and it is still open.
    Optional<McpStreamableServerSession> find(String id, Context caller) {
        var ended = new ArrayList<Open>();
        Open found;
        synchronized (open) {
            dropIdle(ended);
            found = open.get(id);
            if (found != null && found.owner().equals(Owner.of(caller))) {
                open.putLast(id, new Open(found.session(), found.owner(), clock.instant()));
            } else {
                found = null;
            }
        }
        ended.forEach(McpSessions::close);
        return Optional.ofNullable(found).map(Open::session);
    }

    /// Ends a session.
    ///
    /// @return whether there was one that the caller could end
    boolean end(String id, Context caller) {
        var session = find(id, caller);
        session.ifPresent(found -> {
            synchronized (open) {
                open.remove(id);
            }
            found.close();
        });
        return session.isPresent();
    }

    int count() {
        synchronized (open) {
            return open.size();
        }
    }

    private void dropIdle(List<Open> ended) {
        var deadline = clock.instant().minus(idleMax);
        for (var eldest = open.firstEntry();
                eldest != null && eldest.getValue().usedAt().isBefore(deadline);
                eldest = open.firstEntry()) {
            ended.add(open.pollFirstEntry().getValue());
        }
    }

    /// One tenant's many sessions never close another's, and one key's never those of its neighbours.
    ///
    /// @param next who opens a session now, which counts as one of theirs
    private String leastUsedOfTheBusiest(Owner next) {
        var tenants = busiest(next, Owner::tenant, open.values().stream().map(Open::owner));
        var owners = busiest(
                next,
                owner -> owner,
                open.values().stream().map(Open::owner).filter(owner -> tenants.contains(owner.tenant())));
        return open.entrySet().stream()
                .filter(entry -> owners.contains(entry.getValue().owner()))
                .findFirst()
                .orElseThrow()
                .getKey();
    }

    private static <H> Set<H> busiest(Owner next, Function<Owner, H> holder, Stream<Owner> owners) {
        var counts = Stream.concat(owners, Stream.of(next)).collect(groupingBy(holder, counting()));
        long most = counts.values().stream().mapToLong(count -> count).max().orElse(0);
        return counts.entrySet().stream()
                .filter(entry -> entry.getValue() == most)
                .map(Map.Entry::getKey)
                .collect(toSet());
    }

    private static void close(Open ended) {
        ended.session().close();
    }

    @Override
    public void setSessionFactory(McpStreamableServerSession.Factory sessions) {
        factory = sessions;
    }

    @Override
    public List<String> protocolVersions() {
        return PROTOCOLS;
    }

    /// Nobody listens outside of a request.
    @Override
    public Mono<Void> notifyClients(String method, Object params) {
        return Mono.empty();
    }

    @Override
    public Mono<Void> closeGracefully() {
        return Mono.fromRunnable(this::closeAll);
    }

    private void closeAll() {
        List<Open> ended;
        synchronized (open) {
            ended = List.copyOf(open.values());
            open.clear();
        }
        ended.forEach(McpSessions::close);
    }
}
