package io.cairn.adapter.sql;

import io.cairn.event.LogStorage;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Counts the statements that go to one store, for a metric. In development it also counts those of each operation, so
/// that an operation is noticed that sends many statements where one would do.
///
/// An operation is bound to the thread that carries it out; a session that works for it in another thread is handed its
/// counter. The writer's thread works for many operations at once, so each of its transactions is one of its own.
public final class Statements {
    private static final Logger LOG = LoggerFactory.getLogger("io.cairn.statements");
    private static final ScopedValue<OperationStatements> CURRENT = ScopedValue.newInstance();
    private static final Consumer<String> WARNING = LOG::warn;

    private static volatile Consumer<String> excess = WARNING;

    private enum Kind {
        SELECT,
        INSERT,
        UPDATE,
        DELETE,
        OTHER
    }

    private final Map<Kind, Counter> counters = new EnumMap<>(Kind.class);
    private final boolean development;

    private Statements(MeterRegistry meters, String store, boolean development) {
        this.development = development;
        for (var kind : Kind.values()) {
            counters.put(
                    kind,
                    meters.counter(
                            "db.statements", "store", store, "kind", kind.name().toLowerCase(Locale.ROOT)));
        }
    }

    /// @param store as the metric names it
    /// @param development whether operations with too many statements are warned of
    public static Statements of(String store, MeterRegistry meters, boolean development) {
        return new Statements(meters, store, development);
    }

    /// Counts nothing.
    public static Statements uncounted() {
        return new Statements(new CompositeMeterRegistry(), "none", false);
    }

    /// Counts as in development, but for no metric.
    static Statements watched() {
        return new Statements(new CompositeMeterRegistry(), "none", true);
    }

    /// Is told of operations with too many statements.
    static void tell(Consumer<String> listener) {
        excess = WARNING.andThen(listener);
    }

    /// Carries out an operation whose statements, to any store, are counted together.
    <T, X extends Exception> T operation(Supplier<String> name, int items, LogStorage.Operation<T, X> work) throws X {
        if (!watching()) {
            return work.run();
        }
        try (var operation = begun(name, items)) {
            return ScopedValue.where(CURRENT, operation).call(work::run);
        }
    }

    /// The operation that this thread is in; if it is in none, a new one.
    Counting current(String otherwise) {
        if (CURRENT.isBound()) {
            return CURRENT.get().joined();
        }
        return alone(otherwise);
    }

    /// A new operation.
    Counting alone(String name) {
        return watching() ? begun(() -> name, 1) : Counting.NONE;
    }

    /// An operation whose statements are numbered and may be as many as it takes.
    Counting unlimited(String name) {
        return watching() ? begun(() -> name, Integer.MAX_VALUE / OperationStatements.PER_ITEM_MAX) : Counting.NONE;
    }

    void sent(String sql) {
        var counter = counters.get(kind(sql));
        if (counter != null) {
            counter.increment();
        }
    }

    private boolean watching() {
        return development || LOG.isDebugEnabled();
    }

    private OperationStatements begun(Supplier<String> name, int items) {
        return new OperationStatements(name, items, LOG::debug, development ? excess : message -> {});
    }

    private static Kind kind(String sql) {
        for (var kind : Kind.values()) {
            if (sql.startsWith(kind.name())) {
                return kind;
            }
        }
        return Kind.OTHER;
    }
}
