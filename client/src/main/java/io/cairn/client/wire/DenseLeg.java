package io.cairn.client.wire;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/// What searching by meaning contributed to an answer.
///
/// The list is open: a newer server may name others, which a client passes through as they are.
public record DenseLeg(@JsonValue String value) {
    /// Everything was searched by its meaning.
    public static final DenseLeg COMPLETE = new DenseLeg("complete");

    /// What is newest was found by its words only, since it was not embedded yet.
    public static final DenseLeg BEHIND = new DenseLeg("behind");

    /// The query could not be embedded, so that its words alone answer.
    public static final DenseLeg SILENT = new DenseLeg("silent");

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public DenseLeg {}

    @Override
    public String toString() {
        return value;
    }
}
