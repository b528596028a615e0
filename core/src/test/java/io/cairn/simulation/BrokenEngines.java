package io.cairn.simulation;

import io.cairn.event.Event;
import io.cairn.event.ForwardingSnapshot;
import io.cairn.event.ForwardingStorage;
import io.cairn.event.ForwardingTransaction;
import io.cairn.event.Head;
import io.cairn.event.InMemoryLogStorage;
import io.cairn.event.LogStorage;
import io.cairn.event.PartitionUnit;
import io.cairn.event.Questions;
import io.cairn.event.ReadSnapshot;
import io.cairn.event.Recorded;
import io.cairn.event.StoredEvent;
import io.cairn.event.StreamId;
import io.cairn.event.WriteTransaction;
import io.cairn.projection.ParkedKeys;
import io.cairn.row.RowChange;
import io.cairn.simulation.SimulatedDisk.Kept;
import io.cairn.tenant.Tenant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

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
                    public WriteTransaction write(int partition, Supplier<Questions> foreseen) {
                        Head seen = store.read(snapshot -> snapshot.head(partition));
                        stall.run();
                        var transaction = super.write(partition, foreseen);
                        return new Altered(transaction) {
                            @Override
                            public Head head(int same) {
                                return seen;
                            }
                        };
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
                    public WriteTransaction begun(WriteTransaction transaction) {
                        return new Altered(transaction) {
                            @Override
                            public void commit(Head head) {
                                // with the next one
                            }
                        };
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
                    public WriteTransaction begun(WriteTransaction transaction) {
                        return new Altered(transaction) {
                            @Override
                            public void change(Tenant tenant, RowChange change) {
                                if (!change.table().equals(ParkedKeys.TABLE)) {
                                    transaction.change(tenant, change);
                                }
                            }
                        };
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
                        return new Altered(super.writeAll()) {
                            @Override
                            public List<StoredEvent> after(int partition, long position, int limit, long bytesMax) {
                                return List.of();
                            }
                        };
                    }
                };
            }
        };
    }

    /// Believes that it holds a lease because it once did.
    static Engine unfencedOwner() {
        return committing(unit -> new PartitionUnit(unit.partition(), List.of(), unit.changes()));
    }

    /// Expects to find the checkpoint that it read, and no fence: it may go on after it was replaced.
    static Engine checkpointForAFence() {
        return committing(unit ->
                new PartitionUnit(unit.partition(), List.of(unit.expectations().getLast()), unit.changes()));
    }

    /// An engine that commits something else under a lease.
    private static Engine committing(UnaryOperator<PartitionUnit> broken) {
        return new Engine() {
            @Override
            public PartitionUnit leased(PartitionUnit unit) {
                return broken.apply(unit);
            }
        };
    }

    /// A store with something wrong about it.
    private static class Decorated implements ForwardingStorage {
        private final InMemoryLogStorage store;

        Decorated(InMemoryLogStorage store) {
            this.store = store;
        }

        @Override
        public LogStorage storage() {
            return store;
        }
    }

    /// A transaction with something wrong about it.
    private static class Altered implements ForwardingTransaction {
        private final WriteTransaction transaction;

        Altered(WriteTransaction transaction) {
            this.transaction = transaction;
        }

        @Override
        public WriteTransaction transaction() {
            return transaction;
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
        public WriteTransaction write(int partition, Supplier<Questions> foreseen) {
            long from = sequences.merge(partition, (long) RESERVED, Long::sum) - RESERVED;
            return new Reserving(super.write(partition, foreseen), partition, from);
        }

        @Override
        public ReadSnapshot seen(ReadSnapshot snapshot) {
            return new ForwardingSnapshot() {
                @Override
                public ReadSnapshot snapshot() {
                    return snapshot;
                }

                @Override
                public List<StoredEvent> after(int partition, long position, int limit, long bytesMax) {
                    return events.getOrDefault(partition, List.of()).stream()
                            .filter(event -> event.position() > position)
                            .sorted(Comparator.comparingLong(StoredEvent::position))
                            .toList();
                }
            };
        }

        private final class Reserving implements ForwardingTransaction {
            private final WriteTransaction transaction;
            private final int partition;
            private final long from;
            private final List<StoredEvent> inserted = new ArrayList<>();

            Reserving(WriteTransaction transaction, int partition, long from) {
                this.transaction = transaction;
                this.partition = partition;
                this.from = from;
            }

            @Override
            public WriteTransaction transaction() {
                return transaction;
            }

            @Override
            public Head head(int same) {
                return new Head(
                        epoch(),
                        partition,
                        from,
                        Head.genesis(epoch(), partition).chain(),
                        0);
            }

            @Override
            public void insert(StoredEvent event) {
                inserted.add(event);
            }

            @Override
            public long version(Tenant tenant, StreamId stream) {
                return all().filter(event ->
                                event.tenant().equals(tenant) && event.stream().equals(stream))
                        .count();
            }

            @Override
            public Optional<Recorded> find(Tenant tenant, UUID eventId) {
                return all().filter(event -> event.eventId().equals(eventId))
                        .map(event -> new Recorded(event.eventId(), event.stream(), event.version(), event.position()))
                        .findFirst();
            }

            @Override
            public void commit(Head head) {
                transaction.close();
                stall.run();
                events.computeIfAbsent(partition, none -> new ArrayList<>()).addAll(inserted);
            }

            private Stream<StoredEvent> all() {
                return Stream.concat(events.getOrDefault(partition, List.of()).stream(), inserted.stream());
            }
        }
    }
}
