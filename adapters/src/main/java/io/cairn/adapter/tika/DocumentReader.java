package io.cairn.adapter.tika;

import io.cairn.knowledge.Extraction;
import io.cairn.knowledge.Extraction.Extracted;
import io.cairn.knowledge.Parts;
import io.cairn.knowledge.Parts.Found;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.tika.detect.CompositeDetector;
import org.apache.tika.detect.Detector;
import org.apache.tika.detect.microsoft.POIFSContainerDetector;
import org.apache.tika.detect.zip.DefaultZipContainerDetector;
import org.apache.tika.exception.TikaException;
import org.apache.tika.extractor.EmbeddedDocumentExtractor;
import org.apache.tika.io.TikaInputStream;
import org.apache.tika.metadata.Message;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.metadata.Property;
import org.apache.tika.metadata.TikaCoreProperties;
import org.apache.tika.mime.MediaType;
import org.apache.tika.mime.MimeTypes;
import org.apache.tika.parser.AutoDetectParser;
import org.apache.tika.parser.ParseContext;
import org.apache.tika.parser.Parser;
import org.apache.tika.parser.epub.EpubParser;
import org.apache.tika.parser.html.JSoupParser;
import org.apache.tika.parser.microsoft.OfficeParser;
import org.apache.tika.parser.microsoft.OfficeParserConfig;
import org.apache.tika.parser.microsoft.ooxml.OOXMLParser;
import org.apache.tika.parser.microsoft.rtf.RTFParser;
import org.apache.tika.parser.odf.OpenDocumentParser;
import org.apache.tika.parser.pdf.PDFParser;
import org.apache.tika.parser.pdf.PDFParserConfig;
import org.apache.tika.parser.pdf.PDFParserConfig.OCR_STRATEGY;
import org.apache.tika.parser.xml.DcXMLParser;
import org.jspecify.annotations.Nullable;
import org.xml.sax.ContentHandler;
import org.xml.sax.SAXException;

/// Reads a file with the parser for its type; runs in the parsing process only.
///
/// What is embedded in documents, such as pictures and macros, is left out; only messages and archives have parts.
final class DocumentReader {
    private static final MediaType MAIL = MediaType.parse("message/rfc822");
    private static final MediaType OUTLOOK = MediaType.parse("application/vnd.ms-outlook");
    private static final String PDF = "application/pdf";
    private static final String PROTECTED_OFFICE = "application/x-tika-ooxml-protected";
    private static final Set<String> WRITTEN_AS_TEXT = Set.of(
            "application/json",
            "application/x-ndjson",
            "application/yaml",
            "application/x-yaml",
            "application/toml",
            "application/javascript",
            "application/sql",
            "application/x-sh",
            "application/x-tex");
    private static final Set<String> LINE_BREAKS_ARE_SPACES =
            Set.of("text/html", "application/xhtml+xml", "application/epub+zip");

    private final Detector detector = new CompositeDetector(
            List.of(new DefaultZipContainerDetector(), new POIFSContainerDetector(), MimeTypes.getDefaultMimeTypes()));
    private final AutoDetectParser parser;
    private final ExtractionLimits limits;

    DocumentReader(ExtractionLimits limits, List<Parser> additional) {
        this.limits = limits;
        List<Parser> parsers = new ArrayList<>(List.of(
                new JSoupParser(),
                new OfficeParser(),
                new PDFParser(),
                new OOXMLParser(),
                new RTFParser(),
                new OpenDocumentParser(),
                new EpubParser(),
                new DcXMLParser()));
        parsers.addAll(additional);
        this.parser = new AutoDetectParser(detector, parsers.toArray(Parser[]::new));
    }

