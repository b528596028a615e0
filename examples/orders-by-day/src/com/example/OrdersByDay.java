package com.example;

import io.cairn.event.Event;
import io.cairn.event.Payload;
import io.cairn.projection.RowProjection;
import io.cairn.row.RowChange;
import io.cairn.row.Table;
import io.cairn.row.Table.Column;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;

/// How many orders were placed on each day, and what they came to.
public final class OrdersByDay implements RowProjection {
    public static final Table TABLE = new Table(
            "orders_by_day",
            Table.Kind.DERIVED,
            List.of(Column.text("day")),
            List.of(Column.number("orders"), Column.number("cents")));

    @Override
    public String name() {
        return "orders-by-day";
    }

    @Override
    public List<Table> tables() {
        return List.of(TABLE);
    }

    @Override
    public List<RowChange> changes(Event event, Rows rows) {
        if (!event.type().name().equals("order.placed") || !(event.payload() instanceof Payload.Open(var order))) {
            return List.of();
        }
        var day = LocalDate.parse(order.required("day").asString()).toString();
        var before = rows.row(TABLE, TABLE.key(day));
        long orders = before.map(row -> row.number("orders")).orElse(0L) + 1;
        long cents = before.map(row -> row.number("cents")).orElse(0L) + order.required("cents").asLong();
        return List.of(new RowChange.Put(TABLE.row(Map.of("day", day, "orders", orders, "cents", cents))));
    }
}
