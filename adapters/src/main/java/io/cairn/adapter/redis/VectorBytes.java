package io.cairn.adapter.redis;

import io.cairn.model.ContentKey;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// A vector as bytes: a version, the dimensions, a checksum over these, the key and the numbers, and the numbers, all
/// little-endian. So neither a damaged value nor another key's is taken for the vector.
final class VectorBytes {
    private static final byte VERSION = 1;
    private static final int HEADER = 1 + Integer.BYTES + Integer.BYTES;

    private VectorBytes() {}

    static byte[] of(ContentKey key, float[] vector) {
        var bytes = ByteBuffer.allocate(HEADER + Float.BYTES * vector.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(VERSION).putInt(vector.length).putInt(0);
        for (float value : vector) {
            bytes.putFloat(value);
        }
        bytes.putInt(HEADER - Integer.BYTES, checksum(key, bytes));
        return bytes.array();
    }

    /// The vector, if these are the bytes of one with this key and so many dimensions.
    static Optional<float[]> read(ContentKey key, int dimensions, byte @Nullable [] value) {
        if (value == null || value.length != HEADER + Float.BYTES * dimensions || value[0] != VERSION) {
            return Optional.empty();
        }
        var bytes = ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.getInt(1) != dimensions || bytes.getInt(HEADER - Integer.BYTES) != checksum(key, bytes)) {
            return Optional.empty();
        }
        var vector = new float[dimensions];
        bytes.position(HEADER);
        bytes.asFloatBuffer().get(vector);
        return Optional.of(vector);
    }

    private static int checksum(ContentKey key, ByteBuffer bytes) {
        var checksum = new CRC32C();
        checksum.update(key.bytes());
        checksum.update(bytes.array(), 0, HEADER - Integer.BYTES);
        checksum.update(bytes.array(), HEADER, bytes.capacity() - HEADER);
        return (int) checksum.getValue();
    }
}
