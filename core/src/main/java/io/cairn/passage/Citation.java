package io.cairn.passage;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where a hit's text stands, so that it can be looked up.
///
/// Offsets count code points; the end is exclusive.
public sealed interface Citation {
    int start();

    int end();

    /// Which stretch of its message or document it is.
    ///
    /// @param index from 0
    /// @param count of the stretches; 0 if it is not known
    record Chunk(int index, int count) {
        public static Chunk of(PassageRef ref) {
            return new Chunk(ref.part(), ref.parts());
        }
    }

    Chunk chunk();

    /// A stretch of a message's content.
    record OfMessage(
            String conversation,
            String messageId,
            long sequence,
            @Nullable String speaker,
            int start,
            int end,
            Chunk chunk)
            implements Citation {}

    /// A stretch of the extracted text of one version of a document.
    ///
    /// @param heading from the outermost heading to the one under which the text stands
    /// @param page on which it begins, from 1, if the document has pages
    record OfDocument(
            String document,
            long version,
            @Nullable String title,
            List<String> heading,
            int start,
            int end,
            @Nullable Integer page,
            Chunk chunk)
            implements Citation {
        public OfDocument {
            heading = List.copyOf(heading);
        }
    }
}
