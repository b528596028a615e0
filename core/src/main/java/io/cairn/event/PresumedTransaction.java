package io.cairn.event;

import io.cairn.tenant.Tenant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// A transaction that does not ask its store what stands in the log: it takes the head and the versions of streams as
/// they were left, and events that it is given for new.
///
/// All of that is so if the head is as presumed, and if the store has no event with one of the ids; else the commit
/// fails. What was presumed and not committed says nothing, so nobody is refused for it.
final class PresumedTransaction implements ForwardingTransaction {
    private final WriteTransaction transaction;
    private final LastWritten.Presumption presumed;
    private final Map<EventKey, Recorded> inserted = new HashMap<>();
    private final Map<StreamKey, Long> moved = new HashMap<>();

    PresumedTransaction(WriteTransaction transaction, LastWritten.Presumption presumed) {
        this.transaction = transaction;
        this.presumed = presumed;
    }

    @Override
    public WriteTransaction transaction() {
        return transaction;
    }

    /// A unit is not refused on presumed data: the batch is done again in a transaction that reads the store.
    void requireNoRefusal(List<Appended> outcomes) {
        if (!outcomes.stream().allMatch(Appended.Written.class::isInstance)) {
            throw new OvertakenException("A unit would be refused for what is only presumed");
        }
    }

    @Override
    public Optional<Recorded> find(Tenant tenant, UUID eventId) {
        return Optional.ofNullable(inserted.get(new EventKey(tenant, eventId)));
    }

    @Override
    public long version(Tenant tenant, StreamId stream) {
        var key = new StreamKey(tenant, stream);
        var own = moved.get(key);
        return own == null ? presumed.version(key) : own;
    }

    @Override
    public void insert(StoredEvent event) {
        ForwardingTransaction.super.insert(event);
        inserted.put(
                new EventKey(event.tenant(), event.eventId()),
                new Recorded(event.eventId(), event.stream(), event.version(), event.position()));
        moved.put(new StreamKey(event.tenant(), event.stream()), event.version());
    }
}
