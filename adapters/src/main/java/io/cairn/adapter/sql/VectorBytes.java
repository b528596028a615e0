package io.cairn.adapter.sql;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.zip.CRC32C;

/// A vector as 32-bit floats, little-endian, and a CRC-32C behind them.
final class VectorBytes {
    private VectorBytes() {}

    static byte[] encoded(float[] vector) {
        var bytes = ByteBuffer.allocate((vector.length + 1) * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(vector);
        int end = vector.length * Float.BYTES;
        bytes.putInt(end, checksum(bytes.array(), end));
        return bytes.array();
    }

    /// The vector; empty if the bytes are not what was encoded.
    static Optional<float[]> decoded(byte[] bytes, int dimensions) {
        int end = dimensions * Float.BYTES;
        if (bytes.length != end + Integer.BYTES) {
            return Optional.empty();
        }
        var buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (buffer.getInt(end) != checksum(bytes, end)) {
            return Optional.empty();
        }
        var vector = new float[dimensions];
        buffer.asFloatBuffer().get(vector);
        return Optional.of(vector);
    }

    private static int checksum(byte[] bytes, int end) {
        var checksum = new CRC32C();
        checksum.update(bytes, 0, end);
        return (int) checksum.getValue();
    }
}
