package io.cairn.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cairn.event.EventLog;
import io.cairn.event.InMemoryLogStorage;
import io.cairn.event.InMemoryLogStorage.Step;
import io.cairn.event.StorageException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Leases on a store that fails.
class LeaseFaultsTest {
    private final InMemoryLogStorage storage = InMemoryLogStorage.failing(
                    Stream.concat(EventLog.tables().stream(), Leases.tables().stream())
                            .toList(),
                    this::strike)
            .sharedByNodes();
    private final AtomicLong nanos = new AtomicLong();
    private final Leases one = leases("one");
    private final Leases other = leases("other");
    private @Nullable Step failing;

    private Leases leases(String node) {
        return new Leases(TestLog.on(storage), node, LeaseSettings.defaults(), nanos::get);
    }

    private void strike(Step step) {
        if (step == failing) {
            throw new StorageException(StorageException.Kind.UNKNOWN, "struck", new IllegalStateException());
        }
    }

    @Test
    void aTakingThatIsNotKnownToHaveHappenedIsFoundWhenItHas() {
        one.step();
        other.step();
        failing = Step.AFTER_COMMIT;
        assertThatThrownBy(() -> one.take("thing", 0)).isInstanceOf(StorageException.class);
        failing = null;

        assertThat(other.take("thing", 0)).isEmpty();
        assertThat(one.take("thing", 0)).contains(new Lease("thing", 0, 1));
    }

    @Test
    void aTakingThatIsNotKnownToHaveHappenedIsTriedAgainWhenItHasNot() {
        one.step();
        failing = Step.BEFORE_COMMIT;
        assertThatThrownBy(() -> one.take("thing", 0)).isInstanceOf(StorageException.class);
        failing = null;

        assertThat(one.take("thing", 0)).contains(new Lease("thing", 0, 1));
    }

    @Test
    void aNodeWhoseSignsFailIsReplacedAndComesBackWhenTheyDoNot() {
        one.step();
        other.step();
        one.take("thing", 0);
        failing = Step.BEGIN;
        assertThatThrownBy(one::step).isInstanceOf(StorageException.class);
        failing = null;

        nanos.addAndGet(LeaseSettings.defaults().time().toNanos());
        other.step();
        assertThat(other.take("thing", 0)).isPresent();
        assertThat(one.take("thing", 0)).isEmpty();
        one.step();
        assertThat(one.take("another", 0)).isPresent();
    }

    @Test
    void aGivingBackThatIsNotKnownToHaveHappenedLeavesAtMostOneHolder() {
        one.step();
        other.step();
        var lease = one.take("thing", 0).orElseThrow();
        failing = Step.AFTER_COMMIT;
        assertThatThrownBy(() -> one.release(lease)).isInstanceOf(StorageException.class);
        failing = null;

        assertThat(other.take("thing", 0)).map(Lease::token).hasValue(2L);
        assertThat(one.take("thing", 0)).isEmpty();
    }
}
