package io.cairn.knowledge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.event.EventLog;
import io.cairn.event.Ids;
import io.cairn.knowledge.DocumentStored.Status;
import io.cairn.knowledge.DocumentStored.Stored;
import io.cairn.knowledge.DocumentStored.StoredPart;
import io.cairn.knowledge.Extraction.Extracted;
import io.cairn.knowledge.Extraction.Reason;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import io.cairn.text.LanguageDetector;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;

class PartsTest {
    private static final Tenant ACME = new Tenant("acme");
    private static final Context CONTEXT = new Context(ACME, "tester", "corr");
    private static final DocumentId BOX = new DocumentId("a.box");
    private static final DocumentId ONE = new DocumentId("a.box!/one.txt");
    private static final DocumentId TWO = new DocumentId("a.box!/two.txt");

    private final EventLog log = EventLog.inMemory(List.of(new DocumentRows()), Clock.systemUTC());
    private final Documents documents = new Documents(
            log, new Boxes(), LanguageDetector.undecided(), new Ids(Clock.systemUTC(), new SecureRandom()));

    /// Reads files of which each line is a file within, `name=content`, if they begin with `box`; `|` stands for the
    /// line breaks of boxes within boxes.
    private static final class Boxes implements TextExtractor {
        private final TextExtractor plain = TextExtractor.plainText();

        @Override
        public Extraction extract(byte[] content, @Nullable String mediaType, @Nullable String fileName) {
            return isBox(content)
                    ? new Extracted("a box", List.of(), null, "text/box", Map.of(), List.of(), true)
                    : plain.extract(content, mediaType, fileName);
        }

        @Override
        public Parts unpack(byte[] content, @Nullable String mediaType, @Nullable String fileName) {
            return new Parts.Found(Arrays.stream(new String(content, UTF_8).split("\n"))
                    .skip(1)
                    .map(line -> line.split("=", 2))
                    .map(line -> new Part(line[0], line[1].replace('|', '\n').getBytes(UTF_8), null))
                    .toList());
        }

        private static boolean isBox(byte[] content) {
            return new String(content, UTF_8).startsWith("box\n");
        }
    }

    @AfterEach
    void stop() {
        log.close();
    }

    private static NewDocument box(String... lines) {
        return new NewDocument(
                BOX,
                "Box",
                ("box\n" + String.join("\n", lines)).getBytes(UTF_8),
                null,
                null,
                "mail",
                null,
                List.of("blue"),
                JsonNodeFactory.instance.objectNode().put("from", "ada"),
                null);
    }

    private DocumentStored put(NewDocument document) {
        return documents.put(CONTEXT, document, OptionalLong.empty());
    }

    private Stored stored(NewDocument document) {
        return (Stored) put(document);
    }

    private String text(DocumentId id) {
        return documents
                .find(ACME, id)
                .flatMap(kept -> documents.text(ACME, kept.document()))
                .orElse("nothing");
    }

    @Test
    void whatIsInAFileIsDocumentsOfItsOwnThatNameIt() {
        var stored = stored(box("one.txt=first", "two.txt=second"));

        assertThat(stored.parts())
                .containsExactly(
                        new StoredPart.Kept(ONE, BOX, "one.txt", 1, Status.CREATED),
                        new StoredPart.Kept(TWO, BOX, "two.txt", 1, Status.CREATED));
        var one = documents.find(ACME, ONE).orElseThrow().document();
        assertThat(text(ONE)).isEqualTo("first");
        assertThat(one.title()).isEqualTo("Box › one.txt");
        assertThat(one.partOf()).isEqualTo(BOX);
        assertThat(one.tags()).containsExactly("blue");
        assertThat(one.metadata().path("from").asString()).isEqualTo("ada");
        assertThat(documents.find(ACME, BOX).orElseThrow().document().parts())
                .containsExactly(new Document.Within("one.txt", ONE, null), new Document.Within("two.txt", TWO, null));
    }

