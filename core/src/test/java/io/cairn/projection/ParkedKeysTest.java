package io.cairn.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cairn.event.Event;
import io.cairn.event.EventLog;
import io.cairn.event.EventSteps;
import io.cairn.event.EventType;
import io.cairn.event.Expected;
import io.cairn.event.Ids;
import io.cairn.event.InMemoryLogStorage;
import io.cairn.event.InMemoryLogStorage.Step;
import io.cairn.event.NewEvent;
import io.cairn.event.StorageException;
import io.cairn.event.StreamAppend;
import io.cairn.event.StreamId;
import io.cairn.event.Unit;
import io.cairn.follow.FollowSettings;
import io.cairn.follow.RunningFollower;
import io.cairn.follow.Skipped;
import io.cairn.seal.MasterKey;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;

/// What several nodes put aside in one store, which fails at the worst of times.
class ParkedKeysTest {
    private static final Tenant ACME = new Tenant("acme");
    private static final Context CONTEXT = new Context(ACME, "tester", "corr");

    private final SecureRandom random = new SecureRandom();
    private final MasterKey master = MasterKey.random(random);
    private final Set<UUID> poison = new HashSet<>();
    private final InMemoryLogStorage storage = InMemoryLogStorage.failing(
                    Stream.concat(EventLog.tables().stream(), RunningFollower.tables().stream())
                            .toList(),
                    this::strike)
            .sharedByNodes();
    private final Node a = new Node("a");
    private final Node b = new Node("b");
    private @Nullable Step struck;
    private int spared;

    private void strike(Step step) {
        if (step == struck && spared-- == 0) {
            struck = null;
            var kind = step == Step.AFTER_COMMIT ? StorageException.Kind.UNKNOWN : StorageException.Kind.BUSY;
            throw new StorageException(kind, "struck at " + step, new IllegalStateException());
        }
    }

    @Test
    void eachNodeTakesInWhatItPutAsideItself() {
        var bad = parkedOnBoth();
        poison.clear();

        assertThat(a.host.retry(ACME, null)).isEqualTo(1);

        assertThat(b.host.parked(ACME, null, 10)).hasSize(1);
        assertThat(b.host.retry(ACME, null)).isEqualTo(1);
        assertThat(a.taken()).containsExactly(bad);
        assertThat(b.taken()).containsExactly(bad);
    }

    @Test
    void aRebuildOfOneNodeLeavesWhatOthersPutAside() {
        parkedOnBoth();

        a.host.rebuild();

        assertThat(b.host.parked(ACME, null, 10)).hasSize(1);
    }

    @Test
    void whatWasSkippedOnOneNodeIsNotParkedOnAnotherThatComesToItLater() {
        say("c");
        b.step();
        poison.add(say());
        a.step();
        assertThat(a.host.skip(CONTEXT, "thing/b")).isEqualTo(new Skipped.Done(1));

        b.step();

        assertThat(b.host.parked(ACME, null, 10)).isEmpty();
    }

    @Test
    void whatWasSkippedOnOneNodeIsLeftOutWhenAnotherRetries() {
        parkedOnBoth();
        a.host.skip(CONTEXT, "thing/b");
        poison.clear();

        assertThat(b.host.retry(ACME, null)).isEqualTo(1);

        assertThat(b.taken()).isEmpty();
    }

    @Test
    void aReleaseOfUnknownFateDoesNotHoldTheStreamBackForEver() {
        var bad = parkedOnBoth();
        poison.clear();
        struck = Step.AFTER_COMMIT;
        assertThatThrownBy(() -> a.host.retry(ACME, null)).isInstanceOf(StorageException.class);
        assertThat(a.host.parked(ACME, null, 10)).isEmpty();

        var next = say();
        a.step();

        assertThat(a.taken()).containsExactly(bad, next);
    }

    @Test
    void aSkipOfUnknownFateCounts() {
        parkedOnBoth();
        say();
        poison.clear();
        struck = Step.AFTER_COMMIT;
        assertThatThrownBy(() -> a.host.skip(CONTEXT, "thing/b")).isInstanceOf(StorageException.class);

        var next = say();
        a.step();

        assertThat(a.taken()).containsExactly(next);
    }

