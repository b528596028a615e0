package io.cairn.saga;

import io.cairn.event.EventLog;
import io.cairn.event.Ids;
import io.cairn.event.LogStorage;
import io.cairn.feature.Features;
import io.cairn.follow.FollowSettings;
import io.cairn.follow.ReactionSteps;
import io.cairn.follow.RunningReaction;
import io.cairn.row.Table;
import io.cairn.task.Lane;
import io.cairn.task.Run;
import io.cairn.task.SettableClock;
import io.cairn.task.TaskEngine;
import io.cairn.task.TaskNode;
import io.cairn.task.TaskSettings;
import io.cairn.task.TaskTypes;
import io.cairn.task.Tasks;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;

/// A node with sagas that does everything in the caller's thread, when it is told to.
final class SagaNode implements AutoCloseable {
    static final List<Table> TABLES =
            Features.of(List.of(TaskEngine.feature(), Sagas.feature())).tables();

    private static final String ACTIONS = "default";

    private final TaskNode node;
    private final Sagas sagas;
    private final List<RunningReaction> reactions;

    SagaNode(String name, LogStorage storage, List<SagaType> known, SettableClock clock, RandomGenerator random) {
        var log = new AtomicReference<EventLog>();
        var tasks = new AtomicReference<Tasks>();
        var types = new SagaTypes(known);
        var work = new SagaTasks(log::get, tasks::get, types, new Ids(clock, random), ACTIONS, SagaTasks.KEPT);
        var lanes = List.of(SagaTasks.lane(8), Lane.parallel(ACTIONS, 8));
        node = new TaskNode(
                name, storage, new TaskTypes(lanes, work.taskTypes()), TaskSettings.defaults(), clock, random);
        log.set(node.log());
        tasks.set(node.tasks());
        sagas = new Sagas(node.log(), types);
        reactions = sagas.reactions(node.tasks()).stream()
                .map(reaction -> new RunningReaction(
                        reaction,
                        node.log(),
                        node.leases(),
                        FollowSettings.defaults().batchesOf(4),
                        clock))
                .toList();
    }

    TaskNode node() {
        return node;
    }

    Sagas sagas() {
        return sagas;
    }

    EventLog log() {
        return node.log();
    }

    /// Lets the reactions take in one batch each.
    boolean follow() {
        boolean busy = false;
        for (var reaction : reactions) {
            busy |= ReactionSteps.step(reaction);
        }
        return busy;
    }

    /// Goes on until nothing is left to do at this time.
    void runUntilIdle() {
        node.beat();
        do {
            node.runUntilIdle();
        } while (follow());
    }

    /// As [#runUntilIdle], but actions are begun and never end, as if their process had died.
    void runUntilIdleExceptActions() {
        node.beat();
        boolean busy;
        do {
            node.claim();
            var runs = node.begun().stream()
                    .filter(run ->
                            run.type().equals(SagaErrands.STEP) || run.type().equals(SagaErrands.TIMER))
                    .toList();
            node.begun().removeAll(runs);
            runs.forEach(Run::run);
            busy = !runs.isEmpty() | follow();
        } while (busy);
    }

    @Override
    public void close() {
        node.close();
    }
}
