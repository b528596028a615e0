package io.cairn.client.wire;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/// What kind of thing a hit was found in.
///
/// The list is open: a newer server may name others, which a client passes through as they are.
public record HitKind(@JsonValue String value) {
    public static final HitKind MESSAGE = new HitKind("message");
    public static final HitKind DOCUMENT = new HitKind("document");

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public HitKind {}

    @Override
    public String toString() {
        return value;
    }
}
