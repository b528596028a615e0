package io.cairn.client.wire;

import java.util.List;

/// The body of `POST /v1/conversations/{id}/messages`: all of its messages are stored, or none.
public record AppendMessages(List<NewMessage> messages) {
    public AppendMessages {
        messages = Copy.of(messages);
    }
}
