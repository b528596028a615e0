package io.cairn.adapter.sql;

import io.cairn.bus.EventBusContract;
import io.cairn.bus.HooksContract;
import io.cairn.bus.ReadersContract;
import io.cairn.bus.WebhookContract;
import io.cairn.event.LogPlace;
import io.cairn.follow.ReactionContract;
import io.cairn.lease.NodesContract;
import io.cairn.ledger.SharedLedgerContract;
import io.cairn.saga.SagaContract;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What each feature promises of itself, on PostgreSQL.
class PostgresFeaturesTest {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    @Nested
    class Leases extends NodesContract {
        Leases() {
            super(logs(3));
        }
    }

    @Nested
    class Reactions extends ReactionContract {
        Reactions() {
            super(logs(3));
        }
    }

    @Nested
    class Sagas extends SagaContract {
        Sagas() {
            super(logs(2));
        }
    }

    @Nested
    class Webhooks extends WebhookContract {
        Webhooks() {
            super(logs(2));
        }
    }

    @Nested
    class Hooks extends HooksContract {
        Hooks() {
            super(logs(2));
        }
    }

    @Nested
    class Subscriptions extends ReadersContract {
        Subscriptions() {
            super(logs(1));
        }
    }

    @Nested
    class Bus extends EventBusContract {
        Bus() {
            super(logs(2));
        }
    }

    @Nested
    class Costs extends SharedLedgerContract {
        Costs() {
            super(logs(2));
        }
    }

    private static LogPlace logs(int partitions) {
        return new PostgresLogs(DATABASE, settings -> PostgresLogStorage.open(settings.withPartitions(partitions)));
    }
}
