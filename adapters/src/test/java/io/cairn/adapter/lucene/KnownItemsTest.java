package io.cairn.adapter.lucene;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.event.EventLog;
import io.cairn.event.Ids;
import io.cairn.memory.ConversationId;
import io.cairn.memory.ConversationRows;
import io.cairn.memory.ConversationSource;
import io.cairn.memory.Conversations;
import io.cairn.memory.NewMessage;
import io.cairn.passage.Passages;
import io.cairn.recall.Candidate;
import io.cairn.recall.Filters;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import io.cairn.text.ChunkSettings;
import io.cairn.text.Chunker;
import io.cairn.text.Language;
import io.cairn.text.LanguageDetector;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.text.Normalizer;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.JsonNodeFactory;

/// What is written is found by its words alone, first, among everything else, in whatever script and however engineers
/// write it.
class KnownItemsTest {
    private static final Tenant ACME = new Tenant("acme");
    private static final Tenant OTHER = new Tenant("other");
    private static final List<String> AROUND = List.of(
            "Yesterday %s caused the alert again, please have a look.",
            "I changed %s on the second machine, and nothing happened.",
            "Does anybody know why we still need %s here?",
            "The page says that (%s) is deprecated.",
            "See %s, line 12.");

    @TempDir
    Path folder;

    private final Ids ids = new Ids(Clock.systemUTC(), new SecureRandom());
    private EventLog log;
    private Conversations conversations;
    private LuceneLexicalIndex index;
    private Language language = new Language("en");
    private int said;

    @BeforeEach
    void open() {
        log = EventLog.inMemory(List.of(new ConversationRows()), Clock.systemUTC());
        conversations = new Conversations(log, LanguageDetector.undecided(), ids);
        index = new LuceneLexicalIndex(
                folder,
                new Passages(
                        List.of(new ConversationSource(log, new Chunker(ChunkSettings.DEFAULT), tenant -> language))));
    }

    @AfterEach
    void close() {
        index.close();
        log.close();
    }

    @Test
    void namesAsEngineersWriteThemAreFoundFirst() {
        var names = rows("names.txt");
        names.forEach(row -> say(ACME, AROUND.get(said % AROUND.size()).formatted(row.getFirst())));
        index();

        var missed = new ArrayList<String>();
        int asked = 0;
        for (int i = 0; i < names.size(); i++) {
            for (var name : names.get(i)) {
                asked++;
                if (!isFirst(name, i)) {
                    missed.add(name);
                }
            }
        }
        assertThat(names.size()).isGreaterThanOrEqualTo(200);
        assertThat(missed).as("missed of %d", asked).hasSizeLessThanOrEqualTo(asked * 2 / 100);
    }

    @Test
    void wordsOfManyLanguagesAreFoundFirstWhateverLanguageTheyWereTakenFor() {
        var texts = rows("known-items.txt");
        texts.forEach(row -> say(ACME, row.get(1)));
        index();

        assertThat(texts.stream().map(List::getFirst).distinct().count()).isGreaterThanOrEqualTo(12);
        assertFirst(texts, query -> query);
    }

    @Test
    void wordsOfManyLanguagesAreFoundFirstAmongTextsInTheirLanguages() {
        var texts = rows("known-items.txt");
        for (var row : texts) {
            language = new Language(row.getFirst());
            say(ACME, row.get(1));
            index();
        }

        assertFirst(texts, query -> query);
        assertFirst(texts, query -> Normalizer.normalize(query, Normalizer.Form.NFD));
    }

    @Test
    void diacriticsApostrophesAndHyphensMayBeLeftOut() {
        language = new Language("ro");
        assertMeet("Dimineața plouă la Cluj", "dimineata");
        assertMeet("Am ajuns în dimineata de luni", "dimineață");
        language = new Language("en");
        assertMeet("Let us meet at the café", "cafe");
        assertMeet("The cafe is closed", "café");
        assertMeet("She moved to Kraków", "Krakow");
        assertMeet("Herr Müller called", "Muller");
        assertMeet("Signed by O’Connor", "O'Connor");
        assertMeet("Signed by Mrs O'Brien", "O’Brien");
        assertMeet("The Wi-Fi is down", "wifi");
        assertMeet("Send an e-mail", "email");
        assertMeet("집에 갔다", "집");
    }

