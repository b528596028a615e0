package io.cairn.event;

import java.util.List;

/// The names that are Cairn's own: no door writes streams and events of these types for a user.
///
/// @param events names that no event type may have or begin with, up to a dot
/// @param streams types of streams
public record Reserved(List<String> events, List<String> streams) {
    /// What begins so is the engine's, whatever follows.
    private static final String ENGINE = "cairn";

    public Reserved {
        events = List.copyOf(events);
        streams = List.copyOf(streams);
    }

    /// Where there is nothing but the engine.
    public static Reserved engine() {
        return new Reserved(List.of(ENGINE), List.of(ENGINE));
    }

    /// `message` and `message.added`, in whatever case, but not `messages.counted`.
    public boolean event(EventType type) {
        var name = type.name();
        for (var own : events) {
            if (startsWith(name, own) && (name.length() == own.length() || name.charAt(own.length()) == '.')) {
                return true;
            }
        }
        return false;
    }

    public boolean stream(String type) {
        return startsWith(type, ENGINE) || streams.stream().anyMatch(type::equalsIgnoreCase);
    }

    private static boolean startsWith(String name, String own) {
        return name.regionMatches(true, 0, own, 0, own.length());
    }
}
