package io.cairn.bus;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// A secret that two servers share to sign webhooks. It never shows in logs or messages.
public final class WebhookSecret {
    private static final String PREFIX = "whsec_";
    private static final int MADE = 32;
    private static final int MIN = 8;
    private static final int MAX = 512;

    private final String text;

    /// @param text as the other server knows it
    /// @throws IllegalArgumentException if it is too short to be a secret; the message does not hold it
    public WebhookSecret(String text) {
        if (text.length() < MIN || text.length() > MAX || !text.chars().allMatch(each -> each >= ' ' && each < 0x7f)) {
            throw new IllegalArgumentException(
                    "A webhook's secret has %d to %d characters, all of them ASCII; found one with %d"
                            .formatted(MIN, MAX, text.length()));
        }
        this.text = text;
    }

    public static WebhookSecret random(RandomGenerator random) {
        var key = new byte[MADE];
        random.nextBytes(key);
        return new WebhookSecret(PREFIX + Base64.getEncoder().encodeToString(key));
    }

    /// The secret itself: for whoever seals it, and once for whoever made it.
    public String reveal() {
        return text;
    }

    /// A signature under the key that Standard Webhooks writes in base64 behind `whsec_`.
    ///
    /// @throws IllegalArgumentException if the secret is not written so
    byte[] signDecoded(byte[]... parts) {
        return sign(decoded(), parts);
    }

    /// Refuses a secret with which nothing can be signed by Standard Webhooks.
    public WebhookSecret requireStandard() {
        Arrays.fill(decoded(), (byte) 0);
        return this;
    }

    private byte[] decoded() {
        try {
            return Base64.getDecoder().decode(text.startsWith(PREFIX) ? text.substring(PREFIX.length()) : text);
        } catch (IllegalArgumentException notBase64) {
            throw new IllegalArgumentException(
                    "A secret of Standard Webhooks is 'whsec_' and a key in base64; this one is not", notBase64);
        }
    }

    /// A signature under the secret's own letters.
    byte[] signPlain(byte[]... parts) {
        return sign(text.getBytes(UTF_8), parts);
    }

    private static byte[] sign(byte[] key, byte[]... parts) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, mac.getAlgorithm()));
            for (var part : parts) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java has HmacSHA256", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof WebhookSecret that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return "a webhook's secret";
    }
}
