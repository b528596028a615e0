package io.cairn.saga;

import io.cairn.event.Event;
import io.cairn.event.EventLog;
import io.cairn.event.SubjectKeys;
import io.cairn.event.Times;
import io.cairn.follow.Effects;
import io.cairn.follow.Reaction;
import io.cairn.follow.Rows;
import io.cairn.row.RowChange;
import io.cairn.row.RowExpectation;
import io.cairn.row.Table;
import io.cairn.task.TaskEngine;
import io.cairn.task.Tasks;
import io.cairn.tenant.Context;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.node.JsonNodeFactory;

/// Starts the sagas of one type, and tells them of what is about them. What was there before the type was known starts
/// none.
final class SagaReaction implements Reaction {
    private static final List<Table> TABLES = Stream.of(
                    SagaTables.all(), TaskEngine.feature().tables(), List.of(SubjectKeys.TABLE))
            .flatMap(List::stream)
            .toList();

    private final SagaType type;
    private final EventLog log;
    private final Tasks tasks;

    SagaReaction(SagaType type, EventLog log, Tasks tasks) {
        this.type = type;
        this.log = log;
        this.tasks = tasks;
    }

    @Override
    public String name() {
        return "saga-" + type.name();
    }

    @Override
    public List<Table> tables() {
        return TABLES;
    }

    @Override
    public Beginning beginning() {
        return Beginning.END;
    }

    @Override
    public Effects react(Event event, Rows rows) {
        return type.correlation(event).map(about -> told(event, about, rows)).orElse(Effects.none());
    }

    private Effects told(Event event, String about, Rows rows) {
        var id = SagaErrands.saga(type.name(), about).toString();
        boolean known = rows.row(SagaTables.SAGA, SagaTables.SAGA.key(id)).isPresent();
        if (!known && !type.isStartedBy(event)) {
            return Effects.none();
        }
        var context = new Context(event.tenant(), "saga:" + type.name(), event.correlation());
        var step = tasks.enqueue(context, SagaErrands.happened(id, event));
        var told = new Effects(List.of(), step.expectations(), step.rows());
        return known ? told : started(event, id, about, context).and(told);
    }

    private Effects started(Event event, String id, String about, Context context) {
        var empty = JsonNodeFactory.instance;
        var content = SagaRow.content(
                empty.objectNode(),
                new Actions(List.of()),
                empty.objectNode(),
                event.id().toString());
        var sealed = log.rowSeals().seal(event.tenant(), event.subject(), id, content);
        var cells = new HashMap<String, Object>();
        cells.put("id", id);
        cells.put("type", type.name());
        cells.put("correlation", about);
        cells.put("status", SagaStatus.PENDING.text());
        cells.put("step", "");
        cells.put("retries", 0L);
        cells.put("state_version", (long) type.version());
        cells.put("revision", 1L);
        cells.put("started_at", Times.micros(event.recordedAt()));
        cells.put("updated_at", Times.micros(event.recordedAt()));
        cells.put("actor", context.actor());
        cells.put("correlation_id", context.correlation());
        cells.put("subject", event.subject());
        cells.put("key_id", sealed.keyId().toString());
        cells.put("state", sealed.bytes());
        var row = SagaTables.SAGA.row(cells);
        var changes = new ArrayList<RowChange>(sealed.rows());
        changes.add(new RowChange.Put(row));
        changes.add(new RowChange.Put(SagaTables.listed(row)));
        var absent = new RowExpectation.Absent(SagaTables.SAGA, row.key());
        return new Effects(List.of(), List.of(absent), changes);
    }
}
