package io.cairn.knowledge;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Turns the bytes of a file into text with headings, or refuses the file with its reason.
///
/// A hostile or broken file costs only its own refusal: an implementation neither throws for it nor lets it take
/// memory, time or threads from other files. Calls may run in parallel.
@FunctionalInterface
public interface TextExtractor {

    /// Reads one file.
    ///
    /// @param mediaType the type that the sender claims, such as `text/html; charset=utf-8`, if any
    /// @param fileName the name that the file had at its sender, if any; only its extension is of interest
    Extraction extract(byte[] content, @Nullable String mediaType, @Nullable String fileName);

    /// The files within a file of which [#extract] said that it holds some.
    default Parts unpack(byte[] content, @Nullable String mediaType, @Nullable String fileName) {
        return new Parts.Found(List.of());
    }

    /// An extractor that takes UTF-8 plain text as it is and refuses everything else.
    static TextExtractor plainText() {
        return new PlainTextExtractor();
    }
}
