package io.cairn.adapter.tika;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.encryption.AccessPermission;
import org.apache.pdfbox.pdmodel.encryption.StandardProtectionPolicy;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts.FontName;
import org.apache.poi.hslf.usermodel.HSLFSlideShow;
import org.apache.poi.hssf.usermodel.HSSFWorkbook;
import org.apache.poi.poifs.crypt.EncryptionInfo;
import org.apache.poi.poifs.crypt.EncryptionMode;
import org.apache.poi.poifs.crypt.Encryptor;
import org.apache.poi.poifs.filesystem.DirectoryEntry;
import org.apache.poi.poifs.filesystem.POIFSFileSystem;
import org.apache.poi.xslf.usermodel.XMLSlideShow;
import org.apache.poi.xssf.usermodel.XSSFWorkbook;
import org.apache.poi.xwpf.usermodel.XWPFDocument;
import org.apache.poi.xwpf.usermodel.XWPFStyle;
import org.apache.poi.xwpf.usermodel.XWPFTable;
import org.openxmlformats.schemas.wordprocessingml.x2006.main.CTStyle;
import org.openxmlformats.schemas.wordprocessingml.x2006.main.STStyleType;

/// Small files of many types, made on the spot.
public final class SampleFiles {
    static final String DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

    private SampleFiles() {}

    static byte[] html() {
        return """
            <!DOCTYPE html><html lang="en"><head><title>The  handbook</title>
            <meta name="author" content="Ada"><style>p { color: red }</style></head>
            <body><h1>Hand&shy;book</h1>
            <p>First  paragraph with <b>bold</b>
               words.</p><script>alert("no")</script>
            <h2>Lists &amp; tables</h2><ul><li>one</li><li>two</li></ul>
            <table><tr><th>Name</th><th>Size</th></tr><tr><td><p>A</p></td><td>3&nbsp;cm</td></tr></table>
            <pre>  code {
                inner
              }</pre>
            <p>Smile \uD83D\uDE00!</p></body></html>
            """.getBytes(UTF_8);
    }

    static byte[] docx() throws IOException {
        try (XWPFDocument document = new XWPFDocument();
                ByteArrayOutputStream out = new ByteArrayOutputStream()) {
            document.getProperties().getCoreProperties().setTitle("Yearly report");
            document.getProperties().getCoreProperties().setCreator("Ada");
            addStyle(document, "Heading1", "heading 1");
            addStyle(document, "Heading2", "heading 2");
            addStyled(document, "Heading1", "Results");
            document.createParagraph().createRun().setText("We sold more apples than pears.");
            addStyled(document, "Heading2", "Costs");
            document.createParagraph().createRun().setText("Costs fell.");
            XWPFTable table = document.createTable(2, 2);
            table.getRow(0).getCell(0).setText("Fruit");
            table.getRow(0).getCell(1).setText("Tons");
            table.getRow(1).getCell(0).setText("Apple");
            table.getRow(1).getCell(1).setText("12");
            document.write(out);
            return out.toByteArray();
        }
    }

    private static void addStyle(XWPFDocument document, String id, String name) {
        CTStyle style = CTStyle.Factory.newInstance();
        style.setStyleId(id);
        style.addNewName().setVal(name);
        style.setType(STStyleType.PARAGRAPH);
        document.createStyles().addStyle(new XWPFStyle(style));
    }

    private static void addStyled(XWPFDocument document, String style, String text) {
        var paragraph = document.createParagraph();
        paragraph.setStyle(style);
        paragraph.createRun().setText(text);
    }

    static byte[] xlsx() throws IOException {
        try (XSSFWorkbook workbook = new XSSFWorkbook();
                ByteArrayOutputStream out = new ByteArrayOutputStream()) {
            var sheet = workbook.createSheet("Stock");
            var row = sheet.createRow(0);
            row.createCell(0).setCellValue("Apple");
            row.createCell(1).setCellValue(12);
            workbook.write(out);
            return out.toByteArray();
        }
    }

    static byte[] pptx() throws IOException {
        try (XMLSlideShow show = new XMLSlideShow();
                ByteArrayOutputStream out = new ByteArrayOutputStream()) {
            var box = show.createSlide().createTextBox();
            box.setText("A slide about apples");
            show.write(out);
            return out.toByteArray();
        }
    }

    static byte[] xls() throws IOException {
        try (HSSFWorkbook workbook = new HSSFWorkbook();
                ByteArrayOutputStream out = new ByteArrayOutputStream()) {
            var row = workbook.createSheet("Stock").createRow(0);
            row.createCell(0).setCellValue("Apple");
            row.createCell(1).setCellValue(12);
            workbook.write(out);
            return out.toByteArray();
        }
    }

