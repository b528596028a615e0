package io.cairn.memory;

import io.cairn.event.Event;
import io.cairn.event.Payload;
import io.cairn.event.StreamVersion;
import io.cairn.event.TenantView;
import io.cairn.event.UnreadableException;
import io.cairn.row.Row;
import io.cairn.row.RowExpectation;
import io.cairn.row.RowKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What stands of conversations, in a snapshot that is already open: those that were not deleted, and those of their
/// messages that were not deleted one by one.
final class Standing {
    /// How many unspoken sequence numbers are passed over at a time.
    private static final int SCAN = 500;

    private Standing() {}

    static boolean stands(Row row) {
        return row.numberOrNull("deleted_at") == null;
    }

    /// How many events of the conversation's stream are no message, or of one that was deleted.
    static long unspoken(Row row) {
        var unspoken = row.numberOrNull("unspoken");
        return unspoken == null ? 0 : unspoken;
    }

    static RowExpectation notDeleted(ConversationId id) {
        return new RowExpectation.Cell(ConversationRows.TABLE, key(id), "deleted_at", null);
    }

    static RowKey key(ConversationId id) {
        return ConversationRows.TABLE.key(id.id());
    }

    /// Messages, unless they or their conversation were deleted.
    ///
    /// @param wanted the messages' numbers in each conversation
    static List<Message> messages(TenantView view, Map<ConversationId, Set<Long>> wanted) {
        var places = places(view, wanted);
        return messages(view.events(places).stream()
                .filter(event -> !(event.payload() instanceof Payload.Unreadable))
                .toList());
    }

    /// The places of those of the messages which stand.
    ///
    /// @param wanted the messages' numbers in each conversation
    static Set<StreamVersion> places(TenantView view, Map<ConversationId, Set<Long>> wanted) {
        var places = new HashSet<StreamVersion>();
        var shortened = new HashMap<ConversationId, Set<Long>>();
        for (var row : view.rows(
                ConversationRows.TABLE,
                wanted.keySet().stream().map(Standing::key).toList())) {
            if (stands(row)) {
                var id = new ConversationId(row.text("id"));
                var numbers = wanted.getOrDefault(id, Set.of());
                numbers.forEach(number -> places.add(new StreamVersion(id.stream(), number)));
                if (unspoken(row) > 0) {
                    shortened.put(id, numbers);
                }
            }
        }
        places.removeAll(deleted(view, shortened));
        return places;
    }

    /// The places of those of the messages which were deleted one by one.
    static Set<StreamVersion> deleted(TenantView view, Map<ConversationId, Set<Long>> wanted) {
        var keys = wanted.entrySet().stream()
                .flatMap(entry -> entry.getValue().stream()
                        .map(number ->
                                ConversationRows.DELETIONS.key(entry.getKey().id(), number)))
                .toList();
        return keys.isEmpty()
                ? Set.of()
                : view.rows(ConversationRows.DELETIONS, keys).stream()
                        .map(row -> new StreamVersion(
                                new ConversationId(row.text("conversation")).stream(), row.number("sequence")))
                        .collect(Collectors.toSet());
    }

    /// The numbers of the messages that were deleted one by one, past a number; the first ones of them.
    static Set<Long> deleted(TenantView view, ConversationId id, long after, int limit) {
        return view
                .rows(
                        ConversationRows.DELETIONS,
                        new RowKey(List.of(id.id())),
                        ConversationRows.DELETIONS.key(id.id(), after),
                        limit)
                .stream()
                .map(row -> row.number("sequence"))
                .collect(Collectors.toSet());
    }

    /// What a conversation was about as of a version; nothing if it was described since.
    static Conversation.Description described(TenantView view, ConversationId id, long asOf) {
        return view.row(ConversationRows.TABLE, key(id))
                .flatMap(row -> Optional.ofNullable(row.numberOrNull("described")))
                .filter(version -> version <= asOf)
                .flatMap(version -> view.events(List.of(new StreamVersion(id.stream(), version))).stream()
                        .flatMap(event -> event.payload().needed().stream())
                        .findFirst())
                .map(Conversation.Description::of)
                .orElse(Conversation.Description.NONE);
    }

    /// Messages past a number, in order, of a conversation that stands.
    ///
    /// @throws UnreadableException if one of them is missing, as where a database is damaged
    static List<Message> messages(TenantView view, ConversationId id, Row row, long after, int limit) {
        return between(view, id, row, after, row.number("last_sequence"), limit);
    }

    private static List<Message> between(
            TenantView view, ConversationId id, Row row, long after, long last, int limit) {
        var messages = new ArrayList<Message>();
        long from = after;
        while (messages.size() < limit && from < last) {
            var events = events(view, id, last, from, (int) Math.min(limit, last - from));
            var deleted = unspoken(row) == 0 ? Set.of() : deleted(view, id, from, events.size());
            messages(events).stream()
                    .filter(message -> !deleted.contains(message.sequence()))
                    .limit((long) limit - messages.size())
                    .forEach(messages::add);
            from = events.getLast().version();
        }
        return messages;
    }

    /// The last messages of a conversation that stands, in order.
    ///
    /// Reading (wanted + unspoken) sequence numbers from the end always yields enough messages. Where many are
    /// unspoken it is read backwards in parts, until there are enough.
    static List<Message> latest(TenantView view, ConversationId id, Row row, int limit) {
        var latest = List.<Message>of();
        long end = row.number("last_sequence");
        while (latest.size() < limit && end > 0) {
            long from = Math.max(0, end - limit - Math.min(unspoken(row), SCAN));
            var part = between(view, id, row, from, end, (int) (end - from));
            latest = Stream.concat(part.stream(), latest.stream()).toList();
            end = from;
        }
        return latest.subList(Math.max(0, latest.size() - limit), latest.size());
    }

    private static List<Event> events(TenantView view, ConversationId id, long last, long after, int limit) {
        var events = view.stream(id.stream(), after, limit);
        long reached = events.isEmpty() ? after : events.getLast().version();
        if (events.size() < limit && reached < last) {
            throw new UnreadableException("Messages of conversation %s behind %d are missing; there are %d"
                    .formatted(id.id(), reached, last));
        }
        return events;
    }

    private static List<Message> messages(Collection<Event> events) {
        return events.stream().flatMap(event -> Message.of(event).stream()).toList();
    }
}
