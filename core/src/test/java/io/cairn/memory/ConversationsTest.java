package io.cairn.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cairn.event.EventLog;
import io.cairn.event.Ids;
import io.cairn.event.Position;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import io.cairn.text.LanguageDetector;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;

class ConversationsTest {
    private static final Tenant ACME = new Tenant("acme");
    private static final Context CONTEXT = new Context(ACME, "tester", "corr");
    private static final ConversationId CHAT = new ConversationId("chat/1 ü");
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-02T03:04:05Z"), ZoneOffset.UTC);

    private final EventLog log = EventLog.inMemory(List.of(new ConversationRows()), CLOCK);
    private final Conversations conversations =
            new Conversations(log, LanguageDetector.undecided(), new Ids(CLOCK, new SecureRandom()));

    @AfterEach
    void stop() {
        log.close();
    }

    @Test
    void messagesComeBackInTheirOrder() {
        add("one", "two");
        add("three");

        assertThat(conversations.messages(ACME, CHAT, 0, 10))
                .map(Message::content)
                .containsExactly("one", "two", "three");
        assertThat(conversations.messages(ACME, CHAT, 1, 1))
                .map(Message::content)
                .containsExactly("two");
        assertThat(conversations.find(ACME, CHAT).orElseThrow().messages()).isEqualTo(3);
    }

    @Test
    void aDeletedMessageIsGoneAndTheOthersKeepTheirNumbers() {
        add("one", "two", "three");

        var deleted = conversations.delete(CONTEXT, CHAT, "id-two");
        assertThat(deleted).isPresent();
        assertThat(conversations.delete(CONTEXT, CHAT, "id-two"))
                .as("a repeated deletion")
                .isEqualTo(deleted);
        assertThat(conversations.delete(CONTEXT, CHAT, "id-none")).isEmpty();
        assertThat(conversations.delete(CONTEXT, new ConversationId("none"), "id-one"))
                .isEmpty();
        add("four");

        assertThat(conversations.messages(ACME, CHAT, 0, 10))
                .map(Message::content)
                .containsExactly("one", "three", "four");
        assertThat(conversations.messages(ACME, CHAT, 0, 10))
                .map(Message::sequence)
                .containsExactly(1L, 3L, 5L);
        assertThat(conversations.find(ACME, CHAT).orElseThrow().messages()).isEqualTo(3);
        assertThat(conversations.count(ACME).sum()).isEqualTo(3);
        assertThat(add("two")).isEqualTo(new MessagesAdded.MessagesDeleted(List.of("id-two")));
    }

    @Test
    void pagesAreFullHoweverManyMessagesWereDeletedBetween() {
        add("one", "two", "three", "four", "five", "six");
        for (var text : List.of("two", "three", "five")) {
            conversations.delete(CONTEXT, CHAT, "id-" + text);
        }
        add("seven");

        assertThat(conversations.messages(ACME, CHAT, 0, 2))
                .map(Message::content)
                .containsExactly("one", "four");
        assertThat(conversations.messages(ACME, CHAT, 4, 2))
                .map(Message::content)
                .containsExactly("six", "seven");
    }

    @Test
    void theLastMessagesAreFoundHoweverMuchWasSaidOfTheConversationSince() {
        add("one", "two", "three");
        for (int i = 0; i < 1_200; i++) {
            conversations.describe(CONTEXT, CHAT, titled("title " + i));
        }
        conversations.delete(CONTEXT, CHAT, "id-two");

        assertThat(conversations.latest(ACME, CHAT, 1)).map(Message::content).containsExactly("three");
        assertThat(conversations.latest(ACME, CHAT, 2)).map(Message::content).containsExactly("one", "three");
        assertThat(conversations.latest(ACME, CHAT, 9)).map(Message::content).containsExactly("one", "three");
        add("four");
        assertThat(conversations.latest(ACME, CHAT, 2)).map(Message::content).containsExactly("three", "four");
    }

    private static Conversation.Description titled(String title) {
        return new Conversation.Description(title, JsonNodeFactory.instance.objectNode());
    }