    Extraction read(Upload upload) {
        TextCollector collector = new TextCollector(limits.maxCharacters());
        try {
            MediaType type = typeOf(upload);
            if (isWrittenAsText(type)) {
                return new PlainReader(limits.maxCharacters())
                        .read(new Upload(upload.content(), type.toString(), upload.fileName()));
            }
            if (type.equals(MAIL)) {
                return new MailReader(this, collector, limits).read(upload.content());
            }
            if (ArchiveReader.reads(type)) {
                return archive(upload, type, collector);
            }
            return type.equals(OUTLOOK)
                    ? outlook(upload, collector)
                    : finished(collector, parse(upload, type, collector, new NothingEmbedded()));
        } catch (IOException | SAXException | TikaException | RuntimeException | StackOverflowError | LinkageError e) {
            return Refusals.of(e, limits);
        }
    }

    /// The files within a message or an archive.
    Parts unpack(Upload upload) {
        try {
            MediaType type = typeOf(upload);
            TextCollector unused = new TextCollector(limits.maxCharacters());
            if (type.equals(MAIL)) {
                return new Found(new MailReader(this, unused, limits)
                        .parts(upload.content())
                        .all());
            }
            PartsTaken parts = ArchiveReader.reads(type)
                    ? ArchiveReader.parts(upload, type, limits)
                    : new PartsTaken(upload.content().length, limits);
            if (type.equals(OUTLOOK)) {
                parse(upload, OUTLOOK, unused, new OutlookAttachments(parts));
            }
            return new Found(parts.all());
        } catch (IOException | SAXException | TikaException | RuntimeException | StackOverflowError | LinkageError e) {
            return Refusals.of(e, limits);
        }
    }

    /// The text of an archive is the list of what is in it.
    private Extraction archive(Upload upload, MediaType type, TextCollector collector) throws IOException, Unreadable {
        PartsTaken parts = ArchiveReader.parts(upload, type, limits);
        if (parts.isEmpty()) {
            return Refusals.empty();
        }
        collector.plain(parts.names("\n"));
        String title = upload.fileName() == null ? null : Titles.clean(Extraction.wellFormed(upload.fileName()));
        return new Extracted(collector.text(), List.of(), title, type.toString(), Map.of(), List.of(), true);
    }

    private Extraction outlook(Upload upload, TextCollector collector) throws IOException, SAXException, TikaException {
        PartsTaken parts = new PartsTaken(upload.content().length, limits);
        Metadata metadata = parse(upload, OUTLOOK, collector, new OutlookAttachments(parts));
        Map<String, String> fields = fields(metadata);
        put(fields, "from", metadata, Message.MESSAGE_FROM);
        put(fields, "to", metadata, Message.MESSAGE_TO);
        return finished(collector, metadata.get(TikaCoreProperties.TITLE), OUTLOOK.toString(), fields, parts);
    }

    private static void put(Map<String, String> fields, String name, Metadata metadata, String key) {
        String value = String.join(", ", metadata.getValues(key));
        if (!value.isBlank()) {
            fields.put(name, Titles.clean(Extraction.wellFormed(value)));
        }
    }

    /// Adds the text of a message's body.
    void append(Upload body, TextCollector collector) throws IOException, SAXException, TikaException {
        MediaType type = typeOf(body);
        if (isWrittenAsText(type)) {
            PlainText.decode(body.content(), body.claimedCharset()).ifPresent(collector::plain);
        } else {
            parse(body, type, collector, new NothingEmbedded());
        }
    }

    MediaType typeOf(Upload upload) throws IOException {
        Metadata hints = new Metadata();
        if (upload.fileName() != null) {
            hints.set(TikaCoreProperties.RESOURCE_NAME_KEY, upload.fileName());
        }
        upload.claimedType().ifPresent(type -> hints.set(Metadata.CONTENT_TYPE, type));
        try (TikaInputStream stream = TikaInputStream.get(upload.content())) {
            return detector.detect(stream, hints).getBaseType();
        }
    }

    private boolean isWrittenAsText(MediaType type) {
        boolean hasParser = parser.getParsers().containsKey(type);
        return !hasParser && (type.getType().equals("text") || WRITTEN_AS_TEXT.contains(type.toString()));
    }

