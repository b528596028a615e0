package io.cairn.knowledge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.event.EventLog;
import io.cairn.event.Ids;
import io.cairn.knowledge.DocumentStored.Status;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import io.cairn.text.Language;
import io.cairn.text.LanguageDetector;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;

class DocumentsTest {
    private static final Tenant ACME = new Tenant("acme");
    private static final Context CONTEXT = new Context(ACME, "tester", "corr");
    private static final DocumentId GUIDE = new DocumentId("docs/guide.md");

    private final EventLog log = EventLog.inMemory(List.of(new DocumentRows()), Clock.systemUTC());
    private final Documents documents = new Documents(
            log,
            TextExtractor.plainText(),
            LanguageDetector.undecided(),
            new Ids(Clock.systemUTC(), new SecureRandom()));

    @AfterEach
    void stop() {
        log.close();
    }

    @Test
    void aDocumentComesBackWithItsText() {
        assertThat(put(GUIDE, "Größe: 5 µm")).isInstanceOfSatisfying(DocumentStored.Stored.class, stored -> {
            assertThat(stored.status()).isEqualTo(Status.CREATED);
            assertThat(stored.version()).isEqualTo(1);
        });

        var found = documents.find(ACME, GUIDE).orElseThrow().document();
        assertThat(documents.text(ACME, found)).hasValue("Größe: 5 µm");
        assertThat(found.title()).isEqualTo("Guide");
        assertThat(found.tags()).containsExactly("a", "b");
    }

    @Test
    void aPlaceInATextWithPagesHasItsPage() {
        TextExtractor twoPages = (content, type, name) -> new Extraction.Extracted(
                "one\n\ntwo", List.of(), null, "application/pdf", Map.of(), List.of(0, 5), false);
        var ids = new Ids(Clock.systemUTC(), new SecureRandom());
        new Documents(log, twoPages, LanguageDetector.undecided(), ids)
                .put(CONTEXT, NewDocument.plain(GUIDE, null, "a file"), OptionalLong.empty());
        put(new DocumentId("plain"), "text");

        var paged = documents.find(ACME, GUIDE).orElseThrow().document();
        assertThat(List.of(0, 4, 5, 8)).extracting(paged::page).containsExactly(1, 1, 2, 2);
        assertThat(documents
                        .find(ACME, new DocumentId("plain"))
                        .orElseThrow()
                        .document()
                        .page(0))
                .isNull();
    }

    @Test
    void theSameContentAgainChangesNothing() {
        var first = stored(put(GUIDE, "text"));
        var again = stored(put(GUIDE, "text"));
        var withoutId = stored(put(null, "text"));

        assertThat(again).isEqualTo(new DocumentStored.Stored(GUIDE, 1, first.at(), Status.UNCHANGED));
        assertThat(withoutId).isEqualTo(again);
    }

    @Test
    void otherContentIsANewVersionAndFreesTheOld() {
        put(GUIDE, "old");
        assertThat(stored(put(GUIDE, "new")).version()).isEqualTo(2);

        assertThat(stored(put(new DocumentId("copy"), "old")).status()).isEqualTo(Status.CREATED);
        assertThat(documents.text(
                        ACME, documents.find(ACME, GUIDE).orElseThrow().document()))
                .hasValue("new");
    }

    @Test
    void oneContentIsKeptOncePerTenant() {
        put(GUIDE, "text");

        assertThat(put(new DocumentId("copy"), "text")).isEqualTo(new DocumentStored.ContentElsewhere(GUIDE));
        assertThat(documents.put(
                        new Context(new Tenant("other"), "tester", "corr"),
                        document(GUIDE, "text"),
                        OptionalLong.empty()))
                .isInstanceOf(DocumentStored.Stored.class);
    }

    @Test
    void onlyTheVersionThatTheCallerMeansIsReplaced() {
        put(GUIDE, "one");

        assertThat(documents.put(CONTEXT, document(GUIDE, "two"), OptionalLong.of(2)))
                .isEqualTo(new DocumentStored.VersionMismatch(1));
        assertThat(stored(documents.put(CONTEXT, document(GUIDE, "two"), OptionalLong.of(1)))
                        .version())
                .isEqualTo(2);
    }

