package io.cairn.client;

import io.cairn.client.wire.Event;
import io.cairn.client.wire.Page;
import io.cairn.client.wire.RecallAnswer;
import io.cairn.client.wire.RecallRequest;
import io.cairn.client.wire.Status;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A connection to one Cairn server, for one key. It is safe for use by many threads; its calls block.
///
/// ```java
/// try (Cairn cairn = Cairn.connect(URI.create("http://127.0.0.1:7700"), key)) {
///     cairn.conversations().append("trip", NewMessage.of("user", "We sail on Friday."));
///     cairn.recall("When do we leave?").hits().forEach(System.out::println);
/// }
/// ```
///
/// **What is tried again.** Whatever has no id gets one here, before the first try. A message, document or
/// event that is sent twice is therefore stored once, and the client may repeat it after a broken connection,
/// as it repeats what only reads. A deletion, a rebuild or a conditional write is repeated only when the
/// server certainly did nothing: there was no connection, or it answered 429 or 503. `Retry-After` is
/// honoured. [Patience] says how often and how long.
///
/// **What is thrown.** [CairnProblem] when the server refused, [CairnUnreachable] when it did not answer,
/// [CairnUnintelligible] when something else than a Cairn answered.
public final class Cairn implements AutoCloseable {
    private final Transport transport;
    private final Conversations conversations;
    private final Documents documents;
    private final Streams streams;
    private final Events events;
    private final Schemas schemas;
    private final Projections projections;
    private final Models models;
    private final Tasks tasks;
    private final Webhooks webhooks;
    private final Subscriptions subscriptions;
    private final DeadLetters deadLetters;
    private final Ledger ledger;
    private final Sagas sagas;
    private final Schedules schedules;
    private final Archive archive;

    private Cairn(Transport transport, Supplier<String> ids) {
        this.transport = transport;
        this.conversations = new Conversations(transport, ids);
        this.documents = new Documents(transport, ids);
        this.streams = new Streams(transport, ids);
        this.events = new Events(transport);
        this.schemas = new Schemas(transport);
        this.projections = new Projections(transport);
        this.models = new Models(transport);
        this.tasks = new Tasks(transport, ids);
        this.webhooks = new Webhooks(transport);
        this.subscriptions = new Subscriptions(transport);
        this.deadLetters = new DeadLetters(transport);
        this.ledger = new Ledger(transport);
        this.sagas = new Sagas(transport);
        this.schedules = new Schedules(transport);
        this.archive = new Archive(transport);
    }

    public static Cairn connect(URI server, String key) {
        return at(server).key(key).connect();
    }

    /// Settings for a connection; nothing is sent before the first call.
    public static Builder at(URI server) {
        return new Builder(server);
    }

    public Conversations conversations() {
        return conversations;
    }

    public Documents documents() {
        return documents;
    }

    public Streams streams() {
        return streams;
    }

    public Events events() {
        return events;
    }

    public Schemas schemas() {
        return schemas;
    }

    public Projections projections() {
        return projections;
    }

    public Models models() {
        return models;
    }

    public Webhooks webhooks() {
        return webhooks;
    }

    public Subscriptions subscriptions() {
        return subscriptions;
    }

    public Tasks tasks() {
        return tasks;
    }

    public DeadLetters deadLetters() {
        return deadLetters;
    }

    public Ledger ledger() {
        return ledger;
    }

    public Sagas sagas() {
        return sagas;
    }

    public Schedules schedules() {
        return schedules;
    }

    public Archive archive() {
        return archive;
    }

    public RecallAnswer recall(String query) {
        return recall(RecallRequest.of(query));
    }

    public RecallAnswer recall(RecallRequest request) {
        return transport.send(Call.post(Address.of("recall"), request, Call.Again.HARMLESS), RecallAnswer.class);
    }

    public Status status() {
        return transport.send(Call.get(Address.of("status")), Status.class);
    }

    /// Events of all streams whose type matches `pattern`, such as `document.*`, in the order of the log.
    public Page<Event> events(@Nullable String pattern, @Nullable String after, @Nullable Integer limit) {
        return events.page(pattern, after, limit);
    }

    @Override
    public void close() {
        transport.close();
    }

    /// Settings for a connection.
    public static final class Builder {
        private final String server;
        private InstantSource clock = InstantSource.system();
        private Pause pause = Thread::sleep;
        private @Nullable String key;
        private @Nullable String tenant;
        private @Nullable Supplier<String> ids;
        private @Nullable Supplier<String> correlation;
        private Duration connectTimeout = Duration.ofSeconds(5);
        private Duration answerTimeout = Duration.ofSeconds(60);
        private Patience patience = Patience.usual();

        private Builder(URI server) {
            String scheme = Objects.requireNonNullElse(server.getScheme(), "");
            if (server.getHost() == null || !(scheme.equals("http") || scheme.equals("https"))) {
                throw new IllegalArgumentException(
                        "'" + server + "' is no address of a server; one looks like http://127.0.0.1:7700");
            }
            this.server = server.toString().replaceFirst("/+$", "");
        }

        public Builder key(@Nullable String newKey) {
            key = newKey == null ? null : printable("The key", newKey);
            return this;
        }

        /// The tenant meant, for a key that is valid for several.
        public Builder tenant(@Nullable String newTenant) {
            tenant = newTenant == null ? null : printable("The tenant", newTenant);
            return this;
        }

        /// Makes the ids of what is handed in without one; UUIDs of version 7 by default.
        public Builder ids(Supplier<String> newIds) {
            ids = newIds;
            return this;
        }

        /// Makes the correlation id of each call, under which the server's logs and events tell more
        /// of it.
        public Builder correlation(Supplier<String> newCorrelation) {
            correlation = newCorrelation;
            return this;
        }

        public Builder connectTimeout(Duration newTimeout) {
            connectTimeout = newTimeout;
            return this;
        }

        /// How long a server may be silent, before its answer or in the middle of it.
        public Builder answerTimeout(Duration newTimeout) {
            answerTimeout = newTimeout;
            return this;
        }

        public Builder patience(Patience newPatience) {
            patience = newPatience;
            return this;
        }

        public Builder clock(InstantSource newClock) {
            clock = newClock;
            return this;
        }

        Builder pause(Pause newPause) {
            pause = newPause;
            return this;
        }

        public Cairn connect() {
            Supplier<String> uuids = new Uuid7(clock, new SecureRandom());
            Transport transport = new Transport(new Transport.Settings(
                    server,
                    key,
                    tenant,
                    correlation == null ? uuids : correlation,
                    connectTimeout,
                    answerTimeout,
                    patience,
                    pause,
                    () -> ThreadLocalRandom.current().nextDouble(),
                    clock));
            return new Cairn(transport, ids == null ? uuids : ids);
        }

        /// The value stays out of the message, since it may be a key.
        private static String printable(String what, String value) {
            if (value.isEmpty() || !value.chars().allMatch(letter -> letter > ' ' && letter < 0x7f)) {
                throw new IllegalArgumentException(what
                        + " is empty or has a space, a line break or a letter outside ASCII in it; check what"
                        + " was copied.");
            }
            return value;
        }
    }
}
