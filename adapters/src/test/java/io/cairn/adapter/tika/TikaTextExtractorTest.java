package io.cairn.adapter.tika;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.cairn.knowledge.Extraction;
import io.cairn.knowledge.Extraction.Extracted;
import io.cairn.knowledge.Extraction.Refused;
import io.cairn.knowledge.Part;
import io.cairn.knowledge.Parts;
import io.cairn.text.Heading;
import java.nio.charset.Charset;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class TikaTextExtractorTest {
    private static final TikaTextExtractor extractor = new TikaTextExtractor(ExtractionLimits.DEFAULT);

    /// Of every mail of these tests.
    private static final String HEADER =
            "From: Ada <ada@example.org>\nTo: Grace <grace@example.org>, Edsger <edsger@example.org>\n\n";

    @AfterAll
    static void endProcesses() {
        extractor.close();
    }

    @Test
    void plainTextStaysAsItIsWritten() {
        Extracted extracted = extracted("a  b\r\n\r\n\uD83D\uDE00\t.".getBytes(UTF_8), "text/plain", null);
        assertThat(extracted.text()).isEqualTo("a  b\r\n\r\n\uD83D\uDE00\t.");
        assertThat(extracted.mediaType()).isEqualTo("text/plain");
    }

    @Test
    void byteOrderMarksTellTheEncoding() {
        assertThat(extracted("\uFEFFfoo \u0103".getBytes(UTF_16LE), "text/plain", null)
                        .text())
                .isEqualTo("foo \u0103");
        assertThat(extracted("\uFEFFfoo \u0103".getBytes(UTF_8), "text/plain", null)
                        .text())
                .isEqualTo("foo \u0103");
    }

    @Test
    void theClaimedCharsetIsTakenWhereTheBytesAreNotUtf8() {
        byte[] romanian = "\u0219i \u0103sta e rom\u00E2ne\u0219te".getBytes(Charset.forName("ISO-8859-16"));
        assertThat(extracted(romanian, "text/plain; charset=\"iso-8859-16\"", null)
                        .text())
                .startsWith("\u0219i \u0103sta");
        assertThat(extracted("\u00E9t\u00E9".getBytes(UTF_8), "text/plain; charset=iso-8859-1", null)
                        .text())
                .isEqualTo("\u00E9t\u00E9");
    }

    @Test
    void anUnclaimedEncodingIsGuessed() {
        String german = "Die Stra\u00DFe f\u00FChrt \u00FCber den gro\u00DFen Fluss, und dahinter liegen die Felder. ";
        assertThat(extracted(german.repeat(5).getBytes(ISO_8859_1), null, "a.txt")
                        .text())
                .contains("Stra\u00DFe f\u00FChrt");
    }

    @Test
    void markdownHeadingsAreFoundAndTheTextStaysAsItIsWritten() {
        String markdown = "\uD83D\uDE00 intro\n\n"
                + "# *Big* [link](http://x)\n\n"
                + "```\n"
                + "# no heading\n"
                + "```\n\n"
                + "Setext\n"
                + "------\n\n"
                + "- # in a list\n";
        Extracted extracted = extracted(markdown.getBytes(UTF_8), "text/markdown", null);
        assertThat(extracted.text()).isEqualTo(markdown);
        assertThat(extracted.headings())
                .extracting(Heading::title)
                .containsExactly("Big \"link\" (http://x)", "Setext");
        assertThat(extracted.headings().getFirst().start()).isEqualTo(9);
        assertThat(excerpt(extracted, extracted.headings().getLast())).isEqualTo("Setext\n------");
    }

    @Test
    void frontMatterIsNoHeadingButTellsTheTitle() {
        Extracted extracted = extracted("---\ntitle: \"Our plan\"\n---\n\n## Part\n".getBytes(UTF_8), null, "plan.md");
        assertThat(extracted.title()).isEqualTo("Our plan");
        assertThat(extracted.headings()).extracting(Heading::title).containsExactly("Part");
    }

    @Test
    void frontMatterIsMetadataAndNoText() {
        Extracted extracted = extracted(
                "---\nTitle: Our plan\ndraft: true\ntags:\n  - sea\n---\n\uD83D\uDE00\n# Part\nText\n".getBytes(UTF_8),
                null,
                "plan.md");
        assertThat(extracted.text()).isEqualTo("\uD83D\uDE00\n# Part\nText\n");
        assertThat(extracted.metadata()).containsOnly(entry("title", "Our plan"), entry("draft", "true"));
        assertThat(excerpt(extracted, extracted.headings().getFirst())).isEqualTo("# Part");
        assertThat(extracted("---\nnever: closed\n".getBytes(UTF_8), null, "a.md")
                        .text())
                .isEqualTo("---\nnever: closed\n");
        assertThat(extractor.extract("---\ntitle: x\n---\n \n".getBytes(UTF_8), null, "a.md"))
                .isInstanceOf(Refused.class);
    }

    @Test
    void htmlBecomesBlocksLinesAndCells() {
        Extracted extracted = extracted(SampleFiles.html(), "text/html", null);
        assertThat(extracted.text()).isEqualTo("""
            Handbook

            First paragraph with bold words.

            Lists & tables

            one
            two

            Name\tSize
            A\t3 cm

              code {
                inner
              }

            Smile \uD83D\uDE00!\
            """);
        assertThat(extracted.title()).isEqualTo("The handbook");
        assertThat(extracted.metadata()).contains(entry("author", "Ada"));
        assertThat(extracted.headings())
                .containsExactly(new Heading(0, 8, 1, "Handbook"), new Heading(44, 58, 2, "Lists & tables"));
    }

    @Test
    void wordHeadingsComeFromStyles() throws Exception {
        Extracted extracted = extracted(SampleFiles.docx(), SampleFiles.DOCX_TYPE, "report.docx");
        assertThat(extracted.text())
                .contains("We sold more apples than pears.\n\nCosts\n\n")
                .contains("Fruit\tTons\nApple\t12");
        assertThat(extracted.headings())
                .extracting(Heading::title, Heading::level)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("Results", 1),
                        org.assertj.core.groups.Tuple.tuple("Costs", 2));
        assertThat(extracted.title()).isEqualTo("Yearly report");
        assertThat(extracted.mediaType()).isEqualTo(SampleFiles.DOCX_TYPE);
    }

    @Test
    void pagesOfPdfFollowEachOther() throws Exception {
        Extracted extracted =
                extracted(SampleFiles.pdf("Page one.", "Page two."), "application/octet-stream", "paper.pdf");
        assertThat(extracted.text()).isEqualTo("Page one.\n\nPage two.");
        assertThat(extracted.pages()).containsExactly(0, 11);
        assertThat(extracted.title()).isEqualTo("A paper");
        assertThat(extracted.metadata()).contains(entry("author", "Ada"));
    }

    @Test
    void aPageWithoutTextKeepsTheNumbersOfThoseBehindIt() throws Exception {
        assertThat(extracted(SampleFiles.pdf("One.", "", "Three."), null, "paper.pdf")
                        .pages())
                .containsExactly(0, 4, 6);
    }

    @Test
    void otherOfficeFilesAreRead() throws Exception {
        assertThat(extracted(SampleFiles.xlsx(), null, "a.xlsx").text()).isEqualTo("Stock\n\nApple\t12");
        assertThat(extracted(SampleFiles.pptx(), null, "a.pptx").text()).isEqualTo("A slide about apples");
        assertThat(extracted(SampleFiles.odt(), null, "a.odt").headings())
                .extracting(Heading::title)
                .containsExactly("Minutes");
        assertThat(extracted(SampleFiles.rtf(), null, "a.rtf").text()).isEqualTo("A rich text about apples.");
    }

    @Test
    void filesOfOlderOfficesAreRead() throws Exception {
        Extracted letter = extracted(SampleFiles.doc("A letter\rWe sell apples."), null, "a.doc");
        assertThat(letter.text()).isEqualTo("A letter\n\nWe sell apples.");
        assertThat(letter.mediaType()).isEqualTo("application/msword");
        assertThat(extracted(SampleFiles.xls(), null, "a.xls").text()).isEqualTo("Stock\n\nApple\t12");
        assertThat(extracted(SampleFiles.ppt(), null, "a.ppt").text()).contains("A slide about apples");
    }

    @Test
    void anOutlookMessageHasItsSubjectAsTitleAndItsAttachmentsAsParts() throws Exception {
        Extracted extracted = extracted(SampleFiles.msg(), null, "a.msg");
        assertThat(extracted.title()).isEqualTo("Apples");
        assertThat(extracted.text()).isEqualTo("Apples\n\nWe sell apples.\n\nAttachments: prices.txt");
        assertThat(extracted.mediaType()).isEqualTo("application/vnd.ms-outlook");
        assertThat(parts(SampleFiles.msg(), "a.msg")).containsExactly("prices.txt: Apples cost 3.");
    }

    @Test
    void anArchiveIsTheListOfItsFilesWhichAreItsParts() throws Exception {
        for (String name : List.of("a.zip", "a.tar", "a.tar.gz", "a.tgz", "a.tar.bz2", "a.tar.xz", "a.7z")) {
            byte[] archive = SampleArchives.of(name, Map.of("fruit/a.txt", "On apples.", "b.md", "# Pears"));
            Extracted extracted = extracted(archive, null, name);
            assertThat(extracted.text().lines()).as(name).containsExactlyInAnyOrder("fruit/a.txt", "b.md");
            assertThat(extracted.title()).isEqualTo(name);
            assertThat(extracted.holdsParts()).isTrue();
            assertThat(parts(archive, name))
                    .as(name)
                    .containsExactlyInAnyOrder("fruit/a.txt: On apples.", "b.md: # Pears");
        }
    }

    @Test
    void aFileThatIsCompressedAloneIsItsOnlyPart() throws Exception {
        byte[] compressed = SampleArchives.of("notes.txt.gz", Map.of("", "On apples."));
        assertThat(extracted(compressed, null, "notes.txt.gz").text()).isEqualTo("notes.txt");
        assertThat(parts(compressed, "notes.txt.gz")).containsExactly("notes.txt: On apples.");
    }

    @Test
    void whatIsNotReadIsRefusedWithTheListOfWhatIs() {
        byte[] picture = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
        assertThat(extractor.extract(picture, null, "a.png"))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.detail()).contains("DOC", "MSG", "ZIP", "7Z"));
    }

    @Test
    void filesThatAreWrittenAsTextAreTakenAsText() {
        assertThat(extracted("{\"a\": 1}".getBytes(UTF_8), "application/json", null)
                        .text())
                .isEqualTo("{\"a\": 1}");
        assertThat(extracted("a,b\n1,2\n".getBytes(UTF_8), null, "a.csv").mediaType())
                .isEqualTo("text/csv");
        assertThat(extracted("Just some text".getBytes(UTF_8), null, null).mediaType())
                .isEqualTo("text/plain");
    }

    @Test
    void mailHasItsSubjectAsTitleAndItsHeaderAsMetadata() {
        Extracted extracted = extracted(
                SampleFiles.mail("text/plain; charset=utf-8", "Hello,\n\n  how are you? \n> fine\n"),
                "message/rfc822",
                null);
        assertThat(extracted.text()).isEqualTo(HEADER + "Hello,\n\n  how are you?\n> fine");
        assertThat(extracted.title()).isEqualTo("Gr\u00FC\u00DFe from the sea");
        assertThat(extracted.metadata())
                .contains(
                        entry("from", "Ada <ada@example.org>"),
                        entry("to", "Grace <grace@example.org>, Edsger <edsger@example.org>"),
                        entry("date", "2026-03-02T09:15:00Z"));
    }

    @Test
    void mailInTwoFormsGivesThePlainOne() {
        String body = """
            --b
            Content-Type: text/html

            <p>The <b>HTML</b> form</p>
            --b
            Content-Type: text/plain

            The plain form
            --b--
            """;
        assertThat(extracted(SampleFiles.mail("multipart/alternative; boundary=b", body), null, "m.eml")
                        .text())
                .isEqualTo(HEADER + "The plain form");
    }

    @Test
    void mailWithHtmlOnlyGivesItsText() {
        assertThat(extracted(SampleFiles.mail("text/html; charset=utf-8", "<p>One\ntwo</p><p>three</p>"), null, "m.eml")
                        .text())
                .isEqualTo(HEADER + "One two\n\nthree");
    }

    @Test
    void attachmentsAreParts() throws Exception {
        String body = """
            --b
            Content-Type: text/plain

            See attached.
            --b
            Content-Type: application/pdf; name="paper.pdf"
            Content-Disposition: attachment; filename="paper.pdf"
            Content-Transfer-Encoding: base64

            %s
            --b
            Content-Type: text/plain; charset=iso-8859-1
            Content-Disposition: attachment; filename="note.txt"
            Content-Transfer-Encoding: base64

            TfxuY2hlbg==
            --b--
            """.formatted(base64(SampleFiles.pdf("On apples.")));
        byte[] mail = SampleFiles.mail("multipart/mixed; boundary=b", body);
        Extracted extracted = extracted(mail, null, "m.eml");

        assertThat(extracted.text()).isEqualTo(HEADER + "See attached.\n\nAttachments: paper.pdf, note.txt");
        assertThat(extracted.holdsParts()).isTrue();
        List<Part> parts = unpacked(mail, "m.eml");
        assertThat(parts).extracting(Part::name).containsExactly("paper.pdf", "note.txt");
        assertThat(parts.getFirst().mediaType()).isEqualTo("application/pdf");
        assertThat(extracted(parts.getFirst().content(), null, "paper.pdf").text())
                .isEqualTo("On apples.");
        assertThat(new String(parts.getLast().content(), ISO_8859_1)).isEqualTo("München");
    }

    @Test
    void aMessageWithinAMessageIsAPartUnderItsSubject() {
        byte[] mail = SampleFiles.nestedMail(2);
        assertThat(extracted(mail, null, "m.eml").text())
                .isEqualTo("From: a@example.org\n\ntext of level 0\n\nAttachments: level 1");
        Part inner = unpacked(mail, "m.eml").getFirst();
        assertThat(extracted(inner.content(), inner.mediaType(), inner.name()).text())
                .isEqualTo("From: a@example.org\n\ntext of level 1\n\nAttachments: innermost");
    }

    private static List<Part> unpacked(byte[] content, String fileName) {
        return switch (extractor.unpack(content, null, fileName)) {
            case Parts.Found(List<Part> parts) -> parts;
            case Refused refused -> throw new AssertionError("Refused: " + refused);
        };
    }

    /// Names and texts of parts that are text.
    private static List<String> parts(byte[] content, String fileName) {
        return unpacked(content, fileName).stream()
                .map(part -> part.name() + ": " + new String(part.content(), UTF_8))
                .toList();
    }

    private static String base64(byte[] content) {
        return Base64.getMimeEncoder(76, new byte[] {'\n'}).encodeToString(content);
    }

    private static String excerpt(Extracted extracted, Heading heading) {
        int[] points = extracted.text().codePoints().toArray();
        return new String(points, heading.start(), heading.end() - heading.start());
    }

    private static Extracted extracted(byte[] content, @Nullable String mediaType, @Nullable String fileName) {
        Extraction extraction = extractor.extract(content, mediaType, fileName);
        return switch (extraction) {
            case Extracted extracted -> extracted;
            case Refused refused -> throw new AssertionError("Refused: " + refused);
        };
    }
}
