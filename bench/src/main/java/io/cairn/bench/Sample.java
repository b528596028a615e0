package io.cairn.bench;

import java.util.Arrays;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/// Figures of one kind, one per question or per repetition.
record Sample(double[] values) {
    private static final int RESAMPLES = 4000;
    private static final long SEED = 7;

    static Sample of(IntStream of, IntToDoubleFunction value) {
        return new Sample(of.mapToDouble(value).toArray());
    }

    /// The range in which the mean lies with a probability of 95 %.
    record Interval(double low, double high) {}

    int size() {
        return values.length;
    }

    double mean() {
        return Arrays.stream(values).average().orElse(Double.NaN);
    }

    double median() {
        return quantile(.5);
    }

    double quantile(double share) {
        var sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[(int) Math.min(sorted.length - 1L, Math.round(share * (sorted.length - 1)))];
    }

    /// What this has more than another sample, pair by pair.
    Sample minus(Sample other) {
        return of(IntStream.range(0, values.length), i -> values[i] - other.values[i]);
    }

    /// By resampling with replacement, the same way every time.
    Interval interval() {
        var random = new Random(SEED);
        IntUnaryOperator any = i -> random.nextInt(values.length);
        var means = new double[RESAMPLES];
        for (int resample = 0; resample < RESAMPLES; resample++) {
            means[resample] = IntStream.range(0, values.length)
                    .mapToDouble(i -> values[any.applyAsInt(i)])
                    .average()
                    .orElse(Double.NaN);
        }
        var sorted = new Sample(means);
        return new Interval(sorted.quantile(.025), sorted.quantile(.975));
    }
}
