package com.example.leads;

import io.cairn.event.Event;
import io.cairn.event.Payload;
import io.cairn.projection.RowProjection;
import io.cairn.row.RowChange;
import io.cairn.row.Table;
import io.cairn.row.Table.Column;
import java.util.HashMap;
import java.util.List;

/// Where each lead stands.
public final class LeadBoard implements RowProjection {
    static final Table TABLE = new Table(
            "lead_board",
            Table.Kind.DERIVED,
            List.of(Column.text("lead")),
            List.of(Column.text("status"), Column.text("classification"), Column.number("score"), Column.text("agent")));

    @Override
    public String name() {
        return "lead-board";
    }

    @Override
    public List<Table> tables() {
        return List.of(TABLE);
    }

    @Override
    public List<RowChange> changes(Event event, Rows rows) {
        if (!event.stream().type().equals("lead") || !(event.payload() instanceof Payload.Open(var payload))) {
            return List.of();
        }
        var lead = event.stream().id();
        var cells = new HashMap<String, Object>();
        rows.row(TABLE, TABLE.key(lead))
                .ifPresent(row -> TABLE.values().forEach(column -> cells.put(column.name(), row.cell(column.name()))));
        cells.put("lead", lead);
        switch (event.type().name()) {
            case "lead.received" -> cells.put("status", "received");
            case "lead.scored" -> {
                cells.put("status", "scored");
                cells.put("classification", payload.path("classification").asString());
                cells.put("score", payload.path("score").asLong());
            }
            case "lead.assigned" -> {
                cells.put("status", "assigned");
                cells.put("agent", payload.path("agent").asString());
            }
            case "lead.declined" -> cells.put("status", "declined");
            default -> {
                return List.of();
            }
        }
        return List.of(new RowChange.Put(TABLE.row(cells)));
    }
}
