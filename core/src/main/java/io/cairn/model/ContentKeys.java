package io.cairn.model;

import static java.nio.charset.StandardCharsets.UTF_16BE;

import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Makes one tenant's content keys; used by one thread.
final class ContentKeys {
    private final Mac mac;

    ContentKeys(byte[] tenantKey) {
        try {
            mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(tenantKey, "HmacSHA256"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every JDK has HmacSHA256", e);
        }
    }

    /// UTF-16, because UTF-8 turns a lone surrogate into the question mark that another text may really have.
    ContentKey of(String text) {
        return ContentKey.of(mac.doFinal(text.getBytes(UTF_16BE)));
    }
}
