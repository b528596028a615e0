package io.cairn.adapter.tika;

import io.cairn.knowledge.Extraction;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.tika.parser.txt.CharsetDetector;
import org.apache.tika.parser.txt.CharsetMatch;

/// Reads bytes as text: by their byte order mark, as UTF-8, by the claimed character set, and at last by statistics.
///
/// UTF-8 goes before the claim because text in another encoding is hardly ever valid UTF-8 by chance, while
/// claims are often wrong.
final class PlainText {
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    /// A file with more than one strange character in this many is no text.
    private static final int TEXT_PER_STRANGE = 50;

    private PlainText() {}

    /// The text, or nothing where the bytes are no text in any encoding.
    static Optional<String> decode(byte[] content, Optional<Charset> claimed) {
        return marked(content)
                .or(() -> strictly(content, StandardCharsets.UTF_8))
                .or(() -> claimed.flatMap(charset -> strictly(content, charset)))
                .or(() -> guessed(content))
                .map(text -> text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text)
                .filter(PlainText::isText)
                .map(Extraction::wellFormed);
    }

    private static Optional<String> marked(byte[] content) {
        if (startsWith(content, 0xFE, 0xFF)) {
            return Optional.of(new String(content, StandardCharsets.UTF_16BE));
        }
        if (startsWith(content, 0xFF, 0xFE)) {
            return Optional.of(new String(content, StandardCharsets.UTF_16LE));
        }
        if (startsWith(content, 0xEF, 0xBB, 0xBF)) {
            return Optional.of(new String(content, StandardCharsets.UTF_8));
        }
        return Optional.empty();
    }

    private static boolean startsWith(byte[] content, int... prefix) {
        for (int i = 0; i < prefix.length; i++) {
            if (i >= content.length || (content[i] & 0xFF) != prefix[i]) {
                return false;
            }
        }
        return true;
    }

    private static Optional<String> strictly(byte[] content, Charset charset) {
        try {
            return Optional.of(charset.newDecoder()
                            .onMalformedInput(CodingErrorAction.REPORT)
                            .onUnmappableCharacter(CodingErrorAction.REPORT)
                            .decode(ByteBuffer.wrap(content))
                            .toString())
                    .filter(PlainText::isText);
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> guessed(byte[] content) {
        CharsetMatch match = new CharsetDetector().setText(content).detect();
        return Optional.ofNullable(match)
                .flatMap(found -> Upload.charset(found.getName()))
                .map(charset -> new String(content, charset));
    }

    private static boolean isText(String text) {
        long strange = text.codePoints().filter(PlainText::isStrange).count();
        return strange * TEXT_PER_STRANGE <= text.length();
    }

    /// Characters that no text holds often, but bytes in a wrongly guessed encoding do.
    private static boolean isStrange(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.UNASSIGNED, Character.PRIVATE_USE, Character.SURROGATE -> true;
            case Character.CONTROL -> !Character.isWhitespace(codePoint) && codePoint != '\u001B' && codePoint != '\b';
            default -> codePoint == '\uFFFD';
        };
    }
}
