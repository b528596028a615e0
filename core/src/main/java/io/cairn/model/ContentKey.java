package io.cairn.model;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Comparator;

/// What a stored vector is found by: the HMAC-SHA-256 of the model's exact input under its tenant's key.
///
/// It tells nothing about the text to whoever lacks the tenant's key, and equal texts of two tenants have different
/// keys.
public record ContentKey(long first, long second, long third, long fourth) {
    public static final int BYTES = 32;

    /// By their bytes, as every store has them.
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
