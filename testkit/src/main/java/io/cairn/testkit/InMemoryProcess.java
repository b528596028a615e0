package io.cairn.testkit;

import io.cairn.event.Event;
import io.cairn.event.EventLog;
import io.cairn.event.Ids;
import io.cairn.event.LogStorage;
import io.cairn.feature.Feature;
import io.cairn.feature.Features;
import io.cairn.follow.FollowSettings;
import io.cairn.follow.Parked;
import io.cairn.follow.RunningReaction;
import io.cairn.knowledge.Documents;
import io.cairn.knowledge.TextExtractor;
import io.cairn.lease.LeaseSettings;
import io.cairn.lease.Leases;
import io.cairn.memory.Conversations;
import io.cairn.projection.RunningRows;
import io.cairn.saga.SagaTasks;
import io.cairn.saga.SagaTypes;
import io.cairn.saga.Sagas;
import io.cairn.seal.MasterKey;
import io.cairn.task.DeadLetters;
import io.cairn.task.Lane;
import io.cairn.task.Run;
import io.cairn.task.Schedules;
import io.cairn.task.TaskEngine;
import io.cairn.task.TaskMeter;
import io.cairn.task.TaskSettings;
import io.cairn.task.TaskTypes;
import io.cairn.task.Tasks;
import io.cairn.tenant.Tenant;
import io.cairn.text.LanguageDetector;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/// What a Cairn in memory loses when its process dies: everything but what was durable.
final class InMemoryProcess implements AutoCloseable {
    static final Instant BEGINNING = Instant.parse("2026-01-01T00:00:00Z");

    private static final String DEFAULT_LANE = "default";
    private static final int BOUND = 16;

    private final Durable durable;
    private final EventLog log;
    private final Leases leases;
    private final List<RunningRows> projections;
    private final List<RunningReaction> reactions;
    private final Conversations conversations;
    private final Documents documents;
    private final Tasks tasks;
    private final TaskEngine engine;
    private final Sagas sagas;
    private final List<Run> begun = new ArrayList<>();
    private long nanos;

    /// What a process finds when it comes up.
    ///
    /// @param random by which waits between attempts vary, the same in every run of a test
    record Durable(
            LogStorage storage,
            MasterKey master,
            Features features,
            SettableClock clock,
            Ids ids,
            RandomGenerator random) {
        static Durable of(InMemoryCairn.Builder parts, SettableClock clock) {
            var random = new SecureRandom();
            var own = Stream.of(Conversations.feature(), Documents.feature(), TaskEngine.feature(), Sagas.feature());
            var features = Features.of(
                    Stream.<Feature>concat(own, parts.features.stream()).toList());
            return new Durable(
                    LogStorage.inMemory(features.tables()),
                    MasterKey.random(random),
                    features,
                    clock,
                    new Ids(clock, random),
                    new Random(1));
        }
    }

    InMemoryProcess(Durable durable, InMemoryCairn.Builder parts, String name) {
        this.durable = durable;
        var ids = durable.ids();
        log = EventLog.on(durable.storage())
                .sealedWith(durable.master())
                .inline(durable.features().inline())
                .ids(ids)
                .open();
        leases = new Leases(log, name, LeaseSettings.defaults(), this::nanos);
        conversations = new Conversations(log, LanguageDetector.undecided(), ids);
        documents = new Documents(log, TextExtractor.plainText(), LanguageDetector.undecided(), ids);
        var sagaTypes = new SagaTypes(parts.sagas);
        var sagaTasks = new SagaTasks(() -> log, this::tasks, sagaTypes, ids, DEFAULT_LANE, SagaTasks.KEPT);
        tasks = new Tasks(log, types(parts, sagaTasks), TaskSettings.defaults(), ids);
        engine = new TaskEngine(log, leases, tasks, ids, durable.random(), this::nanos, TaskMeter.none(), begun::add);
        sagas = new Sagas(log, sagaTypes);
        sagas.requireAllKnown();
        var following = FollowSettings.defaults();
        projections = parts.projections.stream()
                .map(projection -> new RunningRows(projection, log, leases, following, durable.clock()))
                .toList();
        reactions = Stream.concat(parts.reactions.stream(), sagas.reactions(tasks).stream())
                .map(reaction -> new RunningReaction(reaction, log, leases, following, durable.clock()))
                .toList();
        // A reaction that is new begins with what comes next.
        reactions.forEach(RunningReaction::step);
    }

    private static TaskTypes types(InMemoryCairn.Builder parts, SagaTasks sagaTasks) {
        var lanes = new ArrayList<>(parts.lanes);
        lanes.add(SagaTasks.lane(BOUND));
        if (lanes.stream().noneMatch(lane -> lane.name().equals(DEFAULT_LANE))) {
            lanes.add(Lane.parallel(DEFAULT_LANE, BOUND));
        }
        return new TaskTypes(
                lanes,
                Stream.concat(parts.tasks.stream(), sagaTasks.taskTypes().stream())
                        .toList());
    }

    private long nanos() {
        return nanos;
    }

    /// Lets so much time pass that timers are looked at.
    void pass() {
        nanos += TaskSettings.defaults().pollEvery().toNanos();
    }

    /// @return whether there was anything to do
    boolean step() {
        boolean busy = engine.step();
        var runs = List.copyOf(begun);
        begun.clear();
        for (var run : runs) {
            run.run();
            busy = true;
        }
        for (var projection : projections) {
            busy |= projection.step();
        }
        for (var reaction : reactions) {
            busy |= reaction.step();
        }
        return busy;
    }

    List<Event> events() {
        var events = new ArrayList<Event>();
        for (int partition = 0; partition < log.partitions(); partition++) {
            events.addAll(log.feed().after(partition, 0, Integer.MAX_VALUE, Long.MAX_VALUE));
        }
        return events;
    }

    List<Parked> parked(Tenant tenant) {
        var parked = new ArrayList<Parked>();
        projections.forEach(projection -> parked.addAll(projection.parked(tenant, null, Integer.MAX_VALUE)));
        return parked;
    }

    void rebuild() {
        projections.forEach(RunningRows::rebuild);
    }

    EventLog log() {
        return log;
    }

    Conversations conversations() {
        return conversations;
    }

    Documents documents() {
        return documents;
    }

    Tasks tasks() {
        return tasks;
    }

    DeadLetters deadLetters() {
        return new DeadLetters(log, tasks);
    }

    Schedules schedules() {
        return new Schedules(log, tasks, durable.ids());
    }

    Sagas sagas() {
        return sagas;
    }

    @Override
    public void close() {
        projections.forEach(RunningRows::close);
        leases.close();
        log.close();
    }
}
