package io.cairn.bus;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/// A webhook as the specification "Standard Webhooks" has it: id, time and signature in three headers.
public final class StandardWebhook {
    static final String ID = "webhook-id";
    static final String TIMESTAMP = "webhook-timestamp";
    static final String SIGNATURE = "webhook-signature";
    static final String VERSION = "v1";

    private StandardWebhook() {}

    /// The headers of one attempt to send a body.
    ///
    /// @param id the same for every attempt
    /// @param secrets each signs, so that the receiver may know either while one replaces the other
    public static SequencedMap<String, String> headers(
            List<WebhookSecret> secrets, String id, Instant sent, byte[] body) {
        if (id.isEmpty() || id.indexOf('.') >= 0 || secrets.isEmpty()) {
            throw new IllegalArgumentException(
                    "A webhook is signed with at least one secret, and its id has no '.'; found '%s'".formatted(id));
        }
        var seconds = Long.toString(sent.getEpochSecond());
        var headers = new LinkedHashMap<String, String>();
        headers.put(ID, id);
        headers.put(TIMESTAMP, seconds);
        headers.put(
                SIGNATURE,
                secrets.stream()
                        .map(secret -> VERSION + ","
                                + Base64.getEncoder().encodeToString(signature(secret, id, seconds, body)))
                        .collect(Collectors.joining(" ")));
        return headers;
    }

    static byte[] signature(WebhookSecret secret, String id, String seconds, byte[] body) {
        return secret.signDecoded((id + "." + seconds + ".").getBytes(US_ASCII), body);
    }
}
