package io.cairn.memory;

import io.cairn.event.Position;
import java.util.List;

/// What became of messages that were to be remembered.
public sealed interface MessagesAdded {

    /// All of them are durable.
    ///
    /// @param at the position of the last one
    /// @param sequences of the messages, in the order in which they were given
    /// @param created whether any was new
    record Added(Position at, List<Long> sequences, boolean created) implements MessagesAdded {
        public Added {
            sequences = List.copyOf(sequences);
        }
    }

    /// Some ids already stand for messages of other content; nothing was added.
    record IdReused(List<String> ids) implements MessagesAdded {
        public IdReused {
            ids = List.copyOf(ids);
        }
    }

    /// Some of the messages were deleted one by one, and their ids stay burnt; nothing was added.
    record MessagesDeleted(List<String> ids) implements MessagesAdded {
        public MessagesDeleted {
            ids = List.copyOf(ids);
        }
    }

    /// The conversation was deleted, and its id stays burnt; nothing was added.
    record Deleted() implements MessagesAdded {}
}
