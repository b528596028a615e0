package io.cairn.client.wire;

import java.util.List;

/// What an append to a conversation answers: where it stands in the log, and each message's place.
public record AppendedMessages(String position, List<AppendedMessage> messages) {
    public AppendedMessages {
        messages = Copy.of(messages);
    }
}
