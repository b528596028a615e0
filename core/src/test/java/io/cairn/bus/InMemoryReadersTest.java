package io.cairn.bus;

import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.event.LogPlace;
import io.cairn.event.LogStorage;
import io.cairn.event.StreamId;
import org.junit.jupiter.api.Test;

class InMemoryReadersTest extends ReadersContract {
    InMemoryReadersTest() {
        super(LogPlace.inMemory(LogStorage::inMemory));
    }

    @Test
    void theWordForAStreamThatComesAgainIsReadAsItWasWritten() {
        var part = new ParkedStreams.ComingAgain(new StreamId("lead", "a@b/c d"), 7, 99, true);
        assertThat(ParkedStreams.ComingAgain.parse(part.wire())).contains(part);
        assertThat(ParkedStreams.ComingAgain.parse("again-1-2@lead/x"))
                .contains(new ParkedStreams.ComingAgain(new StreamId("lead", "x"), 1, 2, false));
        assertThat(ParkedStreams.ComingAgain.parse("abc-0-12")).isEmpty();
    }
}
