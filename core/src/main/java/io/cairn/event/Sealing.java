package io.cairn.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cairn.seal.SealBrokenException;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Seals payloads on their way into the log and opens them on their way out.
final class Sealing {
    private static final String CONCEALED = "sealed:";
    private static final JsonMapper JSON = ExactJson.mapper();

    private final SubjectKeys keys;
    private final Upcasters upcasters;
    private final SecureRandom random;

    Sealing(SubjectKeys keys, Upcasters upcasters, SecureRandom random) {
        this.keys = keys;
        this.upcasters = upcasters;
        this.random = random;
    }

    SubjectKeys keys() {
        return keys;
    }

    Upcasters upcasters() {
        return upcasters;
    }

    SealedEvent seal(Context context, StreamId stream, NewEvent event, SubjectKeys.Chosen key) {
        var tenant = context.tenant();
        var payload = key.key().seal(JSON.writeValueAsBytes(event.payload()), owner(tenant, event.id()), random);
        return new SealedEvent(
                tenant,
                stream,
                event.id(),
                event.type(),
                event.schemaVersion(),
                event.subject(),
                key.id(),
                metadata(context, event.causation()),
                payload,
                Times.micros(event.occurredAt()));
    }

    Event open(StoredEvent stored, ReadSnapshot snapshot, String epoch, Upcasters.Known known) {
        int version = stored.schemaVersion();
        Payload payload;
        try {
            var opened = keys.find(snapshot, stored.tenant(), stored.subject(), stored.keyId())
                    .map(key -> JSON.readTree(key.open(stored.payload(), owner(stored.tenant(), stored.eventId()))))
                    .map(json -> known.upcast(stored.type(), stored.schemaVersion(), json));
            version = opened.map(Upcasters.Upcast::schemaVersion).orElse(version);
            payload = opened.<Payload>map(upcast -> new Payload.Open(upcast.payload()))
                    .orElseGet(() -> new Payload.Forgotten(stored.keyId()));
        } catch (UpcastException e) {
            payload = new Payload.Unreadable(String.valueOf(e.getMessage()));
        } catch (SealBrokenException e) {
            payload = new Payload.Unreadable(damaged(stored));
        }
        var metadata = metadata(stored);
        var causation = metadata.path("causation");
        return new Event(
                new Position(epoch, stored.partition(), stored.position()),
                stored.tenant(),
                stored.stream(),
                stored.version(),
                stored.eventId(),
                stored.type(),
                version,
                stored.subject(),
                payload,
                Times.instant(stored.recordedAt()),
                Times.instant(stored.occurredAt()),
                metadata.path("correlation").asString(""),
                metadata.path("actor").asString(""),
                text(causation) == null ? null : UUID.fromString(causation.asString()),
                stored.keyId());
    }

    /// A sentence about an event's content, sealed under the key of its subject, for a row that is not sealed.
    String conceal(ReadSnapshot snapshot, Event event, String text) {
        try {
            return keys.find(snapshot, event.tenant(), event.subject(), event.keyId())
                    .map(key -> "%s%s:%s:%s"
                            .formatted(
                                    CONCEALED,
                                    event.keyId(),
                                    base64(event.subject().getBytes(UTF_8)),
                                    base64(key.seal(text.getBytes(UTF_8), concealing(event.tenant()), random))))
                    .orElse("The subject of the event was forgotten");
        } catch (SealBrokenException e) {
            return "The key of the event's subject is damaged";
        }
    }

    /// What was concealed; what never was is given back as it is.
    String reveal(ReadSnapshot snapshot, Tenant tenant, String text) {
        if (!text.startsWith(CONCEALED)) {
            return text;
        }
        var parts = text.substring(CONCEALED.length()).split(":", 3);
        try {
            return keys.find(
                            snapshot,
                            tenant,
                            new String(Base64.getUrlDecoder().decode(parts[1]), UTF_8),
                            UUID.fromString(parts[0]))
                    .map(key ->
                            new String(key.open(Base64.getUrlDecoder().decode(parts[2]), concealing(tenant)), UTF_8))
                    .orElse("The subject of the event was forgotten");
        } catch (SealBrokenException | IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            return "What was kept of the reason is damaged";
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static byte[] concealing(Tenant tenant) {
        return (tenant.id() + "\0concealed").getBytes(UTF_8);
    }

    private static String damaged(StoredEvent stored) {
        return "Event %d of %s (partition %d, position %d) is damaged: it is not what was sealed"
                .formatted(stored.version(), stored.stream(), stored.partition(), stored.position());
    }

    private static JsonNode metadata(StoredEvent stored) {
        try {
            return JSON.readTree(stored.metadata());
        } catch (JacksonException e) {
            throw new StorageException(StorageException.Kind.DAMAGED, damaged(stored), e);
        }
    }

    private static @Nullable String text(JsonNode node) {
        return node.isString() ? node.asString() : null;
    }

    private static byte[] metadata(Context context, @Nullable UUID causation) {
        var node = JSON.createObjectNode()
                .put("correlation", context.correlation())
                .put("actor", context.actor());
        if (causation != null) {
            node.put("causation", causation.toString());
        }
        return JSON.writeValueAsBytes(node);
    }

    static byte[] owner(Tenant tenant, UUID eventId) {
        return (tenant.id() + '\0' + eventId).getBytes(UTF_8);
    }
}