    static byte[] ppt() throws IOException {
        try (HSLFSlideShow show = new HSLFSlideShow();
                ByteArrayOutputStream out = new ByteArrayOutputStream()) {
            show.createSlide().createTextBox().setText("A slide about apples");
            show.write(out);
            return out.toByteArray();
        }
    }

    /// The least that Word's binary format asks for, which no library writes from nothing: a text in one piece and one
    /// section, with neither styles nor fonts. Places and sizes are those that Microsoft
    /// publishes as MS-DOC.
    static byte[] doc(String text) throws IOException {
        byte[] content = (text + "\r").getBytes(ISO_8859_1);
        int start = 1024;
        int end = start + content.length;
        ByteBuffer main = ByteBuffer.allocate(6 * 512).order(ByteOrder.LITTLE_ENDIAN);
        main.putShort(0, (short) 0xA5EC).putShort(2, (short) 0xC1).putShort(10, (short) 0x0200);
        main.putInt(24, start).putInt(28, end);
        main.putShort(32, (short) 14).putShort(62, (short) 22).putInt(64, main.capacity());
        main.putInt(76, content.length).putShort(152, (short) 93);
        main.put(start, content);
        main.putInt(2048, start).putInt(2052, end).put(2559, (byte) 1);
        main.putInt(2560, start).putInt(2564, end).put(2568, (byte) 250);
        main.put(3061, (byte) 1).put(3071, (byte) 1);
        ByteBuffer table = ByteBuffer.allocate(1024).order(ByteOrder.LITTLE_ENDIAN);
        place(main, 33, table, 16, 21);
        table.put((byte) 2).putInt(16).putInt(0).putInt(content.length);
        table.putShort((short) 0).putInt(start * 2 | 0x4000_0000);
        place(main, 12, table, 64, 12);
        table.putInt(start).putInt(end).putInt(4);
        place(main, 13, table, 80, 12);
        table.putInt(start).putInt(end).putInt(5);
        place(main, 6, table, 96, 20);
        table.putInt(0).putInt(content.length).putShort((short) 0).putInt(-1);
        place(main, 1, table, 128, 20);
        table.putShort((short) 18);
        place(main, 15, table, 160, 4);
        place(main, 31, table, 256, 500);
        try (POIFSFileSystem files = new POIFSFileSystem();
                ByteArrayOutputStream out = new ByteArrayOutputStream()) {
            files.getRoot().createDocument("WordDocument", new ByteArrayInputStream(main.array()));
            files.getRoot().createDocument("1Table", new ByteArrayInputStream(table.array()));
            files.writeFilesystem(out);
            return out.toByteArray();
        }
    }

    /// Notes where one of the parts is that a file of Word's numbers, and goes there.
    private static void place(ByteBuffer main, int part, ByteBuffer table, int at, int length) {
        main.putInt(154 + 8 * part, at).putInt(158 + 8 * part, length);
        table.position(at);
    }

    /// The least that Outlook's format asks for: a few properties as streams of their own.
    static byte[] msg() throws IOException {
        try (POIFSFileSystem files = new POIFSFileSystem();
                ByteArrayOutputStream out = new ByteArrayOutputStream()) {
            DirectoryEntry root = files.getRoot();
            root.createDirectory("__nameid_version1.0");
            root.createDocument("__properties_version1.0", new ByteArrayInputStream(new byte[32]));
            property(root, "001A", "IPM.Note");
            property(root, "0037", "Apples");
            property(root, "1000", "We sell apples.");
            DirectoryEntry attached = root.createDirectory("__attach_version1.0_#00000000");
            attached.createDocument("__properties_version1.0", new ByteArrayInputStream(new byte[8]));
            property(attached, "3707", "prices.txt");
            attached.createDocument("__substg1.0_37010102", new ByteArrayInputStream("Apples cost 3.".getBytes(UTF_8)));
            files.writeFilesystem(out);
            return out.toByteArray();
        }
    }

    private static void property(DirectoryEntry root, String id, String value) throws IOException {
        root.createDocument("__substg1.0_%s001F".formatted(id), new ByteArrayInputStream(value.getBytes(UTF_16LE)));
    }

    static byte[] odt() throws IOException {
        String content = """
            <office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
              xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:text>
            <text:h text:outline-level="1">Minutes</text:h><text:p>We met on Monday.</text:p>
            </office:text></office:body></office:document-content>
            """;
        return zip("mimetype", "application/vnd.oasis.opendocument.text", "content.xml", content);
    }

    static byte[] rtf() {
        return "{\\rtf1\\ansi\\pard A rich text about apples.\\par}".getBytes(UTF_8);
    }

    public static byte[] pdf(String... pages) throws IOException {
        try (PDDocument document = document(pages)) {
            return saved(document);
        }
    }

