package io.cairn.adapter.sql;

import io.cairn.event.Appended;
import io.cairn.event.EventLog;
import io.cairn.event.EventType;
import io.cairn.event.Expected;
import io.cairn.event.NewEvent;
import io.cairn.event.StorageException;
import io.cairn.event.StreamAppend;
import io.cairn.event.StreamId;
import io.cairn.event.Unit;
import io.cairn.guard.Retry;
import io.cairn.seal.MasterKey;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import io.micrometer.core.instrument.MeterRegistry;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import tools.jackson.databind.node.JsonNodeFactory;

/// One of several nodes: a storage and a log of its own on a database that it shares.
record Node(PostgresLogStorage storage, EventLog log) implements AutoCloseable {
    static final Tenant ACME = new Tenant("acme");
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final MasterKey MASTER = MasterKey.random(RANDOM);

    static Node start(PostgresSettings settings) {
        return start(settings, MASTER);
    }

    static Node start(PostgresSettings settings, MasterKey master) {
        return start(settings, master, Retry.none(StorageException.FAILURES));
    }

    static Node start(PostgresSettings settings, Retry retry) {
        return start(settings, MASTER, retry);
    }

    /// A node whose statements are counted by `db.statements`.
    static Node counted(PostgresSettings settings, MeterRegistry meters) {
        var counting = Statements.of("log", meters, false);
        return start(
                PostgresLogStorage.open(settings, EventLog.tables(), meters, counting),
                MASTER,
                Retry.none(StorageException.FAILURES));
    }

    private static Node start(PostgresSettings settings, MasterKey master, Retry retry) {
        return start(Watched.log(settings), master, retry);
    }

    private static Node start(PostgresLogStorage storage, MasterKey master, Retry retry) {
        var log = EventLog.on(storage)
                .sealedWith(master)
                .random(RANDOM)
                .retrying(retry)
                .start();
        return new Node(storage, log);
    }

    int partition() {
        return log.partition(ACME);
    }

    Appended append(String stream, UUID event) {
        return append(stream, Expected.any(), event);
    }

    Appended append(String stream, Expected expected, UUID event) {
        return log.append(Unit.of(
                new Context(ACME, "tester", "corr"),
                new StreamAppend(new StreamId("thing", stream), expected, List.of(happened(event)))));
    }

    private static NewEvent happened(UUID id) {
        return new NewEvent(
                id,
                new EventType("thing.happened"),
                1,
                "subject",
                JsonNodeFactory.instance.objectNode().put("text", "x".repeat(200)),
                Instant.EPOCH,
                null);
    }

    @Override
    public void close() {
        log.close();
    }
}
