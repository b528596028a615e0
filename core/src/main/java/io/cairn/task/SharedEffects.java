package io.cairn.task;

import io.cairn.event.Expected;
import io.cairn.event.PartitionUnit;
import io.cairn.event.StreamAppend;
import io.cairn.event.StreamId;
import io.cairn.row.RowChange;
import io.cairn.row.RowExpectation;
import io.cairn.row.RowKey;
import io.cairn.row.Table;
import io.cairn.tenant.Tenant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// Effects of tasks that may be committed in one unit of work, since none touches a row or expects anything of a stream
/// that another one touches: each is judged as if it were alone.
final class SharedEffects {
    private static final int CHANGES_MAX = 500;

    private final Set<Place> touched = new HashSet<>();

    /// Streams to which some append whatever others append.
    private final Set<Place> appended = new HashSet<>();

    private sealed interface Place {
        record Stream(Tenant tenant, StreamId stream) implements Place {}

        record OfRow(Tenant tenant, Table table, RowKey key) implements Place {}
    }

    /// @return whether its effects may stand beside those that were taken before
    boolean take(Tenant tenant, Outcome.Effects effects) {
        if (touched.size() + appended.size() >= CHANGES_MAX
                || effects.rows().stream().anyMatch(SharedEffects::isOfSeveralRows)) {
            return false;
        }
        var own = places(tenant, effects);
        var anyhow = streams(tenant, effects, append -> append.expected() instanceof Expected.Any);
        if (own.stream().anyMatch(place -> touched.contains(place) || appended.contains(place))
                || anyhow.stream().anyMatch(touched::contains)) {
            return false;
        }
        touched.addAll(own);
        appended.addAll(anyhow);
        return true;
    }

    private static boolean isOfSeveralRows(RowChange change) {
        return change.key().parts().size() < change.table().key().size();
    }

    private static Set<Place> places(Tenant tenant, Outcome.Effects effects) {
        var places = streams(tenant, effects, append -> !(append.expected() instanceof Expected.Any));
        effects.expectations().forEach(row -> places.add(new Place.OfRow(tenant, row.table(), row.key())));
        effects.rows().forEach(row -> places.add(new Place.OfRow(tenant, row.table(), row.key())));
        return places;
    }

    private static Set<Place> streams(Tenant tenant, Outcome.Effects effects, Predicate<StreamAppend> which) {
        return effects.appends().stream()
                .filter(which)
                .map(append -> new Place.Stream(tenant, append.stream()))
                .collect(Collectors.toCollection(HashSet::new));
    }

    static boolean expect(List<TaskEngine.Ended> some, RowExpectation expectation) {
        return some.stream().anyMatch(one -> of(one).expectations().contains(expectation));
    }

    /// What is to be committed, with the effects of the tasks that have some.
    static PartitionUnit unit(int partition, Cycle.Finished part, List<PartitionUnit.Expectation> fences) {
        var appends = new ArrayList<>(part.appends());
        var expectations = new ArrayList<>(fences);
        var changes = new ArrayList<>(part.changes());
        for (var one : part.effective()) {
            var tenant = one.run().task().tenant();
            var effects = of(one);
            effects.appends()
                    .forEach(append ->
                            appends.add(new PartitionUnit.Append(one.run().context(), append)));
            effects.expectations().forEach(row -> expectations.add(new PartitionUnit.Expectation(tenant, row)));
            effects.rows().forEach(row -> changes.add(new PartitionUnit.Change(tenant, row)));
        }
        return new PartitionUnit(partition, appends, expectations, changes);
    }

    static Outcome.Effects of(TaskEngine.Ended one) {
        return one.outcome() instanceof Outcome.Done(var effects) ? effects : Outcome.Effects.NONE;
    }
}
