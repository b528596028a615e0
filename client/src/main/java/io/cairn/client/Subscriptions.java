package io.cairn.client;

import io.cairn.client.wire.Acknowledge;
import io.cairn.client.wire.NewSubscription;
import io.cairn.client.wire.Page;
import io.cairn.client.wire.ParkEvent;
import io.cairn.client.wire.ParkedKey;
import io.cairn.client.wire.RetriedParked;
import io.cairn.client.wire.RetryParked;
import io.cairn.client.wire.SkipParked;
import io.cairn.client.wire.SkippedParked;
import io.cairn.client.wire.Subscription;
import io.cairn.client.wire.SubscriptionPage;
import java.util.List;
import java.util.stream.Stream;
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

    /// Says that an event cannot be dealt with: its stream waits from there on, and the others go on.
    public Subscription park(String name, String event, String reason) {
        return transport.send(
                Call.post(Address.of("subscriptions", name, "park"), new ParkEvent(event, reason), Call.Again.HARMLESS),
                Subscription.class);
    }

    public Page<ParkedKey> parked(String name, @Nullable String after, @Nullable Integer limit) {
        Address address =
                Address.of("subscriptions", name, "parked").with("after", after).with("limit", limit);
        return transport.page(Call.get(address), ParkedKey.class);
    }

    /// All parked streams of a subscription, read page by page.
    public Stream<ParkedKey> parked(String name) {
        return Pages.all(after -> parked(name, after, null));
    }

    /// Lets one parked stream come again, or all of them when `key` is null.
    public RetriedParked retry(String name, @Nullable String key) {
        Call call = Call.post(
                Address.of("subscriptions", name, "parked", "retry"), new RetryParked(key), Call.Again.ONLY_IF_REFUSED);
        return transport.send(call, RetriedParked.class);
    }

    /// Gives up, for good, what waits in a parked stream.
    public SkippedParked skip(String name, String key) {
        Call call = Call.post(
                Address.of("subscriptions", name, "parked", "skip"), new SkipParked(key), Call.Again.ONLY_IF_REFUSED);
        return transport.send(call, SkippedParked.class);
    }

    public void delete(String name) {
        transport.send(Call.delete(Address.of("subscriptions", name)), Subscription.class);
    }
}
