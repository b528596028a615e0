package io.cairn.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cairn.event.EventLog;
import io.cairn.event.ForwardingSnapshot;
import io.cairn.event.ForwardingStorage;
import io.cairn.event.Ids;
import io.cairn.event.LogStorage;
import io.cairn.event.ReadSnapshot;
import io.cairn.event.StoredEvent;
import io.cairn.event.StreamId;
import io.cairn.event.UnreadableException;
import io.cairn.feature.Features;
import io.cairn.seal.MasterKey;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import io.cairn.text.LanguageDetector;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;

/// A store that loses events, as one with a damaged index does: nobody gets a shorter list for the whole one.
class MissingEventsTest {
    private static final Tenant TENANT = new Tenant("acme");
    private static final Context CONTEXT = new Context(TENANT, "tester", "corr");
    private static final ConversationId ID = new ConversationId("c");
    private static final int MESSAGES = 5;
    private static final Features FEATURES = Features.of(List.of(Conversations.feature()));

    private final SecureRandom random = new SecureRandom();
    private final Clock clock = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);

    /// Versions of the only stream, which are its positions too.
    private final Set<Long> lost = new TreeSet<>();

    private final EventLog log = EventLog.on(new Losing(LogStorage.inMemory(FEATURES.tables())))
            .sealedWith(MasterKey.random(random))
            .inline(FEATURES.inline())
            .random(random)
            .start();
    private final Conversations conversations =
            new Conversations(log, LanguageDetector.undecided(), new Ids(clock, random));

    private final class Losing implements ForwardingStorage {
        private final LogStorage storage;

        Losing(LogStorage storage) {
            this.storage = storage;
        }

        @Override
        public LogStorage storage() {
            return storage;
        }

        @Override
        public ReadSnapshot seen(ReadSnapshot snapshot) {
            return new ForwardingSnapshot() {
                @Override
                public ReadSnapshot snapshot() {
                    return snapshot;
                }

                @Override
                public List<StoredEvent> stream(Tenant tenant, StreamId stream, long afterVersion, int limit) {
                    return left(snapshot.stream(tenant, stream, afterVersion, limit));
                }

                @Override
                public List<StoredEvent> after(int partition, long position, int limit, long bytesMax) {
                    return left(snapshot.after(partition, position, limit, bytesMax));
                }
            };
        }
    }

    private List<StoredEvent> left(List<StoredEvent> events) {
        return events.stream().filter(event -> !lost.contains(event.version())).toList();
    }

    @BeforeEach
    void add() {
        for (int number = 1; number <= MESSAGES; number++) {
            conversations.add(CONTEXT, ID, List.of(message(number)));
        }
    }

    @AfterEach
    void stop() {
        log.close();
    }

    private static NewMessage message(int number) {
        return new NewMessage(
                "m" + number, "user", null, "Parcel " + number, Instant.EPOCH, JsonNodeFactory.instance.objectNode());
    }

    @Test
    void allAreThereWhileNothingIsLost() {
        assertThat(conversations.messages(TENANT, ID, 0, 100)).hasSize(MESSAGES);
        assertThat(conversations.messages(TENANT, ID, MESSAGES, 100)).isEmpty();
        assertThat(log.feed().after(0, 0, 100, Long.MAX_VALUE)).hasSize(MESSAGES);
    }

    @Test
    void aMessageThatIsMissingAnywhereIsAnError() {
        for (long number = 1; number <= MESSAGES; number++) {
            lost.clear();
            lost.add(number);
            assertThatThrownBy(() -> conversations.messages(TENANT, ID, 0, 100))
                    .isInstanceOf(UnreadableException.class)
                    .hasMessageContaining("missing");
        }
    }

    @Test
    void whatIsLostElsewhereHindersNobody() {
        lost.add(4L);
        assertThat(conversations.messages(TENANT, ID, 0, 3)).hasSize(3);
        assertThat(conversations.messages(TENANT, ID, 4, 100)).hasSize(1);
    }

    @Test
    void whoeverFollowsTheLogDoesNotGoOnBehindAGap() {
        lost.add(2L);
        assertThatThrownBy(() -> log.feed().after(0, 0, 100, Long.MAX_VALUE))
                .isInstanceOf(UnreadableException.class)
                .hasMessageContaining("position 2 of partition 0 is missing");
        assertThat(log.feed().after(0, 2, 100, Long.MAX_VALUE)).hasSize(3);
    }
}
