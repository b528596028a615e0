package io.cairn.knowledge;

import io.cairn.text.Heading;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What became of one file that was to be read as text: its text, or the reason why it was refused.
public sealed interface Extraction {

    /// The text of a file. Every offset into it, here and in citations, counts code points of `text`.
    ///
    /// The text never holds U+0000 or half of a surrogate pair. Metadata is what the file says of itself, such as
    /// `author` or, for e-mail, `from`, `to` and `date` (RFC 3339).
    ///
    /// @param pages where each page begins; none if the file has no pages
    /// @param holdsParts whether there are files within it, whose text is not in this one; see
    ///     [TextExtractor#unpack]
    record Extracted(
            String text,
            List<Heading> headings,
            @Nullable String title,
            String mediaType,
            Map<String, String> metadata,
            List<Integer> pages,
            boolean holdsParts)
            implements Extraction {
        private static final Set<String> MESSAGES = Set.of("message/rfc822", "application/vnd.ms-outlook");

        public Extracted {
            headings = List.copyOf(headings);
            metadata = Map.copyOf(metadata);
            pages = List.copyOf(pages);
            if (!text.equals(wellFormed(text))) {
                throw new IllegalArgumentException(
                        "Extracted text of %s holds U+0000 or a lone surrogate".formatted(mediaType));
            }
            int length = text.codePointCount(0, text.length());
            Heading.requireOrderedWithin(headings, length);
            requireOrderedWithin(pages, length);
        }

        /// A text without pages.
        public Extracted(
                String text,
                List<Heading> headings,
                @Nullable String title,
                String mediaType,
                Map<String, String> metadata) {
            this(text, headings, title, mediaType, metadata, List.of(), false);
        }

        private static void requireOrderedWithin(List<Integer> pages, int length) {
            int reached = 0;
            for (int page : pages) {
                if (page < reached || page > length) {
                    throw new IllegalArgumentException(
                            "A page begins at %d, before the one ahead of it or behind the text's %d code points"
                                    .formatted(page, length));
                }
                reached = page;
            }
        }

        /// When a message was sent; of other files the date says less.
        Optional<Instant> sentAt() {
            return MESSAGES.contains(mediaType)
                    ? Optional.ofNullable(metadata.get("date")).flatMap(Extracted::instant)
                    : Optional.empty();
        }

        private static Optional<Instant> instant(String date) {
            try {
                return Optional.of(Instant.parse(date));
            } catch (DateTimeParseException e) {
                return Optional.empty();
            }
        }
    }

    /// A file that is not taken in. The detail is a sentence for whoever sent the file.
    record Refused(Reason reason, String detail) implements Extraction, Parts {}

    /// Why a file is not taken in.
    enum Reason {
        /// No parser reads this type of file.
        UNSUPPORTED_TYPE,
        /// The file has more bytes than are accepted.
        TOO_LARGE,
        /// Archives, attachments or elements are nested beyond the limit, or unpack to absurdly much.
        TOO_DEEP,
        /// The file holds more text than is accepted.
        TOO_LONG,
        /// Reading the file took longer than is granted.
        TIMED_OUT,
        /// The file is not what its type promises.
        BROKEN,
        /// The file opens with a password only.
        PASSWORD_PROTECTED,
        /// The file holds no text.
        EMPTY,
        /// The process that read the file died of it, for example for want of memory.
        CRASHED,
        /// Of a file within a file: another document has the id that would be its.
        ID_TAKEN;

        /// The reason as it stands on the wire, such as `too_large`.
        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// The text with U+FFFD in place of U+0000 and of lone surrogates, so that offsets stay what they were.
    static String wellFormed(String raw) {
        int[] codePoints = raw.codePoints()
                .map(c -> c == 0 || isSurrogate(c) ? '\uFFFD' : c)
                .toArray();
        return new String(codePoints, 0, codePoints.length);
    }

    private static boolean isSurrogate(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }
}
