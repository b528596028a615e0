package io.cairn.server.http;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Refuses requests that a proxy before this server may read in another way than the server does: with a header twice
/// where one is meant, or with JSON in another encoding than UTF-8.
final class OneReading {
    private static final List<String> ONCE = List.of(
            "Authorization",
            "Cairn-Tenant",
            "Content-Encoding",
            "Content-Type",
            "Host",
            "Idempotency-Key",
            "If-Match",
            "Last-Event-ID",
            "MCP-Protocol-Version",
            "Mcp-Session-Id",
            "Origin",
            Edge.CORRELATION_HEADER);

    private OneReading() {}

    static void require(HttpServletRequest request) {
        for (var name : ONCE) {
            if (Collections.list(request.getHeaders(name)).size() > 1) {
                throw Trouble.MALFORMED_REQUEST.because("The header %s stands more than once".formatted(name));
            }
        }
        var encoding = request.getCharacterEncoding();
        if (isJson(request.getContentType()) && encoding != null && !isUtf8(encoding)) {
            throw Trouble.MEDIA_TYPE_UNSUPPORTED.because(
                    "JSON is taken in UTF-8, not in %s".formatted(Field.shown(encoding)));
        }
    }

    private static boolean isJson(@Nullable String type) {
        return type != null && type.toLowerCase(Locale.ROOT).contains("json");
    }

    private static boolean isUtf8(String encoding) {
        return encoding.equalsIgnoreCase(StandardCharsets.UTF_8.name());
    }

    /// Whether UTF-16 or UTF-32 may begin so. JSON begins with an ASCII letter, so that these have a zero or a mark
    /// among their first two bytes, where UTF-8 has neither.
    static boolean isOtherUnicode(int letter) {
        return letter == 0 || letter == 0xFE || letter == 0xFF;
    }

    /// A body turned out to be in another encoding while it was read.
    static final class OtherEncodingException extends IOException {
        OtherEncodingException() {
            super("The body is not in UTF-8");
        }

        Refusal refusal() {
            return Trouble.MALFORMED_JSON.because("The body is not in UTF-8");
        }
    }
}