    /// Few texts of a language among many others make its little words rare, but tell nothing by them.
    @Test
    void littleWordsOfTheQuerysLanguageDoNotCount() {
        for (int i = 0; i < 20; i++) {
            say(ACME, "The build of Friday failed again, attempt " + i);
        }
        index();
        language = new Language("de");
        say(ACME, "Der Kindergarten ist geschlossen, wir brauchen jemanden.");
        say(ACME, "Zahnarzt: verlegt auf Donnerstag");
        index();
        language = new Language("ja");
        say(ACME, "経費精算の締め切りは毎月二十五日です。");
        say(ACME, "新入社員の歓迎会は四月十二日に行います。");
        index();

        assertThat(isFirst("Wann ist der Termin bei dem Zahnarzt?", 21)).isTrue();
        assertThat(isFirst("歓迎会はいつですか", 23)).isTrue();
    }

    @Test
    void picturesAreWords() {
        assertMeet("Deploy done 🚀", "🚀");
        assertMeet("ok 👍🏽", "👍");
    }

    @Test
    void aPrivateWordOfAnotherTenantChangesNothing() {
        say(ACME, "The zephyr project starts in May.");
        say(ACME, "The budget for May is set.");
        index();
        var before = search(ACME, "zephyr budget").getFirst().score();

        for (int i = 0; i < 50; i++) {
            say(OTHER, "zephyr zephyr again, and a long text about many other things " + i);
        }
        index();

        assertThat(search(ACME, "zephyr budget").getFirst().score()).isEqualTo(before);
    }

    private void assertFirst(List<List<String>> texts, UnaryOperator<String> written) {
        var missed = new ArrayList<String>();
        int asked = 0;
        for (int i = 0; i < texts.size(); i++) {
            for (var query : texts.get(i).subList(1, texts.get(i).size())) {
                asked++;
                if (!isFirst(written.apply(query), i)) {
                    missed.add(query);
                }
            }
        }
        assertThat(missed).as("missed of %d", asked).hasSizeLessThanOrEqualTo(asked * 5 / 100);
    }

    private void assertMeet(String text, String query) {
        int place = said;
        say(ACME, text);
        index();
        assertThat(search(ACME, query))
                .anySatisfy(found -> assertThat(found.ref().number()).isEqualTo(place + 1));
    }

    private boolean isFirst(String query, int place) {
        var found = search(ACME, query);
        return !found.isEmpty() && found.getFirst().ref().number() == place + 1;
    }

    private List<Candidate> search(Tenant tenant, String query) {
        return index.search(tenant, query, Set.of(), Filters.NONE, 10);
    }

    /// Messages an hour apart and more stand by themselves.
    private void say(Tenant tenant, String text) {
        said++;
        conversations.add(
                new Context(tenant, "tester", "corr"),
                new ConversationId("chat"),
                List.of(new NewMessage(
                        "m" + said,
                        "user",
                        null,
                        text,
                        Instant.EPOCH.plusSeconds(7200L * said),
                        JsonNodeFactory.instance.objectNode())));
    }

    private void index() {
        var events = log.feed().after(0, index.applied(0), 10_000, Long.MAX_VALUE);
        index.apply(0, events, events.getLast().position().number());
        index.publish();
    }

    private static List<List<String>> rows(String file) {
        try (var in = Objects.requireNonNull(KnownItemsTest.class.getResourceAsStream(file))) {
            return new String(in.readAllBytes(), UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("# "))
                    .map(line ->
                            Arrays.stream(line.split("\\|")).map(String::strip).toList())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