    static byte[] encryptedPdf() throws IOException {
        try (PDDocument document = document("Secret")) {
            document.protect(new StandardProtectionPolicy("owner", "user", new AccessPermission()));
            return saved(document);
        }
    }

    private static PDDocument document(String... pages) throws IOException {
        PDDocument document = new PDDocument();
        document.getDocumentInformation().setTitle("A paper");
        document.getDocumentInformation().setAuthor("Ada");
        for (String text : pages) {
            PDPage page = new PDPage();
            document.addPage(page);
            try (PDPageContentStream content = new PDPageContentStream(document, page)) {
                content.beginText();
                content.setFont(new PDType1Font(FontName.HELVETICA), 12);
                content.newLineAtOffset(100, 700);
                content.showText(text);
                content.endText();
            }
        }
        return document;
    }

    private static byte[] saved(PDDocument document) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        document.save(out);
        return out.toByteArray();
    }

    static byte[] encryptedDocx() throws Exception {
        try (POIFSFileSystem container = new POIFSFileSystem();
                ByteArrayOutputStream out = new ByteArrayOutputStream()) {
            Encryptor encryptor = new EncryptionInfo(EncryptionMode.agile).getEncryptor();
            encryptor.confirmPassword("secret");
            try (var stream = encryptor.getDataStream(container)) {
                stream.write(docx());
            }
            container.writeFilesystem(out);
            return out.toByteArray();
        }
    }

    /// A DOCX whose document unpacks to this many megabytes of empty paragraphs.
    static byte[] zipBombDocx(int megabytes) throws IOException {
        String paragraph = "<w:p><w:r></w:r></w:p>";
        return docxOf(documentXml(paragraph.repeat((megabytes << 20) / paragraph.length())));
    }

    /// A DOCX whose XML doubles an entity again and again.
    static byte[] billionLaughsDocx() throws IOException {
        return docxOf(laughs(
                "w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"",
                "<w:body><w:p><w:r><w:t>&l9;</w:t></w:r></w:p></w:body></w:document>"));
    }

    static byte[] billionLaughsXml() {
        return laughs("doc", "&l9;</doc>").getBytes(UTF_8);
    }

    private static String laughs(String root, String rest) {
        StringBuilder xml = new StringBuilder("<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY l0 \"laugh\">");
        for (int i = 1; i < 10; i++) {
            xml.append(
                    "<!ENTITY l%d \"%s\">".formatted(i, "&l%d;".formatted(i - 1).repeat(10)));
        }
        return xml.append("]><").append(root).append('>').append(rest).toString();
    }

    private static String documentXml(String body) {
        return "<?xml version=\"1.0\"?><w:document"
                + " xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>"
                + body + "</w:body></w:document>";
    }

    private static byte[] docxOf(String documentXml) throws IOException {
        return zip(
                "[Content_Types].xml", """
                    <?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">\
                    <Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>\
                    <Override PartName="/word/document.xml" ContentType="%s.main+xml"/></Types>\
                    """.formatted(DOCX_TYPE), "_rels/.rels", """
                <?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">\
                <Relationship Id="r1" Target="word/document.xml" \
                Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>\
                """, "word/document.xml", documentXml);
    }

    private static byte[] zip(String... namesAndContents) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (int i = 0; i < namesAndContents.length; i += 2) {
                zip.putNextEntry(new ZipEntry(namesAndContents[i]));
                zip.write(namesAndContents[i + 1].getBytes(UTF_8));
            }
        }
        return out.toByteArray();
    }

    static byte[] mail(String type, String body) {
        return """
            From: Ada <ada@example.org>
            To: Grace <grace@example.org>, Edsger <edsger@example.org>
            Date: Mon, 02 Mar 2026 10:15:00 +0100
            Subject: =?UTF-8?Q?Gr=C3=BC=C3=9Fe?= from the sea
            MIME-Version: 1.0
            Content-Type: %s

            %s\
            """.formatted(type, body).replace("\n", "\r\n").getBytes(UTF_8);
    }

    /// Messages attached to messages, this many times.
    static byte[] nestedMail(int depth) {
        StringBuilder mail = new StringBuilder();
        for (int i = 0; i < depth; i++) {
            mail.append("""
                Subject: level %1$d
                From: a@example.org
                MIME-Version: 1.0
                Content-Type: multipart/mixed; boundary="b%1$d"

                --b%1$d
                Content-Type: text/plain

                text of level %1$d
                --b%1$d
                Content-Type: message/rfc822

                """.formatted(i));
        }
        return mail.append("Subject: innermost\n\ntext\n")
                .toString()
                .replace("\n", "\r\n")
                .getBytes(UTF_8);
    }
}