    @Test
    void messagesDeletedAtTheSameTimeAreCountedOnceEach() throws Exception {
        var texts = IntStream.range(0, 8).mapToObj(i -> "text " + i).toArray(String[]::new);
        add(texts);
        add("stays");
        var deletions = Stream.of(texts)
                .<Callable<Optional<Position>>>map(text -> () -> conversations.delete(CONTEXT, CHAT, "id-" + text))
                .toList();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var deleted : threads.invokeAll(deletions)) {
                assertThat(deleted.get()).isPresent();
            }
        }

        assertThat(conversations.find(ACME, CHAT).orElseThrow().messages()).isEqualTo(1);
        assertThat(conversations.messages(ACME, CHAT, 0, 10))
                .map(Message::content)
                .containsExactly("stays");
    }

    @Test
    void nothingIsDeletedOfADeletedConversation() {
        add("one");
        conversations.delete(CONTEXT, CHAT);

        assertThat(conversations.delete(CONTEXT, CHAT, "id-one")).isEmpty();
    }

    @Test
    void theSameMessagesAgainAreAnsweredAsTheFirstTime() {
        var first = (MessagesAdded.Added) add("one", "two");
        var again = (MessagesAdded.Added) add("one", "two");

        assertThat(first.created()).isTrue();
        assertThat(again).isEqualTo(new MessagesAdded.Added(first.at(), first.sequences(), false));
        assertThat(conversations.messages(ACME, CHAT, 0, 10)).hasSize(2);
    }

    @Test
    void aBatchThatIsPartlyKnownIsCompleted() {
        add("one", "three");
        var added = (MessagesAdded.Added) add("one", "two", "three", "four");

        assertThat(added.sequences()).containsExactly(1L, 3L, 2L, 4L);
        assertThat(added.created()).isTrue();
    }

    @Test
    void anIdWithOtherContentIsRefusedAndNothingIsAdded() {
        add("one");

        var refused = conversations.add(
                CONTEXT,
                CHAT,
                List.of(NewMessage.of("id-new", "user", "new"), NewMessage.of("id-one", "user", "other")));

        assertThat(refused).isEqualTo(new MessagesAdded.IdReused(List.of("id-one")));
        assertThat(conversations.messages(ACME, CHAT, 0, 10)).hasSize(1);
    }

    @Test
    void anIdThatStandsTwiceInOneRequestIsRefused() {
        assertThatThrownBy(() -> add("one", "one")).hasMessageContaining("twice");
        assertThat(conversations.find(ACME, CHAT)).isEmpty();
    }

    @Test
    void aDeletedConversationIsGoneAndItsIdBurnt() {
        add("one");
        var position = conversations.delete(CONTEXT, CHAT).orElseThrow();

        assertThat(conversations.find(ACME, CHAT)).isEmpty();
        assertThat(conversations.messages(ACME, CHAT, 0, 10)).isEmpty();
        assertThat(conversations.list(ACME, null, 10)).isEmpty();
        assertThat(add("two")).isInstanceOf(MessagesAdded.Deleted.class);
        assertThat(add("one")).isInstanceOf(MessagesAdded.Deleted.class);
        assertThat(conversations.delete(CONTEXT, CHAT)).hasValue(position);
    }

    @Test
    void deletingWhatIsNotThereChangesNothing() {
        assertThat(conversations.delete(CONTEXT, CHAT)).isEmpty();
        assertThat(log.head(0).number()).isZero();
    }

    @Test
    void anotherTenantSeesNothing() {
        add("one");
        var other = new Tenant("other");

        assertThat(conversations.find(other, CHAT)).isEmpty();
        assertThat(conversations.messages(other, CHAT, 0, 10)).isEmpty();
        assertThat(conversations.delete(new Context(other, "tester", "corr"), CHAT))
                .isEmpty();
    }

    @Test
    void conversationsAreListedPageByPage() {
        for (int i = 0; i < 5; i++) {
            conversations.add(CONTEXT, new ConversationId("c" + i), List.of(NewMessage.of("m", "user", "hello")));
        }
        conversations.delete(CONTEXT, new ConversationId("c1"));

        var first = conversations.list(ACME, null, 2);
        var rest = conversations.list(ACME, first.getLast().id(), 10);

        assertThat(first).map(found -> found.id().id()).containsExactly("c0", "c2");
        assertThat(rest).map(found -> found.id().id()).containsExactly("c3", "c4");
    }

    @Test
    void textThatNoStoreCouldHoldIsRefusedByName() {
        for (var text : List.of("a\0b", "lone \uD800 surrogate", "\uDC00")) {
            assertThatThrownBy(() -> NewMessage.of("id", "user", text)).hasMessageContaining("content");
            assertThatThrownBy(() -> NewMessage.of(text, "user", "x")).hasMessageContaining("message id");
        }
        assertThatThrownBy(() -> NewMessage.of("id", "user", "")).hasMessageContaining("1 to 1000000");
        assertThatThrownBy(() ->
                        new NewMessage("id", "user", null, "x", Instant.MAX, JsonNodeFactory.instance.objectNode()))
                .hasMessageContaining("years 1 to 9999");
    }

    private MessagesAdded add(String... contents) {
        var messages = List.of(contents).stream()
                .map(content -> NewMessage.of("id-" + content, "user", content))
                .toList();
        return conversations.add(CONTEXT, CHAT, messages);
    }
}
