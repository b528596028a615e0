package io.cairn.event;

/// What an event says happened, in the past tense and with dots between its parts: `message.added`.
///
/// @param name 1 to 100 of letters, digits, `.`, `_`, `-`, starting with a letter
public record EventType(String name) {
    public EventType {
        Names.type("event type", name);
    }

    @Override
    public String toString() {
        return name;
    }
}
