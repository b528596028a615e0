package io.cairn.aggregate;

import static io.cairn.aggregate.GivenWhenThen.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cairn.aggregate.Account.Command;
import io.cairn.aggregate.Account.Event;
import io.cairn.event.EventLog;
import io.cairn.event.EventType;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/// How a user's rules are written down, tried and used.
class DeciderTest {
    private final Account.Rules rules = new Account.Rules();

    @Test
    void rulesAreTriedWithoutALog() {
        given(rules).when(new Command.PayIn(1)).thenRefused("not open");
        given(rules, new Event.Opened()).when(new Command.PayIn(1)).then(new Event.PaidIn(1));
        given(rules, new Event.Opened()).when(new Command.Open()).thenNothing();
        assertThatThrownBy(() -> given(rules).when(new Command.Open()).thenNothing())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("decided was Happens[events=[Opened[]]]");
    }

    @Test
    void aLogInMemoryIsEnoughToUseThem() {
        try (var log = EventLog.inMemory(List.of(), Clock.systemUTC())) {
            var accounts = new Aggregates<>(
                    log, rules, Codec.records("account", Event.class, Account.class), Clock.systemUTC());
            var context = new Context(Tenant.DEFAULT, "me", "request-1");
            var id = new AggregateId("a-1");

            accounts.decide(context, id, new CommandId("c-1"), new Command.Open());
            var outcome = accounts.decide(context, id, new CommandId("c-2"), new Command.PayIn(3));

            assertThat(outcome).isInstanceOf(Decided.Written.class);
            assertThat(accounts.load(Tenant.DEFAULT, id).state().balance()).isEqualTo(3);
        }
    }

    @Test
    void eventsOfAnotherKindAreRefusedByName() {
        var codec = Codec.records("account", Event.class, Account.class);

        assertThatThrownBy(() -> codec.decode(
                        new EventType("account.closed"), JsonMapper.shared().createObjectNode()))
                .hasMessageContaining("'account.closed' is not one of the events")
                .hasMessageContaining("account.paid_in");
        assertThatThrownBy(() -> Codec.records("account", String.class, Account.class))
                .hasMessageContaining("records of a sealed interface");
    }

    @Test
    void newEventsHaveTheSchemaVersionThatTheirRecordIsGiven() {
        var codec = Codec.records("account", Event.class, Account.class).schemaVersion(Event.PaidIn.class, 2);

        assertThat(codec.encode(new Event.PaidIn(1)).schemaVersion()).isEqualTo(2);
        assertThat(codec.encode(new Event.Opened()).schemaVersion()).isOne();
        assertThat(codec.decode(
                        new EventType("account.paid_in"),
                        codec.encode(new Event.PaidIn(1)).payload()))
                .isEqualTo(new Event.PaidIn(1));
    }

    @Test
    void anIdThatCouldNotBeASubjectIsRefused() {
        assertThatThrownBy(() -> new AggregateId("x".repeat(401))).hasMessageContaining("1 to 400 characters");
        assertThatThrownBy(() -> new AggregateId("")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new CommandId("a\nb")).isInstanceOf(IllegalArgumentException.class);
    }
}
