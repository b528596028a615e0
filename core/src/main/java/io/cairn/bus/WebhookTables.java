package io.cairn.bus;

import static io.cairn.row.Table.Column.bytes;
import static io.cairn.row.Table.Column.number;
import static io.cairn.row.Table.Column.text;

import io.cairn.feature.Feature;
import io.cairn.row.Table;
import io.cairn.row.Table.Kind;
import io.cairn.schema.DeclaredType;
import java.util.List;
import java.util.stream.Stream;

/// The tables of who is told of events by other means than a handler in the process.
public final class WebhookTables {
    /// Other servers, with how far each has been told.
    static final Table ENDPOINT = new Table(
            "webhook_endpoint",
            Kind.STATE,
            List.of(text("id")),
            List.of(
                    text("url"),
                    text("pattern"),
                    text("conditions"),
                    text("status"),
                    text("reason"),
                    text("epoch"),
                    number("position"),
                    number("failing_since"),
                    number("created_at"),
                    text("key_id"),
                    bytes("secrets")));

    /// Readers that fetch, with how far each has come.
    static final Table SUBSCRIPTION = new Table(
            "subscription",
            Kind.STATE,
            List.of(text("name")),
            List.of(
                    text("pattern"),
                    text("epoch"),
                    number("position"),
                    number("created_at"),
                    number("acknowledged_at")));

    /// The streams of which readers could not deal with an event.
    static final Table PARKED = new Table(
            "subscription_parked",
            Kind.STATE,
            List.of(text("name"), text("key")),
            List.of(
                    number("version"),
                    text("event_id"),
                    text("event_type"),
                    text("error"),
                    number("attempts"),
                    number("parked_at"),
                    number("retried_at")));

    private WebhookTables() {}

    /// What webhooks and subscriptions bring to a Cairn.
    public static Feature feature() {
        var types = Stream.concat(
                Stream.of(Hooks.RECEIVED),
                Stream.of(Endpoints.Happened.values()).map(Endpoints.Happened::type));
        return Feature.named("webhooks")
                .tables(List.of(SUBSCRIPTION, PARKED, ENDPOINT))
                .types(types.map(DeclaredType::first).toList());
    }
}
