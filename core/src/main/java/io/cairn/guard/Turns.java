package io.cairn.guard;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// One at a time for each key, in the order in which they come. A key about which nobody cares takes no room.
///
/// @param <K> what has to be done one after another
public final class Turns<K> {
    private final Map<K, Line> lines = new HashMap<>();
    private final int waitingMax;

    /// @param waitingMax of one key
    public Turns(int waitingMax) {
        this.waitingMax = waitingMax;
    }

    private static final class Line {
        private final Semaphore turn = new Semaphore(1, true);
        private int present;
    }

    /// A turn, which ends when it is closed.
    public interface Turn extends AutoCloseable {
        @Override
        void close();
    }

    /// Waits until it is the caller's turn.
    ///
    /// @return none if too many wait already, or if the turn did not come in time
    public Optional<Turn> take(K key, Duration limit) throws InterruptedException {
        var line = joined(key);
        if (line == null) {
            return Optional.empty();
        }
        boolean taken = false;
        try {
            taken = line.turn.tryAcquire(limit.toNanos(), TimeUnit.NANOSECONDS);
            return taken ? Optional.of(turn(key, line)) : Optional.empty();
        } finally {
            if (!taken) {
                left(key, line);
            }
        }
    }

    private Turn turn(K key, Line line) {
        var over = new AtomicBoolean();
        return () -> {
            if (over.compareAndSet(false, true)) {
                line.turn.release();
                left(key, line);
            }
        };
    }

    private synchronized @Nullable Line joined(K key) {
        var line = lines.computeIfAbsent(key, absent -> new Line());
        if (line.present > waitingMax) {
            return null;
        }
        line.present++;
        return line;
    }

    private synchronized void left(K key, Line line) {
        line.present--;
        if (line.present == 0) {
            lines.remove(key);
        }
    }

    /// Keys of which somebody has the turn or waits for it.
    public synchronized int keys() {
        return lines.size();
    }
}
