package io.cairn.knowledge;

import io.cairn.knowledge.Extraction.Extracted;
import io.cairn.knowledge.Extraction.Reason;
import io.cairn.knowledge.Extraction.Refused;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Takes UTF-8 plain text as it is, without a byte order mark.
final class PlainTextExtractor implements TextExtractor {
    private static final String PLAIN = "text/plain";
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    @Override
    public Extraction extract(byte[] content, @Nullable String mediaType, @Nullable String fileName) {
        if (mediaType != null && !isPlain(mediaType)) {
            return new Refused(
                    Reason.UNSUPPORTED_TYPE, "Type %s is not read here, only %s".formatted(mediaType, PLAIN));
        }
        try {
            return extracted(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString());
        } catch (CharacterCodingException e) {
            return new Refused(Reason.BROKEN, "The file is not UTF-8 text (%s)".formatted(e.getMessage()));
        }
    }

    private static boolean isPlain(String mediaType) {
        return mediaType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT).equals(PLAIN);
    }

    private static Extraction extracted(String decoded) {
        String text = decoded.startsWith(BYTE_ORDER_MARK) ? decoded.substring(1) : decoded;
        return text.isBlank()
                ? new Refused(Reason.EMPTY, "The file holds no text")
                : new Extracted(Extraction.wellFormed(text), List.of(), null, PLAIN, Map.of());
    }
}
