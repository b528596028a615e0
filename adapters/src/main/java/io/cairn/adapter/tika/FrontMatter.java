package io.cairn.adapter.tika;

import io.cairn.knowledge.Extraction;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/// The block of fields between two lines of dashes, which tools put first in a Markdown file.
///
/// Only fields that have their value beside them are read; nothing else is asked of YAML, so that no text costs more
/// than its length.
///
/// @param fields by their names in lower case
/// @param end where the text goes on behind it; 0 if there is none
record FrontMatter(Map<String, String> fields, int end) {
    private static final String BEGIN = "---";
    private static final String OTHER_END = "...";
    private static final int MOST_LINES = 200;
    private static final Pattern FIELD = Pattern.compile("([A-Za-z][\\w-]{0,99}):\\h+(\\S.*)");
    private static final FrontMatter NONE = new FrontMatter(Map.of(), 0);

    static FrontMatter of(String text) {
        Map<String, String> fields = new LinkedHashMap<>();
        int line = 0;
        for (int count = 0; count < MOST_LINES && line < text.length(); count++) {
            int lineBreak = text.indexOf('\n', line);
            int end = lineBreak < 0 ? text.length() : lineBreak + 1;
            String written = text.substring(line, end).stripTrailing();
            if (count == 0 && !written.equals(BEGIN)) {
                return NONE;
            }
            if (count > 0 && (written.equals(BEGIN) || written.equals(OTHER_END))) {
                return new FrontMatter(Map.copyOf(fields), end);
            }
            field(written, fields);
            line = end;
        }
        return NONE;
    }

    private static void field(String line, Map<String, String> fields) {
        var field = FIELD.matcher(line);
        if (field.matches()) {
            String value = Titles.clean(Extraction.wellFormed(unquoted(field.group(2))));
            if (!value.isEmpty()) {
                fields.putIfAbsent(field.group(1).toLowerCase(Locale.ROOT), value);
            }
        }
    }

    private static String unquoted(String value) {
        String bare = value.strip();
        boolean quoted = bare.length() > 1
                && (bare.charAt(0) == '"' || bare.charAt(0) == '\'')
                && bare.charAt(bare.length() - 1) == bare.charAt(0);
        return quoted ? bare.substring(1, bare.length() - 1) : bare;
    }
}
