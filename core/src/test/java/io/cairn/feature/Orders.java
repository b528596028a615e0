package io.cairn.feature;

import static io.cairn.row.Table.Column.number;
import static io.cairn.row.Table.Column.text;

import io.cairn.event.Event;
import io.cairn.event.EventType;
import io.cairn.event.InlineProjection;
import io.cairn.event.NewEvent;
import io.cairn.event.StreamId;
import io.cairn.follow.Effects;
import io.cairn.follow.Reaction;
import io.cairn.follow.Rows;
import io.cairn.row.RowChange;
import io.cairn.row.Table;
import io.cairn.schema.DeclaredType;
import io.cairn.tenant.Tenant;
import java.util.List;
import java.util.Map;

/// A feature as CONTRIBUTING.md says to add one: it owns a table, an event type, a name, a read model and a reaction.
public final class Orders {
    public static final EventType PLACED = new EventType("order.placed");

    /// The type of the streams in which orders are.
    public static final String STREAM = "order";

    /// The name of its read model.
    public static final String READ_MODEL = "orders";

    /// The name of its reaction.
    public static final String REACTION = "sending";

    /// Which orders wait to be sent: state, so it is nowhere but here.
    public static final Table WAITING =
            new Table("orders_waiting", Table.Kind.STATE, List.of(text("order")), List.of(number("version")));

    /// Which orders there are.
    public static final Table KNOWN =
            new Table("orders_known", Table.Kind.DERIVED, List.of(text("order")), List.of(number("placed")));

    private Orders() {}

    public static Feature feature() {
        return Feature.named("orders")
                .types(List.of(DeclaredType.first(PLACED)))
                .reserving(STREAM)
                .inline(new OrderRows())
                .reactions(new Sending());
    }

    /// Holds every order that was ever placed.
    private static final class OrderRows implements InlineProjection {
        @Override
        public String name() {
            return READ_MODEL;
        }

        @Override
        public List<Table> tables() {
            return List.of(KNOWN);
        }

        @Override
        public List<RowChange> changes(Tenant tenant, StreamId stream, NewEvent event) {
            return changesOfForgotten(tenant, stream, event.type());
        }

        @Override
        public List<RowChange> changesOfForgotten(Tenant tenant, StreamId stream, EventType type) {
            return type.equals(PLACED)
                    ? List.of(new RowChange.Put(KNOWN.row(Map.of("order", stream.id(), "placed", 1L))))
                    : List.of();
        }
    }

    /// Lets an order wait once it is placed.
    private static final class Sending implements Reaction {
        @Override
        public String name() {
            return REACTION;
        }

        @Override
        public List<Table> tables() {
            return List.of(WAITING);
        }

        @Override
        public Effects react(Event event, Rows rows) {
            return event.type().equals(PLACED)
                    ? Effects.rows(new RowChange.Put(
                            WAITING.row(Map.of("order", event.stream().id(), "version", event.version()))))
                    : Effects.none();
        }
    }
}
