package io.cairn.adapter.sql;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// The statements of one operation, numbered in their order. More than ten for each item are too many.
final class OperationStatements implements Counting {
    static final int PER_ITEM_MAX = 10;

    private static final int SHOWN_CHARACTERS = 100;

    private final Supplier<String> name;
    private final Consumer<String> numbered;
    private final Consumer<String> excess;
    private final Map<String, Integer> counts = new LinkedHashMap<>();
    private long items;
    private int count;

    /// @param numbered is told each statement with its number
    /// @param excess is told at the end, if there were too many
    OperationStatements(Supplier<String> name, int items, Consumer<String> numbered, Consumer<String> excess) {
        this.name = name;
        this.items = Math.max(1, items);
        this.numbered = numbered;
        this.excess = excess;
    }

    @Override
    public synchronized void sent(String sql) {
        count++;
        counts.merge(sql, 1, Integer::sum);
        numbered.accept("Statement %d of %s: %s".formatted(count, name.get(), shown(sql)));
    }

    @Override
    public synchronized void more(int further) {
        items += further;
    }

    @Override
    public synchronized void close() {
        long most = PER_ITEM_MAX * items;
        if (count > most) {
            excess.accept("%s sent %d statements where %d are many: %s".formatted(name.get(), count, most, told()));
        }
    }

    /// What a session counts with that works for this operation but does not end it.
    Counting joined() {
        return new Counting() {
            @Override
            public void sent(String sql) {
                OperationStatements.this.sent(sql);
            }

            @Override
            public void more(int further) {
                OperationStatements.this.more(further);
            }

            @Override
            public void close() {
                // it goes on
            }
        };
    }

    private String told() {
        return counts.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .map(entry -> entry.getValue() + " × " + shown(entry.getKey()))
                .collect(Collectors.joining("; "));
    }

    /// Statements hold no values, those are bound.
    private static String shown(String sql) {
        var line = sql.replaceAll("\\s+", " ").strip();
        return line.length() <= SHOWN_CHARACTERS ? line : line.substring(0, SHOWN_CHARACTERS);
    }
}
