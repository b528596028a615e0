package io.cairn.adapter.tika;

import io.cairn.knowledge.Extraction;
import io.cairn.knowledge.Extraction.Extracted;
import io.cairn.knowledge.Extraction.Reason;
import io.cairn.knowledge.Extraction.Refused;
import java.util.List;
import java.util.Map;

/// Takes plain text and Markdown as they are written; only the character set is found out.
record PlainReader(int maxCharacters) {

    Extraction read(Upload upload) {
        return PlainText.decode(upload.content(), upload.claimedCharset())
                .map(text -> extracted(text, upload))
                .orElseGet(() -> new Refused(
                        Reason.BROKEN, "The file is said to be text but its bytes are not text in any known encoding"));
    }

    private Extraction extracted(String text, Upload upload) {
        if (text.isBlank()) {
            return Refusals.empty();
        }
        int length = text.codePointCount(0, text.length());
        if (length > maxCharacters) {
            return Refusals.tooLong(maxCharacters);
        }
        if (upload.isMarkdown()) {
            return markdown(text);
        }
        String type = upload.claimedType().orElse(Upload.PLAIN);
        return new Extracted(text, List.of(), null, type, Map.of());
    }

    /// The fields of a front matter are no words of the text; they are its metadata.
    private static Extraction markdown(String whole) {
        FrontMatter front = FrontMatter.of(whole);
        String text = whole.substring(front.end());
        if (text.isBlank()) {
            return Refusals.empty();
        }
        MarkdownHeadings markdown = MarkdownHeadings.of(text);
        String title = front.fields().getOrDefault("title", markdown.title());
        return new Extracted(text, markdown.headings(), title, Upload.MARKDOWN, front.fields());
    }
}
