package io.cairn.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchSizeTest {
    private final BatchSize size = new BatchSize(50, 250, 1000);

    @ParameterizedTest
    @CsvSource({
        "0, 50, 0",
        "1, 50, 1",
        "50, 50, 1",
        "51, 50, 2",
        "450, 50, 9",
        "499, 50, 10",
        "500, 250, 2",
        "501, 250, 3",
        "4999, 250, 20",
        "5000, 250, 20",
        "5001, 1000, 6",
        "6000, 1000, 6",
        "6001, 1000, 7",
        "10000, 1000, 10"
    })
    void theSizeFollowsTheWork(long work, int each, long batches) {
        assertThat(size.of(work)).isEqualTo(each);
        assertThat(size.batches(work)).isEqualTo(batches);
    }

    @Test
    void moreWorkNeverMeansSmallerBatches() {
        assertThatThrownBy(() -> new BatchSize(0, 1, 1)).hasMessageContaining("0, 1, 1");
        assertThatThrownBy(() -> new BatchSize(10, 5, 20)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new BatchSize(10, 20, 15)).isInstanceOf(IllegalArgumentException.class);
        assertThat(BatchSize.always(7)).isEqualTo(new BatchSize(7, 7, 7));
    }
}
