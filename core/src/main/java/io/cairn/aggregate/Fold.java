package io.cairn.aggregate;

import io.cairn.event.Event;
import io.cairn.event.PayloadKey;
import io.cairn.event.Snapshots;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A state to which a stream's events are applied one by one; only one thread uses it.
final class Fold<E, S> {
    private final Decider<?, E, S> decider;
    private final Codec<E, S> codec;
    private final Set<PayloadKey> keys;
    private S state;
    private long version;
    private @Nullable UUID lastEvent;
    private long replayed;

    Fold(Decider<?, E, S> decider, Codec<E, S> codec, Folded<S> from) {
        this.decider = decider;
        this.codec = codec;
        this.keys = new HashSet<>(from.keys());
        this.state = from.state();
        this.version = from.version();
        this.lastEvent = from.lastEvent();
        this.replayed = from.replayed();
    }

    void add(Event event) {
        event.payload().needed().ifPresentOrElse(json -> open(event, json), () -> forgotten(event));
        version = event.version();
        lastEvent = event.id();
        replayed++;
    }

    private void open(Event event, JsonNode json) {
        state = decider.evolve(state, decoded(event, json));
        // A snapshot holds no more keys than that, so one key too many is enough to know.
        if (keys.size() <= Snapshots.KEYS_MAX) {
            keys.add(new PayloadKey(event.subject(), event.keyId()));
        }
    }

    private void forgotten(Event event) {
        codec.forgotten(event.type()).ifPresent(left -> state = decider.evolve(state, left));
    }

    private E decoded(Event event, JsonNode json) {
        try {
            return codec.decode(event.type(), json);
        } catch (RuntimeException e) {
            throw new IllegalStateException(
                    "Event %d of %s (%s, schema version %d) cannot be read as an event of '%s'"
                            .formatted(
                                    event.version(),
                                    event.stream(),
                                    event.type(),
                                    event.schemaVersion(),
                                    decider.name()),
                    e);
        }
    }

    Folded<S> folded() {
        return new Folded<>(state, version, lastEvent, keys, replayed);
    }
}
