package io.cairn.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.event.EventLog;
import io.cairn.event.Ids;
import io.cairn.passage.Source;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import io.cairn.text.ChunkSettings;
import io.cairn.text.Chunker;
import io.cairn.text.Language;
import io.cairn.text.LanguageDetector;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;

/// By the rules of which language a message is indexed.
class MessageLanguageTest {
    private static final Tenant ACME = new Tenant("acme");
    private static final ConversationId CHAT = new ConversationId("chat");

    private final EventLog log = EventLog.inMemory(List.of(new ConversationRows()), Clock.systemUTC());
    private final Conversations conversations =
            new Conversations(log, LanguageDetector.undecided(), new Ids(Clock.systemUTC(), new SecureRandom()));
    private final Source source =
            new ConversationSource(log, new Chunker(ChunkSettings.DEFAULT), tenant -> new Language("en"));
    private int said;

    @AfterEach
    void stop() {
        log.close();
    }

    @Test
    void oneThatTellsNothingHasThatOfItsConversationAndElseTheTenants() {
        say("Hm.", null);
        say("Der Zug kommt um acht.", "de");
        say("Gut.", null);
        say("Fine.", "en");
        say("OK.", null);

        assertThat(languages()).containsExactly("en", "de", "de", "en", "en");
    }

    @Test
    void oneFarBehindTheLastThatToldHasTheTenants() {
        say("Der Zug kommt um acht.", "de");
        IntStream.range(0, 102).forEach(i -> say("Ja.", null));

        assertThat(languages().subList(99, 103)).containsExactly("de", "de", "en", "en");
    }

    @Test
    void aFollowerThatBeginsInTheMiddleSaysTheSame() {
        say("Der Zug kommt um acht.", "de");
        IntStream.range(0, 102).forEach(i -> say("Ja.", null));
        var all = languages();

        assertThat(IntStream.of(1, 50, 100, 101, 102).mapToObj(this::languageOfOneAlone))
                .containsExactly(all.get(1), all.get(50), all.get(100), all.get(101), all.get(102));
    }

    private void say(String content, @Nullable String language) {
        conversations.add(
                new Context(ACME, "tester", "corr"),
                CHAT,
                List.of(new NewMessage(
                        "m" + said++,
                        "user",
                        null,
                        content,
                        null,
                        JsonNodeFactory.instance.objectNode(),
                        language == null ? null : new Language(language))));
    }

    private List<String> languages() {
        var cutter = source.cutter(false);
        var languages = new ArrayList<String>();
        for (var event : log.feed().after(0, 0, 1_000, Long.MAX_VALUE)) {
            cutter.changes(event).stream()
                    .flatMap(change -> change.passages().stream())
                    .forEach(passage -> languages.add(passage.ref().language()));
        }
        return languages;
    }

    private String languageOfOneAlone(int number) {
        var event = log.feed().after(0, 0, 1_000, Long.MAX_VALUE).get(number);
        return source.cutter(false)
                .changes(event)
                .getFirst()
                .passages()
                .getFirst()
                .ref()
                .language();
    }
}
