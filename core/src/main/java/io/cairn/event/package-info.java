/// The event log: units of work go in, gapless positions come out, and nothing else holds truth.
///
/// The package is flat, since its insides are package-private, and a package below it would have to open
/// them. Who reads it begins with [EventLog] and follows a unit of work down this list.
///
/// - words: [Event], [NewEvent], [EventType], [EventPattern], [StreamId], [StreamVersion], [Payload],
///   [Position], [Recorded], [Names], [Ids], [Times]
/// - what is asked of a log, and what comes of it: [Unit], [StreamAppend], [Expected], [PartitionUnit],
///   [Appended]
/// - faces: [EventLog] for doors and use cases, [TenantView] for what they read, [LogFeed] for the engine;
///   [LogBuilder], [EventLogSettings]
/// - who may append what: [Admission], [Reserved], [PayloadFault]
/// - in the caller's thread: a unit is made ready: [Intake], [Preparation], [Sealing], [SubjectKeys],
///   [Digests], [SealedEvent], [Submission], [Adoption]
/// - in the writer's thread: it gets its place: [PartitionWriters], [PartitionWriter], [WriterThread],
///   [Placement], [LastWritten], [PresumedTransaction], [EventKey], [StreamKey]
/// - who waits for it: [OutcomeWaits], [Heads], [RowWatch]
/// - the port to a store: [LogStorage], [ReadSnapshot], [WriteTransaction], [StoredEvent], [Head],
///   [ReadSet], [Tally], [StorageOperation], [StorageException], [OvertakenException]
/// - in front of a store: [ForwardingStorage], [ForwardingSnapshot], [ForwardingTransaction],
///   [BreakingStorage]
/// - a store in memory: [InMemoryLogStorage], [MemoryState], [MemorySnapshot], [MemoryTransaction],
///   [MemoryPresumption]
/// - read models that commit with the events: [InlineProjection], [InlineRebuilds], [InlineRebuild],
///   [BuilderMark]
/// - beside the events: [Blobs], [Contents], [Snapshots], [Snapshot], [PayloadKey], [RowSeals]
/// - events as they are read: [SnapshotEvents], [Upcasters], [ExactJson], [UpcastException],
///   [UnreadableException]
@NullMarked
package io.cairn.event;

import org.jspecify.annotations.NullMarked;
