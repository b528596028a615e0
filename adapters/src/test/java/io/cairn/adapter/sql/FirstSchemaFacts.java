package io.cairn.adapter.sql;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.aggregate.AggregateId;
import io.cairn.aggregate.AggregateSettings;
import io.cairn.aggregate.Aggregates;
import io.cairn.aggregate.Codec;
import io.cairn.aggregate.CommandId;
import io.cairn.aggregate.Decided;
import io.cairn.aggregate.Decider;
import io.cairn.aggregate.Decision;
import io.cairn.aggregate.Loaded;
import io.cairn.archive.Verification;
import io.cairn.event.LogStorage;
import io.cairn.tenant.Context;
import java.time.Clock;
import java.util.Optional;

/// What must hold of a log that the first release left, once this one has brought its schema up to date.
final class FirstSchemaFacts {
    sealed interface Event {
        record PaidIn(long amount) implements Event {}
    }

    record Balance(long cents) {}

    private static final class Rules implements Decider<Long, Event, Balance> {
        @Override
        public String name() {
            return "account";
        }

        @Override
        public Balance initial() {
            return new Balance(0);
        }

        @Override
        public Decision<Event> decide(Long amount, Balance balance) {
            return Decision.happens(new Event.PaidIn(amount));
        }

        @Override
        public Balance evolve(Balance balance, Event event) {
            return switch (event) {
                case Event.PaidIn(var amount) -> new Balance(balance.cents() + amount);
            };
        }
    }

    private FirstSchemaFacts() {}

    /// Everything is there and verifies, and the log goes on with what the new schema is for. Closes the storage.
    static void holdOn(LogStorage storage) {
        try (var log = FirstSchema.open(storage)) {
            var verified = Verification.of(storage, Optional.empty(), progress -> {});
            assertThat(verified.problems()).isEmpty();
            assertThat(log.blobs().read(FirstSchema.TENANT, FirstSchema.BLOB)).hasValue("A paper.".getBytes(UTF_8));

            var accounts = new Aggregates<>(
                    log,
                    new Rules(),
                    Codec.records("account", Event.class, Balance.class),
                    Clock.systemUTC(),
                    AggregateSettings.defaults().snapshotEvery(3));
            var id = new AggregateId("a-1");
            var context = new Context(FirstSchema.TENANT, "tester", "corr");
            assertThat(accounts.decide(context, id, new CommandId("next"), 4L)).isInstanceOf(Decided.Written.class);
            assertThat(accounts.load(FirstSchema.TENANT, id)).isEqualTo(new Loaded<>(new Balance(10), 4));
            assertThat(accounts.snapshots().used()).isOne();
        }
    }
}
