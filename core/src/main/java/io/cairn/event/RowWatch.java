package io.cairn.event;

import io.cairn.row.Table;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/// Who is told when this process has committed changes of a table's rows.
final class RowWatch {
    private final Map<Table, List<Runnable>> watching = new ConcurrentHashMap<>();

    void add(Table table, Runnable told) {
        watching.computeIfAbsent(table, none -> new CopyOnWriteArrayList<>()).add(told);
    }

    /// Tells of what was committed, once for each table.
    void committed(Stream<Table> changed) {
        if (!watching.isEmpty()) {
            changed.distinct()
                    .forEach(table -> watching.getOrDefault(table, List.of()).forEach(Runnable::run));
        }
    }
}
