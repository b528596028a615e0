package io.cairn.adapter.sql;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cairn.passage.Kind;
import io.cairn.passage.PassageRef;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// A hash of a passage's place and content, which is unique, so that the same content is not there twice at one place.
///
/// The place of a message is its number; that of a stretch of a document is the same in each of its versions, so that
/// two versions of one text never stand side by side. The content is known by its vector, which the row holds in
/// clear anyway: a hash of the text would let others try what it might be.
final class PgvectorContent {
    private PgvectorContent() {}

    static byte[] hash(PassageRef ref, float[] vector) {
        var place = "%s/%s/%d/%d"
                .formatted(ref.kind(), ref.source(), ref.kind() == Kind.MESSAGE ? ref.number() : 0, ref.part())
                .getBytes(UTF_8);
        var bytes = ByteBuffer.allocate(place.length + vector.length * Float.BYTES);
        bytes.put(place).asFloatBuffer().put(vector);
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes.array());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
