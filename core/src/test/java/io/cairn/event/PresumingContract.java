package io.cairn.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cairn.archive.Verification;
import io.cairn.tenant.Tenant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a storage must hold to that lets a transaction presume the head of its partition.
public abstract class PresumingContract {
    private static final Tenant ACME = new Tenant("acme");
    private static final StreamId STREAM = new StreamId("thing", "a");

    private LogStorage storage;

    /// A new, empty storage.
    protected abstract LogStorage create();

    @BeforeEach
    void start() {
        storage = create();
    }

    @AfterEach
    void stop() {
        storage.close();
    }

    @Test
    void whatPresumesTheHeadThatIsThereIsWritten() {
        var first = written(head(), UUID.randomUUID());

        var second = written(first, UUID.randomUUID());

        assertThat(head()).matches(second::isSame);
        assertThat(positions()).containsExactly(1L, 2L);
    }

    @Test
    void whatPresumesAHeadThatOthersHaveMovedLeavesNoTrace() {
        var stale = head();
        var moved = written(stale, UUID.randomUUID());

        assertThatThrownBy(() -> written(stale, UUID.randomUUID())).isInstanceOf(OvertakenException.class);

        assertThat(head()).matches(moved::isSame);
        assertThat(positions()).containsExactly(1L);
    }

    @Test
    void anIdThatIsThereAlreadyIsFoundOutAlthoughTheHeadIsAsPresumed() {
        var id = UUID.randomUUID();
        var head = written(head(), id);

        assertThatThrownBy(() -> written(head, id)).isInstanceOf(OvertakenException.class);

        assertThat(head()).matches(head::isSame);
        assertThat(positions()).containsExactly(1L);
    }

    /// A message may arrive after its sender was told that nothing was written, since somebody has looked meanwhile.
    @Test
    void onceAHeadWasTouchedNothingThatPresumedItIsWritten() {
        var presumed = head();
        try (var late = storage.writeFrom(presumed)) {
            var event = event(presumed, UUID.randomUUID());
            touch();

            assertThatThrownBy(() -> {
                        late.insert(event);
                        late.commit(presumed.next(event));
                    })
                    .isInstanceOf(OvertakenException.class);
        }
        assertThat(positions()).isEmpty();
    }

    private void touch() {
        try (var looking = storage.write(0)) {
            looking.commit(looking.head(0).touched());
        }
    }

    @Test
    void whoeverPresumesAndReadsSeesWhatIsThere() {
        var head = written(head(), UUID.randomUUID());

        try (var transaction = storage.writeFrom(head)) {
            transaction.insert(event(head, UUID.randomUUID()));

            assertThat(transaction.stream(ACME, STREAM, 0, 10)).hasSize(2);
        }
        assertThat(positions()).containsExactly(1L);
    }

    @Test
    void whatDoesNotFitIntoOneMessageIsWrittenAsAWholeOrNotAtAll() {
        var stale = head();
        var head = stale;
        try (var transaction = storage.writeFrom(head)) {
            for (int i = 0; i < 1_200; i++) {
                var event = event(head, UUID.randomUUID());
                transaction.insert(event);
                head = head.next(event);
            }
            transaction.commit(head);
        }

        assertThat(positions()).hasSize(1_200);
        assertThatThrownBy(() -> {
                    try (var transaction = storage.writeFrom(stale)) {
                        var next = stale;
                        for (int i = 0; i < 1_200; i++) {
                            var event = event(next, UUID.randomUUID());
                            transaction.insert(event);
                            next = next.next(event);
                        }
                        transaction.commit(next);
                    }
                })
                .isInstanceOf(OvertakenException.class);
        assertThat(positions()).hasSize(1_200);
    }

    private Head written(Head presumed, UUID id) {
        try (var transaction = storage.writeFrom(presumed)) {
            var event = event(presumed, id);
            transaction.insert(event);
            transaction.commit(presumed.next(event));
            return presumed.next(event);
        }
    }

    /// The version of its stream is the position, since nothing else is written.
    private static StoredEvent event(Head before, UUID id) {
        var sealed = SealedEvents.happened(ACME, STREAM, id);
        long position = before.number() + 1;
        var digest = Digests.digest(sealed);
        var chain = Digests.chain(before.chain(), 0, position, position, 1, digest);
        return sealed.placed(0, position, position, 1, digest, chain);
    }

    private Head head() {
        return storage.read(snapshot -> snapshot.head(0));
    }

    private List<Long> positions() {
        assertThat(Verification.of(storage, Optional.empty(), progress -> {}).problems())
                .isEmpty();
        return storage.read(snapshot -> snapshot.after(0, 0, 10_000, Long.MAX_VALUE)).stream()
                .map(StoredEvent::position)
                .toList();
    }
}
