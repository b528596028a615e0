package io.cairn.knowledge;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cairn.knowledge.Extraction.Extracted;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A file within a file: an attachment of a message, or an entry of an archive.
///
/// @param name as it stands in the file that holds it, with folders before it but none that lead out of it
/// @param mediaType as that file claims it, if it does
public record Part(String name, byte[] content, @Nullable String mediaType) {
    private static final int NAME_LENGTH_MAX = 300;
    private static final String NAMELESS = "part";

    public Part {
        name = cleaned(name);
    }

    private static String cleaned(String raw) {
        var name = Arrays.stream(Extraction.wellFormed(raw)
                        .replace('\\', '/')
                        .replaceAll("[\\p{Cntrl}\\s]+", " ")
                        .split("/"))
                .map(String::strip)
                .filter(segment -> !segment.isEmpty() && !segment.equals(".") && !segment.equals(".."))
                .collect(Collectors.joining("/"));
        return name.isEmpty() ? NAMELESS : ending(name);
    }

    /// The end of a name tells more than its beginning.
    private static String ending(String name) {
        int points = name.codePointCount(0, name.length());
        return points <= NAME_LENGTH_MAX ? name : name.substring(name.offsetByCodePoints(0, points - NAME_LENGTH_MAX));
    }

    /// A part with what became of it as text.
    ///
    /// @param id of the document that it is to become
    /// @param within the id of the document in which it is
    record Read(DocumentId id, DocumentId within, Part part, Extraction extraction) {
        /// The bytes that are kept of it.
        Stream<byte[]> contents() {
            return extraction instanceof Extracted extracted
                    ? Stream.of(part.content(), extracted.text().getBytes(UTF_8))
                    : Stream.of();
        }

        String title(@Nullable String of) {
            var own = extraction instanceof Extracted extracted ? extracted.title() : null;
            var title = own == null || own.isBlank() ? part.name() : own;
            var whole = of == null ? title : of + " › " + title;
            int end = Math.min(whole.length(), NewDocument.TITLE_LENGTH_MAX);
            return whole.substring(0, Character.isHighSurrogate(whole.charAt(end - 1)) ? end - 1 : end);
        }
    }
}