    @Test
    void parkedStreamsWaitEvenIfTheyCouldNotBeReadAtFirst() {
        parkedOnBoth();
        a.restart();
        say();
        struck = Step.READ;
        spared = 2;

        assertThatThrownBy(a::step).isInstanceOf(StorageException.class);
        a.step();

        assertThat(a.taken()).isEmpty();
        assertThat(a.host.parked(ACME, null, 10)).hasSize(1);
    }

    @Test
    void aRebuildThatCouldNotTidyUpHasBegunAllTheSame() {
        var bad = parkedOnBoth();
        poison.clear();
        a.host.rebuild();
        struck = Step.READ;
        assertThatThrownBy(a.host::rebuild).isInstanceOf(StorageException.class);

        a.step();

        assertThat(a.host.health().generation()).isEqualTo(3);
        assertThat(a.taken()).containsExactly(bad);
    }

    private UUID parkedOnBoth() {
        var bad = say();
        poison.add(bad);
        a.step();
        b.step();
        assertThat(a.host.parked(ACME, null, 10)).hasSize(1);
        assertThat(b.host.parked(ACME, null, 10)).hasSize(1);
        return bad;
    }

    private UUID say() {
        return say("b");
    }

    private UUID say(String stream) {
        var event = new NewEvent(
                UUID.randomUUID(),
                new EventType("thing.said"),
                1,
                "subject",
                JsonNodeFactory.instance.objectNode(),
                Instant.EPOCH,
                null);
        a.log.append(Unit.of(CONTEXT, new StreamAppend(new StreamId("thing", stream), Expected.any(), List.of(event))));
        return event.id();
    }

    /// A node that steps when it is told to.
    private final class Node {
        private final EventLog log =
                EventSteps.log(storage, master, List.of(), new Ids(Clock.systemUTC(), random), random, () -> 0);
        private final Taken generations;
        private RunningIndex<Taken.Index> host;

        Node(String name) {
            generations = new Taken(name);
            host = host();
        }

        private RunningIndex<Taken.Index> host() {
            return new RunningIndex<>("taken", log, generations, FollowSettings.defaults(), Clock.systemUTC());
        }

        void restart() {
            host = host();
        }

        void step() {
            EventSteps.doubtHeads(log);
            host.step();
        }

        List<UUID> taken() {
            return generations.current().projection().events;
        }
    }

    /// The events of stream `b`, in the order in which they came.
    private final class Taken implements Generations<Taken.Index> {
        private final String place;
        private Generation<Index> current = new Generation<>(1, new Index());
        private @Nullable Generation<Index> next;
        private int last = 1;

        Taken(String place) {
            this.place = place;
        }

        @Override
        public Optional<String> place() {
            return Optional.of(place);
        }

        @Override
        public Generation<Index> current() {
            return current;
        }

        @Override
        public Optional<Generation<Index>> next() {
            return Optional.ofNullable(next);
        }

        @Override
        public Generation<Index> begin() {
            next = new Generation<>(++last, new Index());
            return next;
        }

        @Override
        public Optional<String> noWayBack() {
            return Optional.of("none is kept");
        }

        @Override
        public Generation<Index> revive() {
            throw new IllegalStateException("none is kept");
        }

        @Override
        public boolean promote() {
            current = Optional.ofNullable(next).orElseThrow();
            next = null;
            return true;
        }

        @Override
        public void close() {
            // nothing is held
        }

        private final class Index implements Projection {
            private final List<UUID> events = new ArrayList<>();
            private final Map<Integer, Long> positions = new HashMap<>();

            @Override
            public void apply(int partition, List<Event> taken, long to) {
                for (var event : taken) {
                    if (poison.contains(event.id())) {
                        throw new IllegalStateException("cannot take " + event.id());
                    }
                    if (event.stream().id().equals("b")) {
                        events.add(event.id());
                    }
                }
                positions.put(partition, to);
            }

            @Override
            public void publish() {
                // all is seen at once
            }

            @Override
            public void commit() {
                // nothing is kept
            }

            @Override
            public long applied(int partition) {
                return positions.getOrDefault(partition, 0L);
            }

            @Override
            public long visible(int partition) {
                return applied(partition);
            }

            @Override
            public long durable(int partition) {
                return applied(partition);
            }

            @Override
            public void close() {
                // nothing is held
            }
        }
    }
}
