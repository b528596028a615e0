package io.cairn.model;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Comparator;

/// The key of a stored vector: the HMAC-SHA-256, under the tenant's key, of exactly what the model was given.
///
/// Without the tenant's key it tells nothing about the text. Equal texts of two tenants have different keys.
public record ContentKey(long first, long second, long third, long fourth) {
    public static final int BYTES = 32;

    /// The order in which every store keeps them: by their bytes.
    public static final Comparator<ContentKey> ORDER =
            (one, other) -> Arrays.compareUnsigned(one.bytes(), other.bytes());

    public static ContentKey of(byte[] digest) {
        if (digest.length != BYTES) {
            throw new IllegalArgumentException("A content key has %d bytes; found %d".formatted(BYTES, digest.length));
        }
        var bytes = ByteBuffer.wrap(digest);
        return new ContentKey(bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong());
    }

    public byte[] bytes() {
        return ByteBuffer.allocate(BYTES)
                .putLong(first)
                .putLong(second)
                .putLong(third)
                .putLong(fourth)
                .array();
    }
}
