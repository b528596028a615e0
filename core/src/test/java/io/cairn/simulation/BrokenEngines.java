package io.cairn.simulation;

import io.cairn.event.Event;
import io.cairn.event.Head;
import io.cairn.event.InMemoryLogStorage;
import io.cairn.event.LogStorage;
import io.cairn.event.ReadSnapshot;
import io.cairn.event.Recorded;
import io.cairn.event.StoredEvent;
import io.cairn.event.WriteTransaction;
import io.cairn.projection.ParkedKeys;
import io.cairn.row.RowChange;
import io.cairn.simulation.SimulatedDisk.Kept;
import io.cairn.tenant.Tenant;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Engines with a fault that has bitten somebody, to show that the simulation finds it.
final class BrokenEngines {
    private BrokenEngines() {}

    /// Reads the head before it has the partition to itself, as a lock inside the insert does.
    static Engine headBeforeLock() {
        return new Engine() {
            @Override
            public LogStorage storage(InMemoryLogStorage store, Runnable stall) {
                return new Decorated(store) {
                    @Override
                    public WriteTransaction write(int partition) {
                        Head seen = store.read(snapshot -> snapshot.head(partition));
                        stall.run();
                        return with(store.write(partition), "head", arguments -> seen);
                    }
                };
            }
        };
    }

    /// Says that it has committed, and does so with the next transaction.
    static Engine acknowledgesFirst() {
        return new Engine() {
            @Override
            public LogStorage storage(InMemoryLogStorage store, Runnable stall) {
                return new Decorated(store) {
                    @Override
                    public WriteTransaction write(int partition) {
                        return with(store.write(partition), "commit", arguments -> null);
                    }
                };
            }
        };
    }

    /// Takes positions from a sequence, and lets whoever is ready commit first.
    static Engine naiveSequence() {
        return new Engine() {
            @Override
            public LogStorage storage(InMemoryLogStorage store, Runnable stall) {
                return new NaiveSequence(store, stall);
            }
        };
    }

    /// Writes what came of an event at once, and how far it came later.
    static Engine checkpointAfterEffects() {
        return new Engine() {
            @Override
            public Subscriber subscriber(World world) {
                return new Subscriber(world) {
                    @Override
                    void count(Event event) {
                        effect(event);
                        world.trouble().moment();
                        checkpoint(event);
                    }
                };
            }
        };
    }

    /// Takes pages as they come: a late one sets the cursor back, and one that comes twice counts twice.
    static Engine takesPagesAsTheyCome() {
        return new Engine() {
            @Override
            public Subscriber subscriber(World world) {
                return new Subscriber(world) {
                    @Override
                    void receive(Page page) {
                        page.events().forEach(this::count);
                    }
                };
            }
        };
    }

    /// Writes how far a projection came at once, and what it made later.
    static Engine checkpointBeforeEffects() {
        return new Engine() {
            @Override
            public SimulatedIndex index(Kept kept, World world) {
                return new SimulatedIndex(kept, world) {
                    @Override
                    public void apply(int partition, List<Event> events, long to) {
                        super.apply(partition, events, to);
                        kept.writePositions(applied);
                    }
                };
            }
        };
    }

    /// Leaves out what it cannot take in, and tells nobody.
    static Engine skipsPoisonSilently() {
        return new Engine() {
            @Override
            public SimulatedIndex index(Kept kept, World world) {
                return new SimulatedIndex(kept, world) {
                    @Override
                    public void apply(int partition, List<Event> events, long to) {
                        var wholesome = events.stream()
                                .filter(event -> !world.poison().holds(event.id()))
                                .toList();
                        super.apply(partition, wholesome, to);
                    }
                };
            }
        };
    }

    /// Remembers the streams that it has parked only as long as it lives, and then goes on with their later events.
    static Engine parksInMemory() {
        return new Engine() {
            @Override
            public LogStorage storage(InMemoryLogStorage store, Runnable stall) {
                return new Decorated(store) {
                    @Override
                    public WriteTransaction write(int partition) {
                        var real = store.write(partition);
                        return with(real, "change", arguments -> {
                            var change = (RowChange) arguments[1];
                            if (!change.table().equals(ParkedKeys.TABLE)) {
                                real.change((Tenant) arguments[0], change);
                            }
                            return null;
                        });
                    }
                };
            }
        };
    }