    @Test
    void whatCannotBeReadIsRefusedAloneAndSaid() {
        var stored = stored(box("one.txt=first", "two.txt= "));

        assertThat(stored.parts().get(1))
                .isInstanceOfSatisfying(
                        StoredPart.Rejected.class,
                        rejected -> assertThat(rejected.why().reason()).isEqualTo(Reason.EMPTY));
        assertThat(documents
                        .find(ACME, BOX)
                        .orElseThrow()
                        .document()
                        .parts()
                        .get(1)
                        .refused())
                .isNotNull();
        assertThat(documents.find(ACME, TWO)).isEmpty();
    }

    @Test
    void theSameAgainChangesNothingAndAnotherVersionReplacesItsParts() {
        var first = stored(box("one.txt=first", "two.txt=second"));
        var again = stored(box("one.txt=first", "two.txt=second"));
        assertThat(again.status()).isEqualTo(Status.UNCHANGED);
        assertThat(again.at()).isEqualTo(first.at());
        assertThat(again.parts())
                .allSatisfy(
                        part -> assertThat(((StoredPart.Kept) part).status()).isEqualTo(Status.UNCHANGED));

        var other = stored(box("one.txt=changed", "three.txt=third"));
        assertThat(other.version()).isEqualTo(2);
        assertThat(other.parts())
                .containsExactly(
                        new StoredPart.Kept(ONE, BOX, "one.txt", 2, Status.UPDATED),
                        new StoredPart.Kept(new DocumentId("a.box!/three.txt"), BOX, "three.txt", 1, Status.CREATED));
        assertThat(text(ONE)).isEqualTo("changed");
        assertThat(documents.find(ACME, TWO)).isEmpty();

        stored(box("two.txt=back"));
        assertThat(text(TWO)).isEqualTo("back");
        assertThat(documents.list(ACME, null, 10)).hasSize(2);
    }

    @Test
    void aVersionWithoutPartsDeletesThem() {
        stored(box("one.txt=first"));
        put(NewDocument.plain(BOX, "Box", "no box any more"));

        assertThat(documents.list(ACME, null, 10))
                .extracting(kept -> kept.document().id())
                .containsExactly(BOX);
    }

    @Test
    void whoDeletesAFileDeletesWhatIsInItAndNothingElse() {
        stored(box("one.txt=first", "in.box=box|deep.txt=third"));
        put(NewDocument.plain(new DocumentId("a.box!/mine"), null, "of the user's own"));
        put(NewDocument.plain(new DocumentId("a.boxer"), null, "another"));

        assertThat(documents.delete(CONTEXT, BOX)).isPresent();

        assertThat(documents.list(ACME, null, 10))
                .extracting(kept -> kept.document().id().id())
                .containsExactly("a.box!/mine", "a.boxer");
    }

    @Test
    void filesWithinFilesWithinAreReadToo() {
        var stored = stored(box("in.box=box|deep.txt=third"));

        var deep = new DocumentId("a.box!/in.box!/deep.txt");
        assertThat(stored.parts()).hasSize(2);
        assertThat(text(deep)).isEqualTo("third");
        assertThat(documents.find(ACME, deep).orElseThrow().document().partOf())
                .isEqualTo(new DocumentId("a.box!/in.box"));
    }

    @Test
    void oneFileInSeveralOthersIsInEachOfThem() {
        put(NewDocument.plain(new DocumentId("alone"), null, "first"));
        stored(box("one.txt=first", "copy.txt=first"));
        var other = new NewDocument(
                new DocumentId("b.box"),
                null,
                "box\nx.txt=first".getBytes(UTF_8),
                null,
                null,
                null,
                null,
                List.of(),
                JsonNodeFactory.instance.objectNode(),
                null);
        assertThat(stored(other).parts()).hasSize(1);
        assertThat(text(new DocumentId("a.box!/copy.txt"))).isEqualTo("first");

        documents.delete(CONTEXT, BOX);
        assertThat(text(new DocumentId("b.box!/x.txt"))).isEqualTo("first");
        assertThat(put(NewDocument.plain(new DocumentId("copy"), null, "first")))
                .isInstanceOf(DocumentStored.ContentElsewhere.class);
    }

