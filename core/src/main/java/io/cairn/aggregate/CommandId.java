package io.cairn.aggregate;

import io.cairn.event.Ids;
import io.cairn.event.Names;
import io.cairn.event.StreamId;
import java.util.UUID;

/// What makes a command the same as an earlier one: it is written once per aggregate, however often it is sent.
///
/// @param value opaque, chosen by whoever sends it, 1 to 512 characters
public record CommandId(String value) {
    public CommandId {
        Names.id("command's id", value);
    }

    /// The id of the command's event with this index, so that the log itself knows a repetition.
    UUID event(StreamId stream, int index) {
        return Ids.named("command", stream.type(), stream.id(), value, Integer.toString(index));
    }

    @Override
    public String toString() {
        return value;
    }
}
