package io.cairn.lease;

import io.cairn.event.EventLog;
import io.cairn.event.LogStorage;
import io.cairn.seal.MasterKey;
import java.security.SecureRandom;

/// A log that writes in the thread of whoever waits.
final class TestLog {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final MasterKey MASTER = MasterKey.random(RANDOM);

    private TestLog() {}

    static EventLog on(LogStorage storage) {
        return EventLog.on(storage).sealedWith(MASTER).random(RANDOM).open();
    }
}
