package io.cairn.client;

import io.cairn.client.wire.Acknowledge;
import io.cairn.client.wire.NewSubscription;
import io.cairn.client.wire.Page;
import io.cairn.client.wire.Subscription;
import io.cairn.client.wire.SubscriptionPage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Durable subscriptions of a tenant: readers whose place in the log the server keeps.
public final class Subscriptions {
    private final Transport transport;

    Subscriptions(Transport transport) {
        this.transport = transport;
    }

    /// Makes one; the same one again is no harm.
    public Subscription create(String name, NewSubscription subscription) {
        return transport.send(
                Call.put(Address.of("subscriptions", name), subscription, Call.Again.HARMLESS), Subscription.class);
    }

    public List<Subscription> list() {
        Page<Subscription> page = transport.page(Call.get(Address.of("subscriptions")), Subscription.class);
        return page.items();
    }

    public Subscription find(String name) {
        return transport.send(Call.get(Address.of("subscriptions", name)), Subscription.class);
    }

    /// What was not acknowledged yet, from the beginning of it.
    public SubscriptionPage next(String name, @Nullable Integer limit) {
        return transport.send(
                Call.get(Address.of("subscriptions", name, "events").with("limit", limit)), SubscriptionPage.class);
    }

    /// Says that everything up to a position is dealt with.
    public Subscription acknowledge(String name, String position) {
        return transport.send(
                Call.post(
                        Address.of("subscriptions", name, "acknowledge"),
                        new Acknowledge(position),
                        Call.Again.HARMLESS),
                Subscription.class);
    }

    public void delete(String name) {
        transport.send(Call.delete(Address.of("subscriptions", name)), Subscription.class);
    }
}