    /// Takes a new generation for caught up as soon as it has begun.
    static Engine switchesTooEarly() {
        return new Engine() {
            @Override
            public Kept begun(SimulatedIndex current, World world) {
                var begun = new Kept(world.skips().all());
                begun.writePositions(current.applied);
                return begun;
            }
        };
    }

    /// Puts new tables in place of the old as they were when the last batch was applied.
    static Engine switchesWithoutTheRest() {
        return new Engine() {
            @Override
            public LogStorage storage(InMemoryLogStorage store, Runnable stall) {
                return new Decorated(store) {
                    @Override
                    public WriteTransaction writeAll() {
                        return with(store.writeAll(), "after", arguments -> List.of());
                    }
                };
            }
        };
    }

    private static class Decorated implements LogStorage {
        final InMemoryLogStorage store;

        Decorated(InMemoryLogStorage store) {
            this.store = store;
        }

        @Override
        public String epoch() {
            return store.epoch();
        }

        @Override
        public int partitions() {
            return store.partitions();
        }

        @Override
        public boolean shared() {
            return true;
        }

        @Override
        public WriteTransaction write(int partition) {
            return store.write(partition);
        }

        @Override
        public WriteTransaction writeAll() {
            return store.writeAll();
        }

        @Override
        public <T> T read(Function<ReadSnapshot, T> work) {
            return store.read(work);
        }

        @Override
        public void close() {
            store.close();
        }
    }

    /// Events become visible in the order in which their transactions end, not in that of their positions.
    private static final class NaiveSequence extends Decorated {
        private static final int RESERVED = 100;

        private final Runnable stall;
        private final Map<Integer, Long> sequences = new ConcurrentHashMap<>();
        private final Map<Integer, List<StoredEvent>> events = new ConcurrentHashMap<>();

        NaiveSequence(InMemoryLogStorage store, Runnable stall) {
            super(store);
            this.stall = stall;
        }

        @Override
        public WriteTransaction write(int partition) {
            long from = sequences.merge(partition, (long) RESERVED, Long::sum) - RESERVED;
            var inserted = new ArrayList<StoredEvent>();
            var transaction = store.write(partition);
            var reserved = with(
                    transaction,
                    "head",
                    arguments -> new Head(
                            epoch(),
                            partition,
                            from,
                            Head.genesis(epoch(), partition).chain(),
                            0));
            var buffered = with(reserved, "insert", arguments -> inserted.add((StoredEvent) arguments[0]));
            var counting = with(
                    buffered,
                    "version",
                    arguments -> all(partition, inserted)
                            .filter(event -> event.tenant().equals(arguments[0])
                                    && event.stream().equals(arguments[1]))
                            .count());
            var finding = with(
                    counting,
                    "find",
                    arguments -> all(partition, inserted)
                            .filter(event -> event.eventId().equals(arguments[1]))
                            .map(event ->
                                    new Recorded(event.eventId(), event.stream(), event.version(), event.position()))
                            .findFirst());
            return with(finding, "commit", arguments -> {
                transaction.close();
                stall.run();
                events.computeIfAbsent(partition, none -> new ArrayList<>()).addAll(inserted);
                return null;
            });
        }

        private Stream<StoredEvent> all(int partition, List<StoredEvent> inserted) {
            return Stream.concat(events.getOrDefault(partition, List.of()).stream(), inserted.stream());
        }

        @Override
        public <T> T read(Function<ReadSnapshot, T> work) {
            return store.read(snapshot -> work.apply(with(
                    snapshot,
                    ReadSnapshot.class,
                    "after",
                    arguments -> after((int) arguments[0], (long) arguments[1]))));
        }

        private List<StoredEvent> after(int partition, long position) {
            return events.getOrDefault(partition, List.of()).stream()
                    .filter(event -> event.position() > position)
                    .sorted(Comparator.comparingLong(StoredEvent::position))
                    .toList();
        }
    }

    private static WriteTransaction with(
            WriteTransaction real, String method, Function<Object[], @Nullable Object> instead) {
        return with(real, WriteTransaction.class, method, instead);
    }

    private static <T> T with(T real, Class<T> type, String name, Function<Object[], @Nullable Object> instead) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) ->
                        method.getName().equals(name) ? instead.apply(arguments) : called(real, method, arguments)));
    }

    private static Object called(Object real, Method method, Object[] arguments) throws Throwable {
        try {
            method.setAccessible(true);
            return method.invoke(real, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
