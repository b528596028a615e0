package io.cairn.event;

import io.cairn.guard.Retry;
import io.cairn.row.RowExpectation;
import io.cairn.row.Table;
import io.cairn.seal.MasterKey;
import io.cairn.seal.SealBrokenException;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/// The log of everything that happened: units of work go in, and are durable when their outcome is known.
///
/// Payloads are sealed and hashed by the calling thread; one writer per partition then batches what is
/// waiting.
public final class EventLog implements AutoCloseable {
    /// How late this node may notice what another one appended.
    private static final Duration HEAD_AGE_MAX = Duration.ofMillis(25);

    /// Events of each partition by whose keys the master key is tried.
    private static final int KEYS_TRIED = 8;

    private static final Context MASTER = new Context(Tenant.CAIRN, "cairn", "master-key");

    private final LogStorage storage;
    private final Sealing sealing;
    private final InlineRebuilds rebuilds;
    private final EventLogSettings settings;
    private final PartitionWriters writers;
    private final Intake intake;
    private final Heads heads;
    private final LogFeed feed;
    private final Adoption adoption;
    private final MasterKey master;
    private final Blobs blobs;
    private final Snapshots snapshots;
    private final Ids ids;
    private final Retry retry;
    private final RowSeals rowSeals;

    EventLog(LogBuilder parts) {
        this.storage = parts.storage();
        this.master = parts.master();
        this.settings = parts.settings();
        this.ids = parts.ids();
        this.retry = parts.retry();
        var random = parts.random();
        this.sealing = new Sealing(new SubjectKeys(master, random, ids), parts.upcasters(), random);
        this.blobs = new Blobs(this, storage, master, sealing, random, ids);
        this.snapshots = new Snapshots(storage, sealing.keys(), random);
        this.rowSeals = new RowSeals(storage, sealing.keys(), random);
        this.rebuilds = new InlineRebuilds(storage, sealing, ids, parts.inline());
        this.heads = new Heads(storage, HEAD_AGE_MAX, parts.nanos());
        var preparation = new Preparation(storage, sealing, parts.inline(), settings.unitEventsMax(), this::partition);
        this.writers = new PartitionWriters(storage, settings, ids, heads, retry);
        this.intake = new Intake(this, preparation, writers, sealing.keys(), parts.admission(), retry);
        this.feed = new LogFeed(storage, sealing, intake, heads);
        this.adoption = new Adoption(storage, preparation, writers, intake, heads, sealing.keys(), ids);
    }

    /// A log that is kept in a storage.
    public static LogBuilder on(LogStorage storage) {
        return new LogBuilder(storage);
    }

    /// Starts the writers' threads.
    public EventLog start() {
        writers.start();
        return this;
    }

    /// The tables that every log has besides those of its inline projections, in the order of their names.
    public static List<Table> tables() {
        return List.of(Blobs.TABLE, Blobs.UNFINISHED, Snapshots.TABLE, SubjectKeys.TABLE);
    }

    /// A log in memory, started.
    public static EventLog inMemory(List<InlineProjection> inline, Clock clock) {
        var tables = new ArrayList<>(tables());
        inline.forEach(projection -> tables.addAll(projection.tables()));
        var random = new SecureRandom();
        return on(LogStorage.inMemory(tables))
                .sealedWith(MasterKey.random(random))
                .inline(inline)
                .ids(new Ids(clock, random))
                .start();
    }

    /// Does in the caller's thread what waits in one partition of a log that was not started: whoever has a schedule of
    /// their own decides when.
    ///
    /// @return whether anything waited
    boolean stepNow(int partition) {
        return writers.stepNow(partition);
    }

    /// Asks the storage for the heads when they are wanted next, however fresh they are.
    void doubtHeads() {
        heads.doubt();
    }

    public EventLogSettings settings() {
        return settings;
    }

    /// Appends and waits until the outcome is known; a log that was not started does it in the caller's thread.
    ///
    /// @throws StorageException if the store could not do it
    public Appended append(Unit unit) {
        return intake.append(unit);
    }

    /// The engine's side of this log.
    public LogFeed feed() {
        return feed;
    }

    /// Bytes too large for an event.
    public Blobs blobs() {
        return blobs;
    }

    /// What seals rows under their subjects' keys.
    public RowSeals rowSeals() {
        return rowSeals;
    }

    /// States that save reading whole streams.
    public Snapshots snapshots() {
        return snapshots;
    }

    /// The projections that commit with the events, and their rebuilds.
    public InlineRebuilds inline() {
        return rebuilds;
    }

