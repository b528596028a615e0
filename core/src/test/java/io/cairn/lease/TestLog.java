package io.cairn.lease;

import io.cairn.event.EventLog;
import io.cairn.event.EventLogSettings;
import io.cairn.event.Ids;
import io.cairn.event.LogStorage;
import io.cairn.event.Upcasters;
import io.cairn.seal.MasterKey;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;

/// A log that writes in the thread of whoever waits.
final class TestLog {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final MasterKey MASTER = MasterKey.random(RANDOM);

    private TestLog() {}

    static EventLog on(LogStorage storage) {
        return new EventLog(
                storage,
                MASTER,
                List.of(),
                Upcasters.none(),
                new Ids(Clock.systemUTC(), RANDOM),
                RANDOM,
                EventLogSettings.defaults());
    }
}
