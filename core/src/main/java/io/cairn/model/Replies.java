package io.cairn.model;

import io.cairn.tenant.Tenant;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/// The replies that may be followed on this node: those under way, and for a while those that have ended, in bounded
/// memory.
public final class Replies {
    private record Key(Tenant tenant, String id) {}

    private final Map<Key, Reply> replies = new LinkedHashMap<>();
    private final Limits limits;
    private final LongSupplier nanos;

    /// @param nanos the time, as [System#nanoTime()] tells it
    public Replies(Limits limits, LongSupplier nanos) {
        this.limits = limits;
        this.nanos = nanos;
    }

    /// What replies may take.
    ///
    /// @param bytesMax of one
    /// @param keptBytesMax of all that have ended; beyond it the oldest ones leave
    /// @param kept for how long one is kept after its end
    public record Limits(long bytesMax, long keptBytesMax, Duration kept) {
        public Limits {
            if (bytesMax < 1 || keptBytesMax < 0 || kept.isNegative()) {
                throw new IllegalArgumentException(
                        "Limits of replies are positive; found %d, %d and %s".formatted(bytesMax, keptBytesMax, kept));
            }
        }
    }

    /// A reply, and its first listener.
    public record Begun(Reply reply, ChatStream listener) {}

    /// Begins to take in an answer.
    ///
    /// @param id that is not used again
    /// @param asked the model that was asked for
    /// @param model who gives it
    /// @param atEnd is run once, when the provider has no more to do
    public Begun begin(Tenant tenant, String id, String asked, String model, ChatStream stream, Runnable atEnd) {
        var reply = new Reply(id, asked, model, stream, limits.bytesMax(), nanos, atEnd);
        var first = reply.listen();
        synchronized (this) {
            tidy();
            replies.put(new Key(tenant, id), reply);
        }
        reply.start();
        return new Begun(reply, first);
    }

    public synchronized Optional<Reply> find(Tenant tenant, String id) {
        tidy();
        return Optional.ofNullable(replies.get(new Key(tenant, id)));
    }

    /// How many there are.
    public synchronized int count() {
        tidy();
        return replies.size();
    }

    private void tidy() {
        long now = nanos.getAsLong();
        replies.values()
                .removeIf(reply ->
                        reply.isEnded() && now - reply.endedAt() > limits.kept().toNanos());
        long bytes = replies.values().stream()
                .filter(Reply::isEnded)
                .mapToLong(Reply::bytes)
                .sum();
        var oldest = replies.values().iterator();
        while (bytes > limits.keptBytesMax() && oldest.hasNext()) {
            var reply = oldest.next();
            if (reply.isEnded()) {
                bytes -= reply.bytes();
                oldest.remove();
            }
        }
    }
}
