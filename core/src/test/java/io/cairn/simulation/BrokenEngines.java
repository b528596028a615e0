package io.cairn.simulation;

import io.cairn.event.Appended;
import io.cairn.event.Event;
import io.cairn.event.ForwardingSnapshot;
import io.cairn.event.ForwardingStorage;
import io.cairn.event.ForwardingTransaction;
import io.cairn.event.Head;
import io.cairn.event.InMemoryLogStorage;
import io.cairn.event.LogFeed;
import io.cairn.event.LogStorage;
import io.cairn.event.PartitionUnit;
import io.cairn.event.ReadSet;
import io.cairn.event.ReadSnapshot;
import io.cairn.event.Recorded;
import io.cairn.event.StoredEvent;
import io.cairn.event.StreamId;
import io.cairn.event.WriteTransaction;
import io.cairn.feature.Orders;
import io.cairn.follow.ParkedKeys;
import io.cairn.row.Row;
import io.cairn.row.RowChange;
import io.cairn.row.RowKey;
import io.cairn.row.Table;
import io.cairn.simulation.SimulatedDisk.Kept;
import io.cairn.tenant.Tenant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Engines with a fault that has bitten somebody, to show that the simulation finds it.
final class BrokenEngines {
    private BrokenEngines() {}

    /// Reads the head before it has the partition to itself, as a lock inside the insert does.
    static Engine headBeforeLock() {
        return on((store, stall) -> new Decorated(store) {
            @Override
            public WriteTransaction write(int partition, Supplier<ReadSet> foreseen) {
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
        });
    }

    /// Takes the head to be where it left it, and never finds out that it is not.
    static Engine presumesForEver() {
        return on((store, stall) -> new Decorated(store) {
            @Override
            public boolean presumes() {
                return true;
            }

            @Override
            public WriteTransaction writeFrom(Head presumed) {
                return new Altered(store.write(presumed.partition())) {
                    @Override
                    public Head head(int same) {
                        return presumed;
                    }
                };
            }
        });
    }

    /// Says that it has committed, and does so with the next transaction.
    static Engine acknowledgesFirst() {
        return on((store, stall) -> new Decorated(store) {
            @Override
            public WriteTransaction write(int partition, Supplier<ReadSet> foreseen) {
                return new Altered(super.write(partition, foreseen)) {
                    @Override
                    public void commit(Head head) {
                        // with the next one
                    }
                };
            }
        });
    }

    /// Takes positions from a sequence, and lets whoever is ready commit first.
    static Engine naiveSequence() {
        return on(NaiveSequence::new);
    }

    /// Writes what came of an event at once, and how far it came later.
    static Engine checkpointAfterEffects() {
        return consumedBy(world -> new Subscriber(world) {
            @Override
            void count(Event event) {
                effect(event);
                world.trouble().moment();
                checkpoint(event);
            }
        });
    }

    /// Takes pages as they come: a late one sets the cursor back, and one that comes twice counts twice.
    static Engine takesPagesAsTheyCome() {
        return consumedBy(world -> new Subscriber(world) {
            @Override
            void receive(Page page) {
                page.events().forEach(this::count);
            }
        });
    }

    /// Writes how far a projection came at once, and what it made later.
    static Engine checkpointBeforeEffects() {
        return projecting((kept, world) -> new SimulatedIndex(kept, world) {
            @Override
            public void apply(int partition, List<Event> events, long to) {
                super.apply(partition, events, to);
                kept.writePositions(applied);
            }
        });
    }

    /// Leaves out what it cannot take in, and tells nobody.
    static Engine skipsPoisonSilently() {
        return projecting((kept, world) -> new SimulatedIndex(kept, world) {
            @Override
            public void apply(int partition, List<Event> events, long to) {
                var wholesome = events.stream()
                        .filter(event -> !world.poison().holds(event.id()))
                        .toList();
                super.apply(partition, wholesome, to);
            }
        });
    }

    /// Remembers the streams that it has parked only as long as it lives, and then goes on with their later events.
    static Engine parksInMemory() {
        return on((store, stall) -> new Decorated(store) {
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
        });
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
        return on((store, stall) -> new Decorated(store) {
            @Override
            public WriteTransaction writeAll() {
                return new Altered(super.writeAll()) {
                    @Override
                    public List<StoredEvent> after(int partition, long position, int limit, long bytesMax) {
                        return List.of();
                    }
                };
            }
        });
    }

    /// Commits what a shared projection made, and each time how far it had come the time before.
    static Engine sharedCheckpointLater() {
        return late(SharedGenerations.CHECKPOINTS);
    }

    /// Commits how far a reaction of a feature has come, and what it made of an order when it makes something of it
    /// again.
    static Engine reactsLater() {
        return late(Orders.WAITING);
    }

    /// Writes a row of a table when the next one is to take its place.
    private static Engine late(Table table) {
        var later = new HashMap<RowKey, RowChange>();
        return on((store, stall) -> new Decorated(store) {
            @Override
            public WriteTransaction begun(WriteTransaction transaction) {
                return new Altered(transaction) {
                    @Override
                    public void change(Tenant tenant, RowChange change) {
                        var made = change.table().equals(table) ? later.put(change.key(), change) : change;
                        if (made != null) {
                            transaction.change(tenant, made);
                        }
                    }
                };
            }
        });
    }

    /// Lets the next generation of shared rows take over without what it lacks of the current one.
    static Engine switchesSharedWithoutCatchingUp() {
        return on((store, stall) -> new Decorated(store) {
            @Override
            public WriteTransaction writeAll() {
                return new Altered(super.writeAll()) {
                    @Override
                    public Optional<Row> row(Tenant tenant, Table table, RowKey key) {
                        return table.equals(SharedGenerations.CHECKPOINTS)
                                ? Optional.empty()
                                : super.row(tenant, table, key);
                    }
                };
            }
        });
    }

    /// Goes on with a generation of shared rows where it last knew it, though its tables may have been exchanged.
    static Engine writesToExchangedTables() {
        return onEachNode(storage -> new Believing(storage, (table, key) -> table.equals(SharedGenerations.PLACES)));
    }

    /// Takes and uses the leases of shared rows as it last saw them.
    static Engine unfencedSharedOwner() {
        return onEachNode(storage -> new Believing(storage, HoldersOnly::isLease));
    }

    /// Keeps the shared rows that it has read once, though others have changed them since.
    static Engine keepsRowsOfOthers() {
        return onEachNode(KeepingRows::new);
    }

    /// Believes that it holds a lease because it once did.
    static Engine unfencedOwner() {
        return committing(unit -> new PartitionUnit(unit.partition(), unit.appends(), List.of(), unit.changes()));
    }

    /// Expects to find the checkpoint that it read, and no fence: it may go on after it was replaced.
    static Engine checkpointForAFence() {
        return committing(unit -> new PartitionUnit(
                unit.partition(), unit.appends(), List.of(unit.expectations().getLast()), unit.changes()));
    }

    /// Commits the events of a unit before its rows.
    static Engine eventsBeforeRows() {
        return new Engine() {
            @Override
            public Appended commit(LogFeed feed, PartitionUnit unit) {
                var events = new PartitionUnit(unit.partition(), unit.appends(), unit.expectations(), List.of());
                var outcome = unit.appends().isEmpty() ? null : feed.append(events);
                return outcome == null || outcome instanceof Appended.Written || outcome instanceof Appended.Duplicate
                        ? feed.append(new PartitionUnit(unit.partition(), unit.expectations(), unit.changes()))
                        : outcome;
            }
        };
    }

    /// An engine on another storage.
    private static Engine on(BiFunction<InMemoryLogStorage, Runnable, LogStorage> broken) {
        return new Engine() {
            @Override
            public LogStorage storage(InMemoryLogStorage store, Runnable stall) {
                return broken.apply(store, stall);
            }
        };
    }

    /// An engine whose nodes believe something else of the storage, each for itself.
    private static Engine onEachNode(UnaryOperator<LogStorage> broken) {
        return new Engine() {
            @Override
            public LogStorage believed(LogStorage storage) {
                return broken.apply(storage);
            }
        };
    }

    /// An engine with another projection.
    private static Engine projecting(BiFunction<Kept, World, SimulatedIndex> broken) {
        return new Engine() {
            @Override
            public SimulatedIndex index(Kept kept, World world) {
                return broken.apply(kept, world);
            }
        };
    }

    /// An engine with another subscriber.
    private static Engine consumedBy(Function<World, Subscriber> broken) {
        return new Engine() {
            @Override
            public Subscriber subscriber(World world) {
                return broken.apply(world);
            }
        };
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
        private final LogStorage store;

        Decorated(LogStorage store) {
            this.store = store;
        }

        @Override
        public LogStorage storage() {
            return store;
        }

        /// What is wrong shows in the transactions that ask.
        @Override
        public boolean presumes() {
            return false;
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

    /// What a unit of work expects of some rows is held against what the node last saw of them.
    private static final class Believing extends Decorated {
        private final BiPredicate<Table, RowKey> believed;
        private final Map<RowKey, Row> last = new HashMap<>();

        Believing(LogStorage storage, BiPredicate<Table, RowKey> believed) {
            super(storage);
            this.believed = believed;
        }

        private void saw(Table table, Row row) {
            if (believed.test(table, row.key())) {
                last.put(row.key(), row);
            }
        }

        @Override
        public ReadSnapshot seen(ReadSnapshot snapshot) {
            return new ForwardingSnapshot() {
                @Override
                public ReadSnapshot snapshot() {
                    return snapshot;
                }

                @Override
                public List<Row> rows(Tenant tenant, Table table, RowKey prefix, @Nullable RowKey after, int limit) {
                    var rows = snapshot.rows(tenant, table, prefix, after, limit);
                    rows.forEach(row -> saw(table, row));
                    return rows;
                }
            };
        }

        @Override
        public WriteTransaction write(int partition, Supplier<ReadSet> foreseen) {
            return new Altered(super.write(partition, foreseen)) {
                @Override
                public Optional<Row> row(Tenant tenant, Table table, RowKey key) {
                    return believed.test(table, key)
                            ? Optional.ofNullable(last.get(key))
                            : super.row(tenant, table, key);
                }

                @Override
                public void change(Tenant tenant, RowChange change) {
                    super.change(tenant, change);
                    if (change instanceof RowChange.Put put) {
                        saw(put.table(), put.row());
                    }
                }
            };
        }
    }

    /// Shared rows are read once, and from then on they are what the node itself made of them.
    private static final class KeepingRows extends Decorated {
        private final Map<Cell, Optional<Row>> kept = new HashMap<>();

        private record Cell(Tenant tenant, Table table, RowKey key) {
            boolean isShared() {
                return table.equals(SharedVersions.TABLE) || table.equals(SharedVersions.TABLE.aside());
            }
        }

        KeepingRows(LogStorage storage) {
            super(storage);
        }

        @Override
        public ReadSnapshot seen(ReadSnapshot snapshot) {
            return new ForwardingSnapshot() {
                @Override
                public ReadSnapshot snapshot() {
                    return snapshot;
                }

                @Override
                public Optional<Row> row(Tenant tenant, Table table, RowKey key) {
                    var cell = new Cell(tenant, table, key);
                    return cell.isShared()
                            ? kept.computeIfAbsent(cell, unread -> snapshot.row(tenant, table, key))
                            : snapshot.row(tenant, table, key);
                }
            };
        }

        @Override
        public WriteTransaction write(int partition, Supplier<ReadSet> foreseen) {
            return new Altered(super.write(partition, foreseen)) {
                @Override
                public void change(Tenant tenant, RowChange change) {
                    super.change(tenant, change);
                    if (change instanceof RowChange.Put put) {
                        kept.put(new Cell(tenant, put.table(), put.key()), Optional.of(put.row()));
                    }
                }
            };
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
        public WriteTransaction write(int partition, Supplier<ReadSet> foreseen) {
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
