package io.cairn.memory;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What somebody says in a chat, without an id of its own.
///
/// @param role who speaks, as chat models know it
/// @param speaker the speaker's name
public record Line(String role, @Nullable String speaker, String content) {
    static Line of(Message message) {
        return new Line(message.role(), message.speaker(), message.content());
    }

    /// Programs trim what they show, and send it back trimmed.
    boolean says(Line other) {
        return role.equals(other.role)
                && Objects.equals(speaker, other.speaker)
                && content.strip().equals(other.content.strip());
    }
}
