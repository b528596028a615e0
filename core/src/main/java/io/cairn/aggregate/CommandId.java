package io.cairn.aggregate;

import io.cairn.event.Ids;
import io.cairn.event.Names;
import io.cairn.event.StreamId;
import java.util.UUID;

/// The id by which a command is recognised when it is sent again: per aggregate it is written once.
///
/// @param value opaque, chosen by whoever sends it, 1 to 512 characters
public record CommandId(String value) {
    public CommandId {
        Names.id("command's id", value);
    }

    /// The id of one of the command's events, so that the log itself recognises a repetition.
    UUID event(StreamId stream, int index) {
        return Ids.named("command", stream.type(), stream.id(), value, Integer.toString(index));
    }

    @Override
    public String toString() {
        return value;
    }
}
