package io.cairn.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Large contents are kept in parts beside the log.
public abstract class BlobContract extends EventLogFixture {
    protected BlobContract(LogPlace place) {
        super(place);
    }

    @Test
    void blobsOfEverySizeComeBackAsTheyWere() {
        for (int size : new int[] {0, 1, Blobs.PART_BYTES, Blobs.PART_BYTES + 1, 3 * Blobs.PART_BYTES}) {
            var content = new byte[size];
            new java.util.Random(size).nextBytes(content);

            var stored = log.blobs().store(CONTEXT, "subject-1", content);
            log.append(Unit.rows(CONTEXT, stored.rows()));

            assertThat(log.blobs().read(ACME, stored.address())).hasValue(content);
            assertThat(log.blobs().read(OTHER, stored.address())).isEmpty();
            assertThat(log.blobs().store(CONTEXT, "subject-1", content).rows()).isEmpty();
        }
    }

    @Test
    void partsOfABlobWhoseEventNeverCameAreSwept() {
        var content = new byte[2 * Blobs.PART_BYTES];
        var finished = content.clone();
        finished[0] = 1;
        log.append(Unit.rows(
                CONTEXT, log.blobs().store(CONTEXT, "subject-1", finished).rows()));
        var stored = log.blobs().store(CONTEXT, "subject-1", content);

        assertThat(log.blobs().sweep(Duration.ofDays(1))).isZero();
        assertThat(log.blobs().sweep(Duration.ofNanos(-1000))).isEqualTo(1);

        assertThat(parts(stored.address())).isZero();
        assertThat(log.feed().tenants(Blobs.UNFINISHED)).isEmpty();
        var late = log.append(new Unit(CONTEXT, List.of(), stored.expectations(), stored.rows()));
        assertThat(late).isInstanceOf(Appended.Unmet.class);
        assertThat(parts(stored.address())).isZero();
    }

    @Test
    void aBlobThatIsFinishedIsNeverSwept() {
        var content = new byte[3 * Blobs.PART_BYTES];
        var stored = log.blobs().store(CONTEXT, "subject-1", content);
        log.append(new Unit(CONTEXT, List.of(), stored.expectations(), stored.rows()));

        assertThat(log.blobs().sweep(Duration.ofNanos(-1000))).isZero();
        assertThat(log.blobs().read(ACME, stored.address())).hasValue(content);
    }

    private long parts(String address) {
        return log.<Long>read(ACME, view -> view.count(Blobs.TABLE, Blobs.TABLE.key(address)));
    }
}
