package io.cairn.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cairn.event.EventLog;
import io.cairn.event.Ids;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import io.cairn.text.LanguageDetector;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.JsonNodeFactory;

/// Lines are written as "u: words" and "a: words" for what the user and the assistant say.
class TranscriptsTest {
    private static final Tenant ACME = new Tenant("acme");
    private static final Context CONTEXT = new Context(ACME, "tester", "corr");
    private static final ConversationId CHAT = new ConversationId("chat");
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-02T03:04:05Z"), ZoneOffset.UTC);

    private final EventLog log = EventLog.inMemory(List.of(new ConversationRows()), CLOCK);
    private final Conversations conversations =
            new Conversations(log, LanguageDetector.undecided(), new Ids(CLOCK, new SecureRandom()));
    private final Transcripts transcripts = new Transcripts(conversations);

    @AfterEach
    void stop() {
        log.close();
    }

    private Transcripts.Heard heard(String... lines) {
        return transcripts.heard(CONTEXT, CHAT, lines(lines));
    }

    /// A request with these lines, and what the model answers.
    private void exchange(String answer, String... lines) {
        transcripts.said(
                CONTEXT,
                CHAT,
                heard(lines).last(),
                lines("a: " + answer).getFirst(),
                JsonNodeFactory.instance.objectNode());
    }

    private static List<Line> lines(String... lines) {
        return Stream.of(lines)
                .map(line -> new Line(line.startsWith("u") ? "user" : "assistant", null, line.substring(3)))
                .toList();
    }

    private List<String> remembered() {
        return conversations.messages(ACME, CHAT, 0, 1000).stream()
                .map(message -> message.role().charAt(0) + ": " + message.content())
                .toList();
    }

    @Test
    void aDeletedMessageStaysAwayThoughProgramsGoOnTellingIt() {
        exchange("hello", "u: hi");
        exchange("noted", "u: hi", "a: hello", "u: my code is 4711");
        var secret = conversations.messages(ACME, CHAT, 2, 1).getFirst().id();
        conversations.delete(CONTEXT, CHAT, secret);

        exchange("bye", "u: hi", "a: hello", "u: my code is 4711", "a: noted", "u: good bye");
        exchange("yes?", "u: hi", "a: hello", "u: my code is 4711", "a: noted", "u: good bye", "a: bye", "u: one more");

        assertThat(remembered())
                .containsExactly("u: hi", "a: hello", "a: noted", "u: good bye", "a: bye", "u: one more", "a: yes?");
    }

    @Test
    void aProgramThatSendsEverythingEachTimeIsRememberedOnce() {
        exchange("hello", "u: hi");
        exchange("fine", "u: hi", "a: hello", "u: how are you?");
        exchange("bye", "u: hi", "a: hello", "u: how are you?", "a: fine", "u: good bye");

        assertThat(remembered())
                .containsExactly("u: hi", "a: hello", "u: how are you?", "a: fine", "u: good bye", "a: bye");
    }

    @Test
    void aProgramThatSendsOnlyWhatIsNewIsRememberedWholly() {
        exchange("sure?", "u: yes");
        exchange("done", "u: yes");

        assertThat(remembered()).containsExactly("u: yes", "a: sure?", "u: yes", "a: done");
    }

    @Test
    void aProgramThatSendsItsLastLinesIsRememberedOnce() {
        exchange("one", "u: 1");
        exchange("two", "u: 1", "a: one", "u: 2");
        exchange("three", "a: one", "u: 2", "a: two", "u: 3");

        assertThat(remembered()).containsExactly("u: 1", "a: one", "u: 2", "a: two", "u: 3", "a: three");
    }

    @Test
    void aRequestThatGotNoAnswerMayComeAgain() {
        heard("u: hi");
        exchange("hello", "u: hi");

        assertThat(remembered()).containsExactly("u: hi", "a: hello");
    }

