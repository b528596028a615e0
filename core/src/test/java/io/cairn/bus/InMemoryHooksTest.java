package io.cairn.bus;

import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.event.LogPlace;
import io.cairn.event.LogStorage;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class InMemoryHooksTest extends HooksContract {
    InMemoryHooksTest() {
        super(LogPlace.inMemory(tables -> LogStorage.inMemory(tables, 2)));
    }

    @Test
    void theBytesComeBackAsTheyCame() {
        var bytes = new byte[300];
        new Random(5).nextBytes(bytes);
        var received = new Received(UUID.randomUUID(), "h", "d", null, bytes);
        assertThat(Received.of(received.event(), received.payload()).body()).isEqualTo(bytes);
        assertThat(received.json()).isEmpty();
    }
}