    private Metadata parse(Upload upload, MediaType type, TextCollector collector, EmbeddedDocumentExtractor embedded)
            throws IOException, SAXException, TikaException {
        if (type.toString().equals(PROTECTED_OFFICE)) {
            throw new Unreadable(Refusals.passwordProtected());
        }
        if (!parser.getParsers().containsKey(type)) {
            throw new Unreadable(Refusals.unsupported(type.toString()));
        }
        UnpackedSize.check(upload.content());
        Metadata metadata = new Metadata();
        metadata.set(TikaCoreProperties.CONTENT_TYPE_USER_OVERRIDE, type.toString());
        collector.lineBreaksMatter(!LINE_BREAKS_ARE_SPACES.contains(type.toString()));
        TextCollector.Mark mark = collector.mark();
        collector.pagesCount(type.toString().equals(PDF) && mark.units() == 0);
        try (TikaInputStream stream = TikaInputStream.get(upload.content())) {
            parser.parse(stream, collector, metadata, context(embedded));
        }
        if (type.toString().equals(PDF)) {
            collector.joinDividedWords(mark);
        }
        metadata.set(Metadata.CONTENT_TYPE, type.toString());
        return metadata;
    }

    private static ParseContext context(EmbeddedDocumentExtractor embedded) {
        OfficeParserConfig office = new OfficeParserConfig();
        office.setUseSAXDocxExtractor(true);
        office.setUseSAXPptxExtractor(true);
        office.setIncludeDeletedContent(false);
        office.setIncludeHeadersAndFooters(false);
        PDFParserConfig pdf = new PDFParserConfig();
        pdf.setOcrStrategy(OCR_STRATEGY.NO_OCR);
        ParseContext context = new ParseContext();
        context.set(PDFParserConfig.class, pdf);
        context.set(OfficeParserConfig.class, office);
        context.set(EmbeddedDocumentExtractor.class, embedded);
        return context;
    }

    private static Map<String, String> fields(Metadata metadata) {
        Map<String, String> fields = new HashMap<>();
        put(fields, "author", metadata, TikaCoreProperties.CREATOR);
        put(fields, "date", metadata, TikaCoreProperties.CREATED);
        return fields;
    }

    private Extraction finished(TextCollector collector, Metadata metadata) {
        return finished(
                collector,
                metadata.get(TikaCoreProperties.TITLE),
                metadata.get(Metadata.CONTENT_TYPE),
                fields(metadata),
                new PartsTaken(0, limits));
    }

    private static void put(Map<String, String> fields, String name, Metadata metadata, Property property) {
        String value = metadata.get(property);
        if (value != null && !value.isBlank()) {
            fields.put(name, Titles.clean(Extraction.wellFormed(value)));
        }
    }

    /// What was collected is the outcome, unless it is nothing, with the names of the parts behind it.
    static Extraction finished(
            TextCollector collector,
            @Nullable String title,
            String mediaType,
            Map<String, String> fields,
            PartsTaken parts) {
        if (!parts.isEmpty()) {
            collector.plain("Attachments: " + parts.names(", "));
        }
        if (collector.text().isEmpty()) {
            return Refusals.empty();
        }
        String cleanTitle = title == null ? "" : Titles.clean(Extraction.wellFormed(title));
        return new Extracted(
                collector.text(),
                collector.headings(),
                cleanTitle.isEmpty() ? null : cleanTitle,
                mediaType,
                fields,
                collector.pages(),
                !parts.isEmpty());
    }

    private static final class NothingEmbedded implements EmbeddedDocumentExtractor {
        @Override
        public boolean shouldParseEmbedded(Metadata metadata) {
            return false;
        }

        @Override
        public void parseEmbedded(InputStream stream, ContentHandler handler, Metadata metadata, boolean outputHtml) {
            throw new IllegalStateException("Asked to read what is embedded in a document, which is never done");
        }
    }
}
