package io.cairn.simulation;

import io.cairn.event.EventSteps;
import io.cairn.follow.ReactionSteps;
import io.cairn.projection.ProjectionSteps;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/// Two nodes on one store, run by a scheduler whose every choice follows from a seed: who acts next and in the midst of
/// what, what fails, who dies, how the clocks go. After every act the engine is held to what it promises.
///
/// There is one thread. A node acts step by step; at any of its dealings with the store it may be stalled while the
/// other goes on, refused, left in doubt, or killed.
final class Simulation {
    private static final int ROUNDS_MAX = 200;
    private static final Duration ROUND = Duration.ofMillis(500);

    private final World world;
    private final Chance chance;
    private final Clients clients;
    private final Operators operators;
    private final Subscriber subscriber;
    private final OrdersEqualFold orders;
    private final Tally tally;
    private final SharedRowsEqualFold sharedRows;
    private final List<Actor> actors;
    private final List<Checker> checkers;

    private Simulation(long seed, Engine engine) {
        world = new World(seed, engine);
        chance = world.chance();
        var tables = new TablesEqualFold(world.storage());
        orders = new OrdersEqualFold(world);
        tally = new Tally(world);
        subscriber = engine.subscriber(world);
        var reader = new LogReader(world.storage(), event -> {
            tables.take(event);
            orders.take(event);
            subscriber.take(event);
            tally.take(event);
        });
        sharedRows = new SharedRowsEqualFold(world, reader);
        clients = new Clients(world, reader);
        operators = new Operators(world);
        // Some faults show only where somebody is much busier than the others, so that in each run somebody else is.
        actors = Stream.of(
                        new Actor("a client asks", 14, clients::ask),
                        new Actor(
                                "the writer writes",
                                12,
                                node -> EventSteps.write(node.log(), chance.below(World.PARTITIONS))),
                        new Actor("the projection follows", 10, this::follow),
                        new Actor("a subscriber gets a page", 5, subscriber::step),
                        new Actor("what is leased goes on", 20, tally::step),
                        new Actor("the shared projection follows", 8, this::followShared),
                        new Actor("the reactions follow", 6, this::react),
                        new Actor("an operator tends the reactions", 1, this::retryReactions),
                        new Actor("an operator tends the shared projection", 3, this::tendShared),
                        new Actor("an operator tends the projection", 3, operators::tendProjection),
                        new Actor("an operator tends the tables", 4, operators::tendTables),
                        new Actor("time passes", 6, this::passTime),
                        new Actor("the process is killed", 1, Node::die),
                        new Actor("the process is released anew", 1, world.releases()::rollOut))
                .map(actor -> actor.busier(chance.between(1, 7)))
                .toList();
        checkers = List.of(
                reader,
                clients,
                subscriber,
                tally,
                tables,
                orders,
                sharedRows,
                new SharedPositions(world),
                new FollowersEqualFold(world, reader));
        world.trouble().meanwhile(this::others);
    }

    /// What happened in a run.
    record Outcome(
            long acknowledged,
            long refused,
            int deaths,
            int faults,
            int stalls,
            int skips,
            int rebuilds,
            List<String> last) {}

    /// @throws Violation if a promise did not hold
    static Outcome run(long seed, int acts, Engine engine) {
        var simulation = new Simulation(seed, engine);
        try {
            for (int act = 0; act < acts; act++) {
                simulation.act(simulation.chance.pick(simulation.world.nodes()));
                simulation.settle();
                simulation.checkers.forEach(Checker::check);
            }
            return simulation.end();
        } catch (Violation e) {
            throw e.after(simulation.world.trace().lines());
        } catch (RuntimeException e) {
            throw Violation.by(e).after(simulation.world.trace().lines());
        }
    }

    private void act(Node node) {
        var actor = Actor.chosen(actors, chance);
        world.trouble().as(node, actor.name(), actor.step());
    }

    private void others(Node stalled) {
        int most = chance.oneIn(4) ? 30 : 8;
        for (var other : world.nodes()) {
            for (int act = chance.below(most); other != stalled && act >= 0; act--) {
                act(other);
                other.reviveIfDead();
            }
        }
    }

    /// What an act has left behind is taken note of, and who died in it starts anew.
    private void settle() {
        world.trouble().rethrow();
        world.skips().check();
        world.nodes().forEach(Node::reviveIfDead);
    }

    private void follow(Node node) {
        if (!chance.oneIn(4)) {
            EventSteps.doubtHeads(node.log());
        }
        ProjectionSteps.step(node.host());
    }

    private void followShared(Node node) {
        world.releases().on(node, same -> ProjectionSteps.step(same.shared()));
    }

    private boolean react(Node node) {
        boolean busy = false;
        for (var reaction : node.reactions()) {
            busy |= ReactionSteps.step(reaction);
        }
        return busy;
    }

    /// A fault of the store at the only event of a step is taken for that event's, which is put aside then.
    private void retryReactions(Node node) {
        node.reactions().forEach(reaction -> World.TENANTS.forEach(tenant -> reaction.retry(tenant, null)));
    }

    private void tendShared(Node node) {
        world.releases().on(node, operators::tendShared);
    }

    private void passTime(Node node) {
        var time = Duration.ofMillis(chance.below(5_000));
        world.nodes().forEach(each -> each.clock().pass(time));
        if (chance.oneIn(4)) {
            node.clock().jump(Duration.ofMillis(chance.between(-2_000, 2_000)));
        }
    }

    /// Lets everything come to its end without more trouble, and checks the whole.
    private Outcome end() {
        world.trouble().calm();
        world.poison().mendAll();
        boolean busy = true;
        for (int round = 0; busy; round++) {
            if (round > ROUNDS_MAX) {
                throw new Violation("There is no end to what the nodes do");
            }
            busy = false;
            world.nodes().forEach(node -> node.clock().pass(ROUND));
            for (var node : world.nodes()) {
                busy |= comeToRest(node);
            }
            settle();
            checkers.forEach(Checker::check);
        }
        checkers.forEach(Checker::checkEnd);
        return new Outcome(
                clients.acknowledged(),
                clients.refused(),
                world.nodes().stream().mapToInt(Node::deaths).sum(),
                world.trouble().faults(),
                world.trouble().stalls(),
                operators.skips(),
                operators.rebuilds(),
                world.trace().lines());
    }

    private boolean comeToRest(Node node) {
        boolean busy = false;
        for (int partition = 0; partition < World.PARTITIONS; partition++) {
            busy |= EventSteps.write(node.log(), partition);
        }
        EventSteps.doubtHeads(node.log());
        busy |= ProjectionSteps.step(node.host());
        busy |= subscriber.catchUp(node);
        busy |= tally.comeToRest(node);
        retryReactions(node);
        busy |= react(node) || orders.left();
        followShared(node);
        world.releases().on(node, operators::retryAllShared);
        busy |= node.dead() || sharedRows.left();
        return busy || operators.retryAll(node);
    }
}
