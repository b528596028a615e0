package io.cairn.server.ops;

import io.cairn.event.StorageException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Remembers why the last write to the log failed, until one succeeds again.
public final class WriteFailures {
    private final AtomicReference<@Nullable String> last = new AtomicReference<>();

    void failed(StorageException failure) {
        last.set("%s (%s)".formatted(failure.kind(), failure.getMessage()));
    }

    void succeeded() {
        last.set(null);
    }

    Optional<String> last() {
        return Optional.ofNullable(last.get());
    }
}