    @Test
    void anotherAnswerToTheSameLinesIsAddedAndTheSameAnswerIsNot() {
        exchange("one", "u: 1");
        exchange("two", "u: 1", "a: one", "u: 2");
        exchange("deux", "u: 1", "a: one", "u: 2");
        exchange("deux", "u: 1", "a: one", "u: 2");
        exchange("three", "u: 1", "a: one", "u: 2", "a: deux", "u: 3");

        assertThat(remembered()).startsWith("u: 1", "a: one", "u: 2", "a: two", "a: deux");
        assertThat(remembered()).endsWith("u: 3", "a: three").doesNotHaveDuplicates();
    }

    @Test
    void aLineThatWasChangedIsAddedBehindWhatStands() {
        exchange("one", "u: 1");
        exchange("two", "u: 1", "a: one", "u: 2");
        exchange("zwei", "u: 1", "a: one", "u: 2 in German");

        assertThat(remembered()).containsExactly("u: 1", "a: one", "u: 2", "a: two", "u: 2 in German", "a: zwei");
    }

    @Test
    void aBeginningThatTheProgramHasPutInOtherWordsIsNotAddedAgain() {
        exchange("one", "u: 1");
        exchange("two", "u: 1", "a: one", "u: 2");
        exchange("three", "u: we counted to one", "u: 2", "a: two", "u: 3");

        assertThat(remembered()).containsExactly("u: 1", "a: one", "u: 2", "a: two", "u: 3", "a: three");
    }

    @Test
    void aMessageThatWasDeletedDoesNotComeBack() {
        exchange("one", "u: 1");
        exchange("two", "u: 1", "a: one", "u: 2");
        conversations.delete(
                CONTEXT, CHAT, conversations.messages(ACME, CHAT, 0, 10).get(1).id());
        exchange("three", "u: 1", "a: one", "u: 2", "a: two", "u: 3");

        assertThat(remembered()).containsExactly("u: 1", "u: 2", "a: two", "u: 3", "a: three");
    }

    @Test
    void wordsThatCameTrimmedAreTheSame() {
        exchange(" hello \n", "u: hi");
        exchange("fine", "u: hi", "a: hello", "u: and you?");

        assertThat(remembered()).containsExactly("u: hi", "a:  hello \n", "u: and you?", "a: fine");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 30, 120})
    void aLongChatIsFollowedToItsEndHoweverMuchOfItIsSent(int sent) {
        var lines = new ArrayList<String>();
        for (int turn = 0; turn < 60; turn++) {
            lines.add("u: question " + turn % 7);
            var told = sent == 0 ? lines.subList(lines.size() - 1, lines.size()) : last(lines, sent);
            exchange("answer " + turn % 7, told.toArray(String[]::new));
            lines.add("a: answer " + turn % 7);
        }

        assertThat(remembered()).isEqualTo(lines);
    }

    private static List<String> last(List<String> lines, int count) {
        return lines.subList(Math.max(0, lines.size() - count), lines.size());
    }

    @Test
    void theSameRequestSeveralTimesAtOnceIsRememberedOnce() throws InterruptedException {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            threads.invokeAll(IntStream.range(0, 16)
                    .mapToObj(i -> (Callable<Transcripts.Heard>) () -> heard("u: hi", "a: hello", "u: how are you?"))
                    .toList());
        }

        assertThat(remembered()).containsExactly("u: hi", "a: hello", "u: how are you?");
    }

    @Test
    void aDeletedConversationStaysDeleted() {
        heard("u: hi");
        conversations.delete(CONTEXT, CHAT);

        assertThat(heard("u: hi").outcome()).isEqualTo(new MessagesAdded.Deleted());
        assertThat(remembered()).isEmpty();
    }

    @Test
    void whatCannotBeAMessageIsRefused() {
        assertThatThrownBy(() -> heard("u: a" + '\0')).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> heard("u: " + "x".repeat(NewMessage.CONTENT_LENGTH_MAX + 1)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
