package io.cairn.client;

import java.time.Duration;

/// The passing of time between two tries.
@FunctionalInterface
interface Pause {
    void of(Duration wait) throws InterruptedException;
}