    @Test
    void aDeletedDocumentIsGoneItsIdBurntAndItsContentFree() {
        put(GUIDE, "text");
        var position = documents.delete(CONTEXT, GUIDE).orElseThrow();

        assertThat(documents.find(ACME, GUIDE)).isEmpty();
        assertThat(documents.list(ACME, null, 10)).isEmpty();
        assertThat(put(GUIDE, "other")).isInstanceOf(DocumentStored.Deleted.class);
        assertThat(documents.delete(CONTEXT, GUIDE)).hasValue(position);
        assertThat(stored(put(new DocumentId("copy"), "text")).status()).isEqualTo(Status.CREATED);
    }

    @Test
    void aFileThatIsNoTextIsRefusedAlone() {
        var pdf = new NewDocument(
                GUIDE,
                null,
                new byte[] {0, 1, 2},
                "application/pdf",
                null,
                null,
                null,
                List.of(),
                JsonNodeFactory.instance.objectNode(),
                null);

        assertThat(documents.put(CONTEXT, pdf, OptionalLong.empty())).isInstanceOf(DocumentStored.Refused.class);
        assertThat(log.head(0).number()).isZero();
    }

    @Test
    void whoeverRacesForOneContentExactlyOneWins() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var racing = new ArrayList<Future<DocumentStored>>();
            for (int i = 0; i < 16; i++) {
                var id = new DocumentId("racer-" + i);
                racing.add(threads.submit(() -> put(id, "prize")));
            }
            int won = 0;
            for (var racer : racing) {
                won += racer.get() instanceof DocumentStored.Stored ? 1 : 0;
            }
            assertThat(won).isEqualTo(1);
            assertThat(documents.list(ACME, null, 100)).hasSize(1);
        }
    }

    @Test
    void aLargeDocumentIsKeptInParts() {
        var text = "All work and no play. ".repeat(50_000);

        put(GUIDE, text);

        assertThat(documents.text(
                        ACME, documents.find(ACME, GUIDE).orElseThrow().document()))
                .hasValue(text);
    }

    @Test
    void theIdOfADeletedDocumentIsUsedAgainByThoseWhoSaySo() {
        put(GUIDE, "old");
        documents.delete(CONTEXT, GUIDE);

        assertThat(documents.put(CONTEXT, again("new"), OptionalLong.of(2)))
                .as("there is no version that could be replaced")
                .isEqualTo(new DocumentStored.VersionMismatch(0));
        var stored = stored(documents.put(CONTEXT, again("new"), OptionalLong.of(0)));

        assertThat(stored.status()).isEqualTo(Status.CREATED);
        assertThat(stored.version()).isEqualTo(3);
        assertThat(documents.versions(ACME, GUIDE, 0, 10))
                .map(kept -> kept.document().version())
                .containsExactly(3L);
        assertThat(documents.find(ACME, GUIDE, 1)).isEmpty();
        assertThat(stored(put(new DocumentId("copy"), "old")).status())
                .as("the old content is free")
                .isEqualTo(Status.CREATED);
    }

    private static NewDocument again(String text) {
        return new NewDocument(
                GUIDE,
                null,
                text.getBytes(UTF_8),
                "text/plain",
                null,
                null,
                null,
                List.of(),
                JsonNodeFactory.instance.objectNode(),
                null,
                true);
    }

    private DocumentStored put(@Nullable DocumentId id, String text) {
        return documents.put(CONTEXT, document(id, text), OptionalLong.empty());
    }

    private static NewDocument document(@Nullable DocumentId id, String text) {
        return new NewDocument(
                id,
                "Guide",
                text.getBytes(UTF_8),
                "text/plain",
                null,
                "manual",
                new Language("de"),
                List.of("a", "b"),
                JsonNodeFactory.instance.objectNode().put("team", "red"),
                null);
    }

    private static DocumentStored.Stored stored(DocumentStored outcome) {
        assertThat(outcome).isInstanceOf(DocumentStored.Stored.class);
        return (DocumentStored.Stored) outcome;
    }
}
