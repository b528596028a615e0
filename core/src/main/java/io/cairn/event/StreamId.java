package io.cairn.event;

/// A stream's name: what kind of thing it tells of and which one.
///
/// @param type such as `conversation`; 1 to 100 of letters, digits, `.`, `_`, `-`, starting with a letter
/// @param id opaque, 1 to 512 characters
public record StreamId(String type, String id) {
    public StreamId {
        Names.type("stream type", type);
        Names.id("stream id", id);
    }

    @Override
    public String toString() {
        return type + "/" + id;
    }
}
