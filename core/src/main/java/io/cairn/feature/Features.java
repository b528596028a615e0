package io.cairn.feature;

import io.cairn.archive.Archive;
import io.cairn.archive.LogCopy;
import io.cairn.event.EventLog;
import io.cairn.event.InlineProjection;
import io.cairn.event.Reserved;
import io.cairn.follow.Reaction;
import io.cairn.follow.RunningFollower;
import io.cairn.lease.Leases;
import io.cairn.projection.RunningRows;
import io.cairn.row.Table;
import io.cairn.schema.DeclaredType;
import io.cairn.schema.EventSchemas;
import java.util.HashMap;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/// The features of one Cairn, the engine's own first: whatever goes over all tables, types, names and followers goes
/// over this list.
public final class Features {
    private final List<Feature> all;

    private Features(List<Feature> all) {
        this.all = all;
    }

    /// The engine with these features.
    ///
    /// @throws IllegalArgumentException if two of them bring the same table, type, name or follower
    public static Features of(List<Feature> features) {
        var all = Stream.concat(Stream.of(engine()), features.stream()).toList();
        requireDistinct(all, "the table", feature -> feature.allTables().map(Table::name));
        requireDistinct(
                all,
                "the event type",
                feature -> feature.types().stream().map(type -> type.type().name()));
        requireDistinct(all, "the event name", feature -> feature.events().stream());
        requireDistinct(all, "the stream type", feature -> feature.streams().stream());
        requireDistinct(all, "the follower", Features::followers);
        return new Features(all);
    }

    /// What is there in every Cairn: the log, its archives, schemas, leases and followers.
    private static Feature engine() {
        return Feature.named("engine")
                .tables(EventLog.tables())
                .tables(Leases.tables())
                .tables(RunningFollower.tables())
                .tables(RunningRows.tables())
                .types(EventSchemas.own())
                .types(List.of(DeclaredType.first(Archive.IMPORTED), DeclaredType.first(LogCopy.BEGUN)))
                .reserving("cairn");
    }

    private static Stream<String> followers(Feature feature) {
        return Stream.concat(
                feature.inline().stream().map(InlineProjection::name),
                feature.reactions().stream().map(Reaction::name));
    }

    private static void requireDistinct(
            List<Feature> features, String what, Function<Feature, Stream<String>> brought) {
        var by = new HashMap<String, String>();
        for (var feature : features) {
            brought.apply(feature).forEach(name -> {
                var other = by.putIfAbsent(name, feature.name());
                if (other != null) {
                    throw new IllegalArgumentException("The features %s and %s both bring %s %s; rename one"
                            .formatted(other, feature.name(), what, name));
                }
            });
        }
    }

    /// Every table beside the events; an export or a copy carries those that are not derived.
    public List<Table> tables() {
        return all.stream().flatMap(Feature::allTables).toList();
    }

    public List<InlineProjection> inline() {
        return all.stream().flatMap(feature -> feature.inline().stream()).toList();
    }

    /// The event types that belong to the code.
    public List<DeclaredType> types() {
        return all.stream().flatMap(feature -> feature.types().stream()).toList();
    }

    /// The names that no user writes under.
    public Reserved reserved() {
        return new Reserved(
                all.stream().flatMap(feature -> feature.events().stream()).toList(),
                all.stream().flatMap(feature -> feature.streams().stream()).toList());
    }

    public List<Reaction> reactions() {
        return all.stream().flatMap(feature -> feature.reactions().stream()).toList();
    }
}
