package io.cairn.adapter.provider;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A key that a service gives, kept so that no call waits for the service.
///
/// Callers wait only for the first key and for one in place of a key that was refused. A key that is older than it may
/// be is asked for beside the calls, and goes on to be used while the service does not answer. However often a provider
/// refuses, and however many callers there are, the service is asked once in [#REST] for that reason.
final class KeptKey implements ProviderKey {
    private static final Logger LOG = LoggerFactory.getLogger(KeptKey.class);

    /// Between two questions for which callers wait.
    static final Duration REST = Duration.ofSeconds(5);

    private final KeyService service;
    private final long keepNanos;
    private final LongSupplier nanos;
    private final AtomicBoolean renewing = new AtomicBoolean();
    private volatile @Nullable Kept kept;
    private @Nullable Failed failed;

    private record Kept(String key, long readAt) {}

    private record Failed(IOException why, long at) {}

    KeptKey(KeyService service, Duration keep, LongSupplier nanos) {
        this.service = service;
        this.keepNanos = keep.toNanos();
        this.nanos = nanos;
    }

    @Override
    public Optional<String> value() throws IOException {
        var known = kept;
        if (known == null) {
            return Optional.of(first());
        }
        if (age(known.readAt()) > keepNanos && renewing.compareAndSet(false, true)) {
            Thread.ofVirtual().name("cairn-key").start(this::renew);
        }
        return Optional.of(known.key());
    }

    @Override
    public boolean isRenewed(Optional<String> refused) throws IOException {
        return isOther(refused) || another(refused);
    }

    private boolean isOther(Optional<String> refused) {
        var known = kept;
        return known != null && !Optional.of(known.key()).equals(refused);
    }

    private synchronized String first() throws IOException {
        var known = kept;
        return known == null ? ask() : known.key();
    }

    private synchronized boolean another(Optional<String> refused) throws IOException {
        var known = kept;
        if (!isOther(refused) && (known == null || age(known.readAt()) > REST.toNanos())) {
            ask();
        }
        return isOther(refused);
    }

    private String ask() throws IOException {
        var before = failed;
        if (before != null && age(before.at()) < REST.toNanos()) {
            throw before.why();
        }
        try {
            var key = service.read().strip();
            failed = null;
            replace(key);
            return key;
        } catch (IOException e) {
            LOG.warn("A key cannot be had: {}", e.getMessage());
            failed = new Failed(e, nanos.getAsLong());
            throw e;
        }
    }

    private synchronized void renew() {
        try {
            replace(service.read().strip());
        } catch (IOException e) {
            LOG.warn("A key cannot be looked up again, and the one that is known stays in use: {}", e.getMessage());
            var known = kept;
            if (known != null) {
                kept = new Kept(known.key(), nanos.getAsLong());
            }
        } finally {
            renewing.set(false);
        }
    }

    private void replace(String key) {
        var before = kept;
        kept = new Kept(key, nanos.getAsLong());
        if (before != null && !before.key().equals(key)) {
            LOG.info("A key was replaced");
        }
    }

    private long age(long since) {
        return nanos.getAsLong() - since;
    }

    @Override
    public String toString() {
        return "a key from a service";
    }
}
