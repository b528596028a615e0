package io.cairn.event;

import java.util.List;

/// The names that are Cairn's own: no door writes streams and events of these types for a user.
public final class Reserved {
    private static final List<String> EVENTS = List.of("cairn", "message", "conversation", "document");
    private static final List<String> STREAMS = List.of("conversation", "document");

    private Reserved() {}

    /// `message` and `message.added`, in whatever case, but not `messages.counted`.
    public static boolean event(EventType type) {
        var name = type.name();
        for (var own : EVENTS) {
            if (startsWith(name, own) && (name.length() == own.length() || name.charAt(own.length()) == '.')) {
                return true;
            }
        }
        return false;
    }

    public static boolean stream(String type) {
        return startsWith(type, "cairn") || STREAMS.stream().anyMatch(type::equalsIgnoreCase);
    }

    private static boolean startsWith(String name, String own) {
        return name.regionMatches(true, 0, own, 0, own.length());
    }
}
