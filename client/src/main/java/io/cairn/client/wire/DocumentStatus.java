package io.cairn.client.wire;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/// What became of a document that was handed in.
///
/// The list is open: a newer server may name others, which a client passes through as they are.
public record DocumentStatus(@JsonValue String value) {
    public static final DocumentStatus CREATED = new DocumentStatus("created");
    public static final DocumentStatus UPDATED = new DocumentStatus("updated");
    public static final DocumentStatus UNCHANGED = new DocumentStatus("unchanged");
    public static final DocumentStatus REJECTED = new DocumentStatus("rejected");

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public DocumentStatus {}

    @Override
    public String toString() {
        return value;
    }
}
