package io.cairn.adapter.tika;

import io.cairn.text.Heading;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.commonmark.node.Document;
import org.commonmark.node.Node;
import org.commonmark.node.SourceSpan;
import org.commonmark.node.Text;
import org.commonmark.parser.IncludeSourceSpans;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.text.TextContentRenderer;
import org.jspecify.annotations.Nullable;

/// The headings of a Markdown text, which itself stays as it was written.
///
/// Only block structure is parsed, and nested to a limit, so that no text can cost more than its length;
/// inline markup is resolved for the headings' titles alone. Headings within quotes and lists do not
/// structure the document.
record MarkdownHeadings(List<Heading> headings, @Nullable String title) {
    private static final int DEEPEST_NESTING = 50;

    private static final Parser BLOCKS = Parser.builder()
            .includeSourceSpans(IncludeSourceSpans.BLOCKS)
            .maxOpenBlockParsers(DEEPEST_NESTING)
            .inlineParserFactory(context -> (lines, node) -> node.appendChild(new Text(lines.getContent())))
            .build();
    private static final Parser INLINES =
            Parser.builder().maxInlineNesting(DEEPEST_NESTING).build();
    private static final TextContentRenderer TITLES =
            TextContentRenderer.builder().build();

    static MarkdownHeadings of(String text) {
        List<Heading> headings = headings(text);
        return new MarkdownHeadings(headings, firstOfLevelOne(headings).orElse(null));
    }

    private static Optional<String> firstOfLevelOne(List<Heading> headings) {
        return headings.stream()
                .findFirst()
                .filter(heading -> heading.level() == 1)
                .map(Heading::title);
    }

    private static List<Heading> headings(String text) {
        Node document = BLOCKS.parse(text);
        List<Heading> headings = new ArrayList<>();
        CodePoints offsets = new CodePoints(text);
        for (Node node = document.getFirstChild(); node != null; node = node.getNext()) {
            if (node instanceof org.commonmark.node.Heading heading
                    && !heading.getSourceSpans().isEmpty()) {
                add(headings, heading, offsets);
            }
        }
        return headings;
    }

    private static void add(List<Heading> headings, org.commonmark.node.Heading heading, CodePoints offsets) {
        if (!(heading.getFirstChild() instanceof Text raw) || raw.getLiteral().length() > Titles.LONGEST) {
            return;
        }
        String title = titleOf(raw.getLiteral());
        if (title.isEmpty()) {
            return;
        }
        SourceSpan first = heading.getSourceSpans().getFirst();
        SourceSpan last = heading.getSourceSpans().getLast();
        int start = offsets.at(first.getInputIndex());
        int end = offsets.at(last.getInputIndex() + last.getLength());
        headings.add(new Heading(start, end, heading.getLevel(), title));
    }

    /// A number sign in front would make the title a heading again, and so on: such a title stays as it is.
    private static String titleOf(String raw) {
        Node parsed = INLINES.parse(raw);
        boolean isOneParagraph = parsed instanceof Document && parsed.getFirstChild() == parsed.getLastChild();
        String title = isOneParagraph ? TITLES.render(parsed) : raw;
        return Titles.clean(title);
    }
}