    @Test
    void aDocumentOfTheUsersOwnIsNotOverwrittenByAPart() {
        put(NewDocument.plain(ONE, null, "mine"));

        var part = stored(box("one.txt=first")).parts().getFirst();
        assertThat(((StoredPart.Rejected) part).why().reason()).isEqualTo(Reason.ID_TAKEN);
        assertThat(text(ONE)).isEqualTo("mine");
    }

    @Test
    void aPartThatTheUserReplacesIsTheirsFromThenOn() {
        stored(box("one.txt=first"));
        assertThat(((Stored) put(NewDocument.plain(ONE, null, "first"))).status())
                .isEqualTo(Status.UPDATED);
        assertThat(((Stored) put(NewDocument.plain(ONE, null, "other"))).version())
                .isEqualTo(3);

        documents.delete(CONTEXT, BOX);
        assertThat(text(ONE)).isEqualTo("other");
    }

    @Test
    void namesThatLeadOutOfTheFileOrAreTheSameAreMadeFit() {
        var stored = stored(box("../../etc/passwd=root", "etc\\passwd=too", "..=nothing", "x".repeat(900) + "=long"));

        assertThat(stored.parts())
                .extracting(part -> part.id().id())
                .startsWith("a.box!/etc/passwd", "a.box!/etc/passwd#2", "a.box!/part");
        assertThat(stored.parts())
                .allSatisfy(part -> assertThat(part.id().id().length()).isLessThanOrEqualTo(512));
    }

    @Test
    void nestingWithoutEndEnds() {
        TextExtractor endless = new TextExtractor() {
            @Override
            public Extraction extract(byte[] content, @Nullable String mediaType, @Nullable String fileName) {
                return new Extracted("again", List.of(), null, "text/box", Map.of(), List.of(), true);
            }

            @Override
            public Parts unpack(byte[] content, @Nullable String mediaType, @Nullable String fileName) {
                return new Parts.Found(List.of(new Part("x", content, null)));
            }
        };
        var read = new PartsReader(endless, Clock.systemUTC()::instant, BOX, 1000)
                .read(List.of(new Part("x", new byte[] {1}, null)));

        assertThat(read).hasSize(PartsReader.DEPTH_MAX + 1);
        assertThat(read.getLast().extraction())
                .isInstanceOfSatisfying(
                        Extraction.Refused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(Reason.TOO_DEEP));
    }

    @Test
    void ofTooManyTheFirstAreKept() {
        var many = new String[Parts.COUNT_MAX + 2];
        Arrays.setAll(many, i -> i + ".txt=text " + i);
        var parts = stored(box(many)).parts();
        assertThat(parts.stream().filter(StoredPart.Rejected.class::isInstance)).hasSize(2);
        assertThat(documents.list(ACME, null, 1000)).hasSize(Parts.COUNT_MAX + 1);

        documents.delete(CONTEXT, BOX);
        assertThat(documents.list(ACME, null, 10)).isEmpty();
    }

    @Test
    void whatIsTooMuchTogetherIsRefused() {
        var half = "y".repeat(9 << 20);
        var bounded = new PartsReader(TextExtractor.plainText(), Clock.systemUTC()::instant, BOX, 1000)
                .read(List.of(
                        new Part("a", half.getBytes(UTF_8), null),
                        new Part("b", half.getBytes(UTF_8), null),
                        new Part("c", "small".getBytes(UTF_8), null)));
        assertThat(bounded)
                .extracting(part -> part.extraction() instanceof Extracted)
                .containsExactly(true, false, false);
    }

    @Test
    void anIdWithoutRoomForThoseOfPartsIsSaid() {
        var reader = new PartsReader(
                TextExtractor.plainText(), Clock.systemUTC()::instant, new DocumentId("x".repeat(500)), 1000);
        var read = reader.read(List.of(new Part("a", "text".getBytes(UTF_8), null)));
        assertThat(((Extraction.Refused) read.getFirst().extraction()).detail()).contains("at most 400 characters");
    }
}
