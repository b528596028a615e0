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
            MarkdownHeadings markdown = MarkdownHeadings.of(text);
            return new Extracted(text, markdown.headings(), markdown.title(), Upload.MARKDOWN, Map.of());
        }
        String type = upload.claimedType().orElse(Upload.PLAIN);
        return new Extracted(text, List.of(), null, type, Map.of());
    }
}