    /// A fingerprint by which equal content of one tenant is recognised, and that tells nothing else.
    public String fingerprint(Tenant tenant, byte[] content) {
        return HexFormat.of().formatHex(master.fingerprint(tenant, content));
    }

    /// What one tenant's log and rows held at one moment.
    ///
    /// @param work may be done again where the store failed in the midst of it, so it has no effects of its own
    public <T> T read(Tenant tenant, Function<TenantView, T> work) {
        return retry.of(() -> storage.read(
                snapshot -> work.apply(new TenantView(tenant, storage.epoch(), partition(tenant), snapshot, sealing))));
    }

    /// Carries out one [operation][LogStorage#operation] in this thread.
    public <T, X extends Exception> T operation(Supplier<String> name, int items, LogStorage.Operation<T, X> work)
            throws X {
        return storage.operation(name, items, work);
    }

    /// Refuses a master key that is not the log's own.
    ///
    /// A log that several nodes share takes the first key that a node brings, even before there are events,
    /// so that two that start at once with keys of their own cannot both go on.
    ///
    /// @throws io.cairn.seal.SealBrokenException if the log has another one
    public void requireOwnMasterKey() {
        IntStream.range(0, partitions()).forEach(this::requireOwnMasterKey);
        if (storage.shared()) {
            takeMasterKey();
        }
    }

    /// If one key does not open, it may be damaged; if none opens, the master key is wrong.
    private void requireOwnMasterKey(int partition) {
        var opens = storage.read(snapshot -> snapshot.after(partition, 0, KEYS_TRIED, Long.MAX_VALUE).stream()
                .flatMap(event -> snapshot
                        .row(
                                event.tenant(),
                                SubjectKeys.TABLE,
                                SubjectKeys.TABLE.key(
                                        event.subject(), event.keyId().toString()))
                        .stream()
                        .map(row -> sealing.keys().opens(event.tenant(), row)))
                .toList());
        if (!opens.isEmpty() && !opens.contains(true)) {
            throw new SealBrokenException("None of the first keys of partition %d opens".formatted(partition), null);
        }
    }

    private void takeMasterKey() {
        var key = sealing.keys().choose(MASTER.tenant(), SubjectKeys.MASTER_SUBJECT, storage);
        if (key.stored().isPresent()) {
            var none = new RowExpectation.Absent(SubjectKeys.TABLE, SubjectKeys.TABLE.key(SubjectKeys.MASTER_SUBJECT));
            append(new Unit(
                    MASTER, List.of(), List.of(none), List.of(key.stored().get())));
            sealing.keys().choose(MASTER.tenant(), SubjectKeys.MASTER_SUBJECT, storage);
        }
    }

    /// A sentence about an event's content, sealed under the key of the event's subject, for a row that is not sealed.
    public String concealed(Event event, String text) {
        return storage.read(snapshot -> sealing.conceal(snapshot, event, text));
    }

    /// What was [concealed][#concealed]; what never was is given back as it is.
    public String revealed(Tenant tenant, String text) {
        return storage.read(snapshot -> sealing.reveal(snapshot, tenant, text));
    }

    /// The last position of a partition that is durable.
    public Head head(int partition) {
        return heads.current(partition);
    }

    /// The heads of all partitions, in the partitions' order.
    public List<Head> heads() {
        return heads.all();
    }

    public int partitions() {
        return writers.count();
    }

    /// Whether other nodes may append to it too.
    public boolean shared() {
        return storage.shared();
    }

    public int partition(Tenant tenant) {
        return Math.floorMod(tenant.id().hashCode(), writers.count());
    }

    /// A position of this log.
    public Position position(int partition, long number) {
        return new Position(storage.epoch(), partition, number);
    }

    public String epoch() {
        return storage.epoch();
    }

    /// Waits until the partition has events past the position, or for the given time.
    ///
    /// @return whether it has
    public boolean awaitPast(int partition, long position, Duration timeMax) throws InterruptedException {
        return heads.awaitPast(partition, position, timeMax);
    }

    /// Ends every wait for new events, so that those who wait look around.
    public void nudge() {
        heads.nudge();
    }

    /// Units of work that wait for the writer.
    public int waiting() {
        return writers.waiting();
    }

    /// The way in for events of another log.
    public Adoption adoption() {
        return adoption;
    }

    /// Stops taking units, finishes those that wait, and closes the storage.
    @Override
    public void close() {
        rebuilds.close();
        writers.close();
        storage.close();
    }

    Appended await(CompletableFuture<Appended> outcome) {
        return writers.await(outcome);
    }

    /// Leaves a unit of work to its partition's writer.
    CompletableFuture<Appended> submit(Unit unit) {
        return intake.submit(unit);
    }
}
