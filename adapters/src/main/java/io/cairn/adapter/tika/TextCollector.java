package io.cairn.adapter.tika;

import io.cairn.text.Heading;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.xml.sax.Attributes;
import org.xml.sax.helpers.DefaultHandler;

/// Writes down the XHTML that a parser reports as plain text: a blank line between blocks, a line per list item and
/// table row, a tab between cells, single spaces elsewhere.
///
/// White space is only remembered where it is met and written before the next visible character, as the
/// widest of what was met. So no text begins or ends with it, and an offset taken at a visible character is
/// final.
final class TextCollector extends DefaultHandler {
    private static final Set<String> BLOCKS = Set.of(
            "p",
            "div",
            "section",
            "article",
            "aside",
            "header",
            "footer",
            "main",
            "nav",
            "blockquote",
            "pre",
            "table",
            "ul",
            "ol",
            "dl",
            "figure",
            "form",
            "fieldset",
            "hr",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6");
    private static final Set<String> LINES = Set.of("li", "tr", "br", "dt", "dd", "caption", "figcaption", "option");
    private static final Set<String> CELLS = Set.of("td", "th");
    private static final Set<String> UNSEEN = Set.of("head", "script", "style", "template", "noscript");

    /// Where a word may be divided at a line's end: it would only keep the word from being found.
    private static final int SOFT_HYPHEN = 0xAD;

    private final StringBuilder text = new StringBuilder();
    private final List<Heading> headings = new ArrayList<>();
    private final List<Page> pages = new ArrayList<>();

    /// The white space that begins a preformatted line, which code and verse need.
    private final StringBuilder indent = new StringBuilder();

    private final int maxCharacters;
    private int characters;

    private Gap gap = Gap.NONE;
    private int tabs;
    private boolean cellHasText;
    private int cells;
    private int unseen;
    private int preformatted;
    private boolean lineBreaksMatter;
    private boolean pagesCount;
    private int headingLevel;
    private int headingStart;
    private int headingStartUnits;
    private boolean pageBegins;

    /// Where a page begins, in UTF-16 units and in code points.
    private record Page(int units, int characters) {}

    TextCollector(int maxCharacters) {
        this.maxCharacters = maxCharacters;
    }

    /// Whether a line break in the source is one for the reader too, as in PDF, or only a space, as in HTML.
    void lineBreaksMatter(boolean matter) {
        lineBreaksMatter = matter;
    }

    /// Whether the source has pages by which its text is cited.
    void pagesCount(boolean count) {
        pagesCount = count;
    }

    /// Takes a text as it is, line by line.
    void plain(String plain) {
        gap = Gap.PARAGRAPH;
        preformatted++;
        write(plain.replace("\r\n", "\n").replace('\r', '\n'));
        preformatted--;
        gap = Gap.PARAGRAPH;
    }

    /// A place in the text as it is now.
    Mark mark() {
        return new Mark(text.length(), characters, headings.size(), pages.size());
    }

    /// Joins words that lines' ends divide in what was written since the mark, unless headings stand there, whose
    /// places would move.
    void joinDividedWords(Mark since) {
        if (headings.size() > since.headings()) {
            return;
        }
        String written = text.substring(since.units());
        DividedWords.Joined joined = DividedWords.joined(written);
        text.setLength(since.units());
        text.append(joined.text());
        characters -= written.length() - joined.text().length();
        pages.subList(since.pages(), pages.size()).replaceAll(page -> {
            int units = since.units() + joined.now(page.units() - since.units());
            return new Page(units, page.characters() - (page.units() - units));
        });
    }

    String text() {
        return text.toString();
    }

    List<Heading> headings() {
        return List.copyOf(headings);
    }

    /// Where each page begins, in code points, if the text has pages.
    List<Integer> pages() {
        return pages.stream().map(Page::characters).toList();
    }

    @Override
    public void startElement(String uri, String localName, String qualifiedName, Attributes attributes) {
        if (UNSEEN.contains(localName)) {
            unseen++;
        }
        if (CELLS.contains(localName)) {
            cells++;
            cellHasText = false;
        }
        breakAt(localName);
        if (localName.equals("tr")) {
            tabs = 0;
        }
        if (localName.equals("pre")) {
            preformatted++;
        }
        if (isHeading(localName)) {
            beginHeading(localName.charAt(1) - '0');
        }
        if (pagesCount && localName.equals("div") && "page".equals(attributes.getValue("class"))) {
            beginPage();
        }
    }

    @Override
    public void endElement(String uri, String localName, String qualifiedName) {
        if (UNSEEN.contains(localName)) {
            unseen--;
        }
        if (localName.equals("pre")) {
            preformatted--;
        }
        if (isHeading(localName)) {
            endHeading();
        }
        if (CELLS.contains(localName)) {
            endCell();
        } else {
            breakAt(localName);
        }
        if (localName.equals("tr")) {
            tabs = 0;
        }
    }

    @Override
    public void characters(char[] buffer, int start, int length) {
        if (unseen == 0) {
            write(new String(buffer, start, length));
        }
    }

    @Override
    public void ignorableWhitespace(char[] buffer, int start, int length) {
        characters(buffer, start, length);
    }

    /// In a cell a block only separates lines, and only from text of the same cell, so that short cells keep their
    /// row.
    private void breakAt(String element) {
        if (cells > 0 && !isHeading(element)) {
            boolean separates = BLOCKS.contains(element) || LINES.contains(element);
            widen(separates && cellHasText ? Gap.LINE : Gap.NONE);
        } else if (BLOCKS.contains(element)) {
            widen(Gap.PARAGRAPH);
        } else if (LINES.contains(element)) {
            widen(Gap.LINE);
        }
    }

    private void endCell() {
        cells--;
        tabs++;
        if (gap != Gap.PARAGRAPH && !text.isEmpty() && cellHasText) {
            gap = Gap.NONE;
        }
        cellHasText = false;
    }

    private void widen(Gap wider) {
        if (wider.compareTo(gap) > 0) {
            gap = wider;
        }
    }

    private void write(String piece) {
        piece.codePoints().forEach(codePoint -> {
            if (Character.isWhitespace(codePoint) || Character.isSpaceChar(codePoint)) {
                blank(codePoint);
            } else if (codePoint != SOFT_HYPHEN) {
                visible(codePoint);
            }
        });
    }

    private void blank(int codePoint) {
        boolean isLineBreak = codePoint == '\n' && (preformatted > 0 || lineBreaksMatter);
        if (isLineBreak) {
            widen(gap == Gap.LINE && preformatted > 0 ? Gap.PARAGRAPH : Gap.LINE);
        } else if (preformatted > 0 && gap != Gap.NONE) {
            indent.appendCodePoint(codePoint);
        } else {
            widen(Gap.SPACE);
        }
        if (isLineBreak) {
            indent.setLength(0);
        }
    }

    /// A page that has no text begins where the next one does, so that pages keep their numbers.
    private void beginPage() {
        endPage();
        pageBegins = true;
    }

    private void endPage() {
        if (pageBegins) {
            pages.add(new Page(text.length(), characters));
            pageBegins = false;
        }
    }

    private void visible(int codePoint) {
        flushGap();
        endPage();
        if (headingLevel > 0 && headingStart < 0) {
            headingStart = characters;
            headingStartUnits = text.length();
        }
        cellHasText = true;
        append(codePoint);
    }

    private void flushGap() {
        if (text.isEmpty()) {
            gap = Gap.NONE;
            tabs = 0;
            indent.setLength(0);
        }
        for (int i = 0; i < gap.written.length(); i++) {
            boolean isReplacedByTabs = gap == Gap.SPACE && tabs > 0;
            if (!isReplacedByTabs) {
                append(gap.written.charAt(i));
            }
        }
        for (; tabs > 0; tabs--) {
            append('\t');
        }
        indent.codePoints().forEach(this::append);
        indent.setLength(0);
        gap = Gap.NONE;
    }

    private void append(int codePoint) {
        if (++characters > maxCharacters) {
            throw new TextTooLong();
        }
        boolean isKept = codePoint != 0 && (codePoint < Character.MIN_SURROGATE || codePoint > Character.MAX_SURROGATE);
        text.appendCodePoint(isKept ? codePoint : '\uFFFD');
    }

    private static boolean isHeading(String element) {
        return element.length() == 2
                && element.charAt(0) == 'h'
                && element.charAt(1) >= '1'
                && element.charAt(1) <= '6';
    }

    private void beginHeading(int level) {
        headingLevel = level;
        headingStart = -1;
    }

    private void endHeading() {
        if (headingLevel > 0 && headingStart >= 0 && characters - headingStart <= Titles.LONGEST) {
            String title = Titles.clean(text.substring(headingStartUnits));
            headings.add(new Heading(headingStart, characters, headingLevel, title));
        }
        headingLevel = 0;
    }

    /// What separates two visible characters, from narrow to wide.
    private enum Gap {
        NONE(""),
        SPACE(" "),
        LINE("\n"),
        PARAGRAPH("\n\n");

        private final String written;

        Gap(String written) {
            this.written = written;
        }
    }

    record Mark(int units, int characters, int headings, int pages) {}

    /// Stops a parser that reports more text than is allowed.
    static final class TextTooLong extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
