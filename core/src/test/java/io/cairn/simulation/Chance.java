package io.cairn.simulation;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;

/// Where every choice of a run comes from: the same seed always chooses the same.
final class Chance {
    private final Random random;

    Chance(long seed) {
        this.random = new Random(seed);
    }

    Random random() {
        return random;
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    int between(int from, int to) {
        return random.nextInt(from, to);
    }

    boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }

    boolean evens() {
        return random.nextBoolean();
    }

    <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    <T> Optional<T> pickAny(List<T> from) {
        return from.isEmpty() ? Optional.empty() : Optional.of(pick(from));
    }

    UUID id() {
        return new UUID(random.nextLong(), random.nextLong());
    }
}
