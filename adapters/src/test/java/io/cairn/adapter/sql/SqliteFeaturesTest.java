package io.cairn.adapter.sql;

import io.cairn.bus.EventBusContract;
import io.cairn.bus.HooksContract;
import io.cairn.bus.ReadersContract;
import io.cairn.bus.WebhookContract;
import io.cairn.event.EventLog;
import io.cairn.event.LogPlace;
import io.cairn.follow.ReactionContract;
import io.cairn.lease.LeaseContract;
import io.cairn.ledger.LedgerContract;
import io.cairn.saga.SagaContract;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/// What each feature promises of itself, on SQLite.
class SqliteFeaturesTest {
    @TempDir
    Path folder;

    @Nested
    class Leases extends LeaseContract {
        Leases() {
            super(logs(Statements.watched()));
        }
    }

    @Nested
    class Reactions extends ReactionContract {
        Reactions() {
            super(logs(Statements.uncounted()));
        }
    }

    @Nested
    class Sagas extends SagaContract {
        Sagas() {
            super(logs(Statements.uncounted()));
        }
    }

    @Nested
    class Webhooks extends WebhookContract {
        Webhooks() {
            super(logs(Statements.uncounted()));
        }
    }

    @Nested
    class Hooks extends HooksContract {
        Hooks() {
            super(logs(Statements.uncounted()));
        }
    }

    @Nested
    class Subscriptions extends ReadersContract {
        Subscriptions() {
            super(logs(Statements.uncounted()));
        }
    }

    @Nested
    class Bus extends EventBusContract {
        Bus() {
            super(logs(Statements.uncounted()));
        }
    }

    @Nested
    class Costs extends LedgerContract {
        Costs() {
            super(logs(Statements.uncounted()));
        }
    }

    private LogPlace logs(Statements statements) {
        return new SqliteFile(() -> folder, file -> SqliteLogStorage.open(file, 1, EventLog.tables(), statements));
    }
}
