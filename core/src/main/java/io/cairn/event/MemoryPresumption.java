package io.cairn.event;

/// A transaction that presumes the head of its partition, which it holds only while it commits.
final class MemoryPresumption extends MemoryTransaction {
    private final InMemoryLogStorage storage;
    private final Head presumed;

    MemoryPresumption(InMemoryLogStorage storage, Head presumed) {
        super(storage, presumed.partition(), () -> {});
        this.storage = storage;
        this.presumed = presumed;
    }

    @Override
    public Head head(int partition) {
        return partition == presumed.partition() ? presumed : super.head(partition);
    }

    @Override
    public void insert(StoredEvent event) {
        if (super.find(event.tenant(), event.eventId()).isPresent()) {
            throw new OvertakenException("Event %s is there already".formatted(event.eventId()));
        }
        super.insert(event);
    }

    @Override
    public void commit(Head head) {
        storage.holding(presumed.partition(), () -> {
            requirePresumed(before);
            requirePresumed(storage.committed());
            super.commit(head);
        });
    }

    private void requirePresumed(MemoryState found) {
        var actual = found.parts().get(presumed.partition()).head();
        if (!actual.isSame(presumed)) {
            throw new OvertakenException("The head is %s, not %s".formatted(actual, presumed));
        }
    }
}
