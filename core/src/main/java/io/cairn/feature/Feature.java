package io.cairn.feature;

import io.cairn.event.InlineProjection;
import io.cairn.follow.Reaction;
import io.cairn.row.Table;
import io.cairn.schema.DeclaredType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// What a part of Cairn brings: its tables, the types of its events, the names that it takes for itself, and what
/// follows the log for it.
///
/// ```java
/// public static Feature feature() {
///     return Feature.named("orders")
///             .tables(List.of(OPEN))
///             .types(List.of(DeclaredType.first(PLACED)))
///             .reserving("order")
///             .reactions(new Invoicing());
/// }
/// ```
///
/// @param tables besides those of its inline projections and reactions
/// @param inline read models that commit with the events
/// @param types of the events that it writes
/// @param events names that no user's event type may have or begin with, up to a dot
/// @param streams types of streams that no user may write to
/// @param reactions what it does about events, under leases
public record Feature(
        String name,
        List<Table> tables,
        List<InlineProjection> inline,
        List<DeclaredType> types,
        List<String> events,
        List<String> streams,
        List<Reaction> reactions) {
    public Feature {
        tables = List.copyOf(tables);
        inline = List.copyOf(inline);
        types = List.copyOf(types);
        events = List.copyOf(events);
        streams = List.copyOf(streams);
        reactions = List.copyOf(reactions);
    }

    /// A feature that brings nothing yet.
    public static Feature named(String name) {
        return new Feature(name, List.of(), List.of(), List.of(), List.of(), List.of(), List.of());
    }

    public Feature tables(List<Table> more) {
        return new Feature(name, joined(tables, more), inline, types, events, streams, reactions);
    }

    public Feature inline(InlineProjection more) {
        return new Feature(name, tables, joined(inline, List.of(more)), types, events, streams, reactions);
    }

    public Feature types(List<DeclaredType> more) {
        return new Feature(name, tables, inline, joined(types, more), events, streams, reactions);
    }

    /// Takes a name for its events and its streams.
    public Feature reserving(String taken) {
        return reservingEvents(taken).reservingStreams(taken);
    }

    public Feature reservingEvents(String taken) {
        return new Feature(name, tables, inline, types, joined(events, List.of(taken)), streams, reactions);
    }

    public Feature reservingStreams(String taken) {
        return new Feature(name, tables, inline, types, events, joined(streams, List.of(taken)), reactions);
    }

    public Feature reactions(Reaction... more) {
        return new Feature(name, tables, inline, types, events, streams, joined(reactions, List.of(more)));
    }

    /// All tables that it needs.
    Stream<Table> allTables() {
        return Stream.of(
                        tables.stream(),
                        inline.stream().flatMap(projection -> projection.tables().stream()),
                        reactions.stream().flatMap(reaction -> reaction.tables().stream()))
                .flatMap(all -> all)
                .distinct();
    }

    private static <T> List<T> joined(List<T> some, List<T> more) {
        var all = new ArrayList<>(some);
        all.addAll(more);
        return all;
    }
}
