package io.cairn.saga;

import io.cairn.event.Event;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A kind of saga: which events start it or concern it, what it can do, and how it reacts.
///
/// ```java
/// SagaType.named("assign-lead", AssignLead::react)
///         .startedBy("lead.scored", event -> event.stream().id())
///         .hearing("lead.withdrawn", event -> event.stream().id())
///         .doing(reserve)
///         .doing(notify);
/// ```
public final class SagaType {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,29}");

    /// Says what follows from an input. It has no effects of its own: it may be asked again.
    @FunctionalInterface
    public interface Reacting {
        Next react(At at, Input input);
    }

    /// Where a saga stands when it reacts.
    ///
    /// @param saga its id, from which ids of events can follow
    /// @param state `{}` before the first reaction
    public record At(UUID saga, String correlation, JsonNode state) {}

    private final String name;
    private final Reacting reacting;
    private final int version;
    private final Map<String, Function<Event, String>> starts;
    private final Map<String, Function<Event, String>> hears;
    private final Map<String, SagaAction> actions;
    private final Map<Integer, UnaryOperator<JsonNode>> migrations;

    private SagaType(
            String name,
            Reacting reacting,
            int version,
            Map<String, Function<Event, String>> starts,
            Map<String, Function<Event, String>> hears,
            Map<String, SagaAction> actions,
            Map<Integer, UnaryOperator<JsonNode>> migrations) {
        this.name = name;
        this.reacting = reacting;
        this.version = version;
        this.starts = starts;
        this.hears = hears;
        this.actions = actions;
        this.migrations = migrations;
    }

    /// @param name up to 30 lower-case letters, digits and hyphens
    public static SagaType named(String name, Reacting reacting) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "A saga is named with up to 30 lower-case letters, digits and hyphens, not '%s'".formatted(name));
        }
        return new SagaType(name, reacting, 1, Map.of(), Map.of(), Map.of(), Map.of());
    }

    /// Events of this type start a saga.
    ///
    /// @param correlation what the saga is about
    public SagaType startedBy(String eventType, Function<Event, String> correlation) {
        return new SagaType(name, reacting, version, with(starts, eventType, correlation), hears, actions, migrations);
    }

    /// Events of this type are told to the saga that they are about, if it was started.
    public SagaType hearing(String eventType, Function<Event, String> correlation) {
        return new SagaType(name, reacting, version, starts, with(hears, eventType, correlation), actions, migrations);
    }

    public SagaType doing(SagaAction action) {
        return new SagaType(name, reacting, version, starts, hears, with(actions, action.name(), action), migrations);
    }

    /// The state has another form from now on; a saga that is under way has its state brought to it.
    ///
    /// @param migration from the form before to this one
    public SagaType version(int next, UnaryOperator<JsonNode> migration) {
        if (next != version + 1) {
            throw new IllegalArgumentException("Behind version %d of the state of %s comes %d, not %d"
                    .formatted(version, name, version + 1, next));
        }
        return new SagaType(name, reacting, next, starts, hears, actions, with(migrations, version, migration));
    }

    private static <K, V> Map<K, V> with(Map<K, V> some, K key, V value) {
        var all = new LinkedHashMap<>(some);
        if (all.put(key, value) != null) {
            throw new IllegalArgumentException("A saga has two of '%s'".formatted(key));
        }
        return all;
    }

    public String name() {
        return name;
    }

    int version() {
        return version;
    }

    Map<String, SagaAction> actions() {
        return actions;
    }

    SagaAction action(String wanted) {
        var found = actions.get(wanted);
        if (found == null) {
            throw new IllegalStateException("Saga %s has no action '%s'; it has: %s"
                    .formatted(name, wanted, String.join(", ", actions.keySet())));
        }
        return found;
    }

    Next react(At at, Input input) {
        return reacting.react(at, input);
    }

    boolean isStartedBy(Event event) {
        return starts.containsKey(event.type().name());
    }

    /// What the event is about, if it is of concern.
    Optional<String> correlation(Event event) {
        @Nullable
        Function<Event, String> known =
                starts.getOrDefault(event.type().name(), hears.get(event.type().name()));
        return Optional.ofNullable(known).map(found -> found.apply(event));
    }

    /// @throws IllegalStateException if this code does not know the form
    JsonNode migrated(JsonNode state, int from) {
        if (!reads(from)) {
            throw new IllegalStateException(cannotGoOn(from));
        }
        var migrated = state;
        for (int at = from; at < version; at++) {
            migrated = migrations.getOrDefault(at, UnaryOperator.identity()).apply(migrated);
        }
        return migrated;
    }

    boolean reads(int from) {
        return from <= version && IntStream.range(from, version).allMatch(migrations::containsKey);
    }

    String cannotGoOn(int from) {
        return "its state has version %d, and the code knows version %d".formatted(from, version);
    }
}
