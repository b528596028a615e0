package io.cairn.event;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/// The fingerprints that make a changed, missing or reordered event show.
///
/// - content = SHA-256(payload as stored)
/// - digest = SHA-256(each part of the envelope that the caller knows, length-prefixed ‖ content)
/// - chain = SHA-256(chain of the previous event ‖ partition ‖ position ‖ version ‖ recorded at ‖ digest)
///
/// A digest travels with its event from one log to another; the chain is each log's own. The payload is hashed as it
/// is stored, so that the log of a forgotten subject can still be verified.
public final class Digests {
    private Digests() {}

    /// The digest that an event has to have.
    public static byte[] of(StoredEvent event) {
        return digest(event.sealed());
    }

    static byte[] digest(SealedEvent event) {
        var sha = sha256();
        part(sha, event.tenant().id());
        part(sha, event.stream().type());
        part(sha, event.stream().id());
        part(sha, event.type().name());
        part(sha, event.subject());
        part(sha, event.metadata());
        var fixed = ByteBuffer.allocate(44);
        uuid(fixed, event.eventId());
        uuid(fixed, event.keyId());
        fixed.putInt(event.schemaVersion()).putLong(event.occurredAt());
        sha.update(fixed.array());
        sha.update(sha256().digest(event.payload()));
        return sha.digest();
    }

    public static byte[] chain(
            byte[] previous, int partition, long position, long version, long recordedAt, byte[] digest) {
        var sha = sha256();
        sha.update(previous);
        sha.update(ByteBuffer.allocate(28)
                .putInt(partition)
                .putLong(position)
                .putLong(version)
                .putLong(recordedAt)
                .array());
        return sha.digest(digest);
    }

    /// The chain before the first event of a log that was not copied from another.
    static byte[] genesis(String epoch) {
        return sha256().digest(epoch.getBytes(StandardCharsets.UTF_8));
    }

    private static void part(MessageDigest sha, String text) {
        part(sha, text.getBytes(StandardCharsets.UTF_8));
    }

    private static void part(MessageDigest sha, byte[] bytes) {
        sha.update(ByteBuffer.allocate(4).putInt(bytes.length).array());
        sha.update(bytes);
    }

    private static void uuid(ByteBuffer buffer, UUID id) {
        buffer.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
