package io.cairn.memory;

import io.cairn.event.Appended;
import io.cairn.event.Event;
import io.cairn.event.EventLog;
import io.cairn.event.Expected;
import io.cairn.event.Ids;
import io.cairn.event.NewEvent;
import io.cairn.event.Payload;
import io.cairn.event.Position;
import io.cairn.event.Recorded;
import io.cairn.event.StorageException;
import io.cairn.event.StreamAppend;
import io.cairn.event.StreamVersion;
import io.cairn.event.Tally;
import io.cairn.event.TenantView;
import io.cairn.event.Times;
import io.cairn.event.Unit;
import io.cairn.event.UnreadableException;
import io.cairn.feature.Feature;
import io.cairn.row.Row;
import io.cairn.row.RowExpectation;
import io.cairn.row.RowKey;
import io.cairn.schema.DeclaredType;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import io.cairn.text.Language;
import io.cairn.text.LanguageDetector;
import java.util.ArrayList;
import java.util.Collection;
import java.util.ConcurrentModificationException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;

/// The memory of conversations: one event per message, in one stream per conversation.
///
/// An event's id follows from the ids of the conversation and the message. That makes adding idempotent without any
/// look-up: the log itself says which messages it already has.
public final class Conversations {
    private static final int ATTEMPTS_MAX = 10;
    private static final int SCAN = 500;

    private final EventLog log;
    private final LanguageDetector detector;
    private final Ids ids;

    public Conversations(EventLog log, LanguageDetector detector, Ids ids) {
        this.log = log;
        this.detector = detector;
        this.ids = ids;
    }

    /// What conversations bring to a Cairn.
    public static Feature feature() {
        return Feature.named("conversations")
                .inline(new ConversationRows())
                .types(List.of(
                        new DeclaredType(Message.ADDED, Message.SCHEMA_VERSION, List.of()),
                        DeclaredType.first(Message.DELETED),
                        DeclaredType.first(ConversationRows.DESCRIBED),
                        DeclaredType.first(ConversationRows.DELETED)))
                .reservingEvents("message")
                .reserving("conversation");
    }

    /// Remembers messages in their order, all or none; the conversation is there from its first message on.
    public MessagesAdded add(Context context, ConversationId id, List<NewMessage> messages) {
        var events = new HashMap<UUID, NewMessage>();
        messages.forEach(message -> events.put(eventId(id, message.id()), message));
        if (events.size() < messages.size()) {
            throw new IllegalArgumentException("A message id stands twice in one request");
        }
        return switch (append(context, id, messages)) {
            case Appended.Written(var at, var versions) -> {
                long last = versions.getOrDefault(id.stream(), 0L);
                yield new MessagesAdded.Added(
                        at,
                        LongStream.rangeClosed(last - messages.size() + 1, last)
                                .boxed()
                                .toList(),
                        true);
            }
            case Appended.Unmet unmet -> new MessagesAdded.Deleted();
            case Appended.Refused refused -> throw new IllegalStateException("A message was refused: " + refused);
            case Appended.Duplicate(var recorded, var at) -> again(context, id, messages, recorded, at);
            case Appended.Conflict conflict ->
                throw new IllegalStateException("Any version was expected, yet found " + conflict);
        };
    }

    private Appended append(Context context, ConversationId id, List<NewMessage> messages) {
        var events = messages.stream().map(message -> event(id, message)).toList();
        return log.append(new Unit(
                context,
                List.of(new StreamAppend(id.stream(), Expected.any(), events)),
                List.of(notDeleted(id)),
                List.of()));
    }

    /// Some or all messages were added before: those must be the same, and only the others are added now.
    private MessagesAdded again(
            Context context, ConversationId id, List<NewMessage> messages, Map<UUID, Recorded> recorded, Position at) {
        if (find(context.tenant(), id).isEmpty()) {
            return new MessagesAdded.Deleted();
        }
        var deleted = deleted(context.tenant(), id, messages, recorded);
        if (!deleted.isEmpty()) {
            return new MessagesAdded.MessagesDeleted(deleted);
        }
        var reused = reused(context.tenant(), id, messages, recorded);
        if (!reused.isEmpty()) {
            return new MessagesAdded.IdReused(reused);
        }
        var fresh = messages.stream()
                .filter(message -> !recorded.containsKey(eventId(id, message.id())))
                .toList();
        if (fresh.isEmpty()) {
            return new MessagesAdded.Added(at, sequences(id, messages, recorded, Map.of()), false);
        }
        return switch (add(context, id, fresh)) {
            case MessagesAdded.Added(var last, var added, var created) -> {
                var sequences = new HashMap<UUID, Long>();
                for (int i = 0; i < fresh.size(); i++) {
                    sequences.put(eventId(id, fresh.get(i).id()), added.get(i));
                }
                yield new MessagesAdded.Added(last, sequences(id, messages, recorded, sequences), created);
            }
            case MessagesAdded.IdReused other -> other;
            case MessagesAdded.MessagesDeleted gone -> gone;
            case MessagesAdded.Deleted gone -> gone;
        };
    }

    private List<String> deleted(
            Tenant tenant, ConversationId id, List<NewMessage> messages, Map<UUID, Recorded> recorded) {
        var sequences = recorded.values().stream().map(Recorded::version).collect(Collectors.toSet());
        var deleted = log.read(tenant, view -> deleted(view, Map.of(id, sequences)));
        return messages.stream()
                .filter(message -> {
                    var known = recorded.get(eventId(id, message.id()));
                    return known != null && deleted.contains(new StreamVersion(id.stream(), known.version()));
                })
                .map(NewMessage::id)
                .toList();
    }

    private List<String> reused(
            Tenant tenant, ConversationId id, List<NewMessage> messages, Map<UUID, Recorded> recorded) {
        return log.read(tenant, view -> {
            var known = view
                    .events(recorded.values().stream()
                            .map(found -> new StreamVersion(found.stream(), found.version()))
                            .toList())
                    .stream()
                    .collect(Collectors.toMap(Event::id, Message::of));
            return messages.stream()
                    .filter(message -> recorded.containsKey(eventId(id, message.id())))
                    .filter(message -> known.getOrDefault(eventId(id, message.id()), Optional.empty())
                            .filter(old -> old.sameAs(message))
                            .isEmpty())
                    .map(NewMessage::id)
                    .toList();
        });
    }

    private static List<Long> sequences(
            ConversationId id, List<NewMessage> messages, Map<UUID, Recorded> recorded, Map<UUID, Long> added) {
        var sequences = new ArrayList<Long>();
        for (var message : messages) {
            var eventId = eventId(id, message.id());
            var known = recorded.get(eventId);
            sequences.add(known != null ? known.version() : added.getOrDefault(eventId, 0L));
        }
        return sequences;
    }

    /// The conversation, unless there is none or it was deleted.
    public Optional<Conversation> find(Tenant tenant, ConversationId id) {
        return log.read(tenant, view -> {
            var row = view.row(ConversationRows.TABLE, key(id)).stream()
                    .filter(Conversations::stands)
                    .toList();
            return conversations(view, row).stream().findFirst();
        });
    }

    /// Messages in a snapshot that is already open, unless they or their conversation were deleted.
    ///
    /// @param wanted the messages' numbers in each conversation
    public static List<Message> messages(TenantView view, Map<ConversationId, Set<Long>> wanted) {
        var places = standing(view, wanted);
        return messages(view.events(places).stream()
                .filter(event -> !(event.payload() instanceof Payload.Unreadable))
                .toList());
    }

    /// The places of those of the messages which stand, in a snapshot that is already open.
    ///
    /// @param wanted the messages' numbers in each conversation
    static Set<StreamVersion> standing(TenantView view, Map<ConversationId, Set<Long>> wanted) {
        var places = new HashSet<StreamVersion>();
        var shortened = new HashMap<ConversationId, Set<Long>>();
        for (var row : view.rows(
                ConversationRows.TABLE,
                wanted.keySet().stream().map(Conversations::key).toList())) {
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
    private static Set<StreamVersion> deleted(TenantView view, Map<ConversationId, Set<Long>> wanted) {
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

    /// What a conversation was about as of a version; nothing if it was described since, in a snapshot that is already
    /// open.
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

    private static boolean stands(Row row) {
        return row.numberOrNull("deleted_at") == null;
    }

    private static long unspoken(Row row) {
        var unspoken = row.numberOrNull("unspoken");
        return unspoken == null ? 0 : unspoken;
    }

    /// Conversations in the order of their ids.
    public List<Conversation> list(Tenant tenant, @Nullable ConversationId after, int limit) {
        return log.read(tenant, view -> {
            var found = new ArrayList<Conversation>();
            var from = after == null ? null : key(after);
            List<Row> rows;
            do {
                rows = view.rows(ConversationRows.TABLE, new RowKey(List.of()), from, SCAN);
                found.addAll(conversations(
                        view,
                        rows.stream()
                                .filter(Conversations::stands)
                                .limit((long) limit - found.size())
                                .toList()));
                from = rows.isEmpty() ? from : rows.getLast().key();
            } while (rows.size() == SCAN && found.size() < limit);
            return found;
        });
    }

    /// How many conversations there are, and how many messages in all of them.
    public Tally count(Tenant tenant) {
        return log.read(tenant, view -> {
            var events = view.tally(ConversationRows.TABLE, "deleted_at", "last_sequence");
            var unspoken = view.tally(ConversationRows.TABLE, "deleted_at", "unspoken");
            return new Tally(events.rows(), events.sum() - unspoken.sum());
        });
    }

    /// Messages past a sequence number, in order; none if there is no such conversation.
    ///
    /// @throws UnreadableException if one of them is missing, as where a database is damaged
    public List<Message> messages(Tenant tenant, ConversationId id, long afterSequence, int limit) {
        return log.read(
                tenant,
                view -> view.row(ConversationRows.TABLE, key(id))
                        .filter(Conversations::stands)
                        .map(row -> messages(view, id, row, afterSequence, limit))
                        .orElse(List.of()));
    }

    /// The last messages, in order; none if there is no such conversation.
    public List<Message> latest(Tenant tenant, ConversationId id, int limit) {
        return log.read(
                tenant,
                view -> view.row(ConversationRows.TABLE, key(id))
                        .filter(Conversations::stands)
                        .map(row -> latest(view, id, row, limit))
                        .orElse(List.of()));
    }

    /// As many numbers as messages are wanted, and as numbers are not of messages, hold enough messages.
    private static List<Message> latest(TenantView view, ConversationId id, Row row, int limit) {
        int numbers = (int) Math.min(limit + unspoken(row), limit + SCAN);
        var messages = messages(view, id, row, Math.max(0, row.number("last_sequence") - numbers), numbers);
        return messages.subList(Math.max(0, messages.size() - limit), messages.size());
    }

    private static List<Message> messages(TenantView view, ConversationId id, Row row, long after, int limit) {
        long last = row.number("last_sequence");
        var messages = new ArrayList<Message>();
        long from = after;
        while (messages.size() < limit && from < last) {
            var events = events(view, id, last, from, limit);
            var deleted = unspoken(row) == 0 ? Set.of() : deleted(view, id, from, events.size());
            messages(events).stream()
                    .filter(message -> !deleted.contains(message.sequence()))
                    .limit((long) limit - messages.size())
                    .forEach(messages::add);
            from = events.getLast().version();
        }
        return messages;
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

    /// Deletes a conversation for good: its id stays burnt.
    ///
    /// @return where the deletion stands in the log, or nothing if there was no such conversation
    public Optional<Position> delete(Context context, ConversationId id) {
        var known = log.read(context.tenant(), view -> view.row(ConversationRows.TABLE, key(id)));
        if (known.isEmpty()) {
            return Optional.empty();
        }
        var event = new NewEvent(
                Ids.named(ConversationRows.DELETED.name(), id.id()),
                ConversationRows.DELETED,
                1,
                id.subject(),
                JsonNodeFactory.instance.objectNode(),
                ids.now(),
                null);
        return switch (log.append(Unit.of(context, new StreamAppend(id.stream(), Expected.any(), List.of(event))))) {
            case Appended.Written(var at, var versions) -> Optional.of(at);
            case Appended.Duplicate(var recorded, var at) -> Optional.of(at);
            case Appended.Conflict conflict -> throw new IllegalStateException("Nothing was expected: " + conflict);
            case Appended.Refused refused -> throw new IllegalStateException("A deletion was refused: " + refused);
            case Appended.Unmet unmet -> throw new IllegalStateException("Nothing was expected: " + unmet);
        };
    }

    /// Deletes one message for good: its id stays burnt, and the conversation goes on without it.
    ///
    /// @return where the deletion stands in the log, or nothing if there was no such message
    public Optional<Position> delete(Context context, ConversationId id, String message) {
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            var found = log.read(context.tenant(), view -> found(view, id, message));
            if (found.isEmpty()) {
                return Optional.empty();
            }
            if (found.get().deletion().isPresent()) {
                return found.get().deletion();
            }
            switch (log.append(deletion(context, id, message, found.get()))) {
                case Appended.Written(var at, var versions) -> {
                    return Optional.of(at);
                }
                case Appended.Duplicate(var recorded, var at) -> {
                    return Optional.of(at);
                }
                case Appended.Unmet unmet -> {}
                case Appended.Conflict conflict -> throw new IllegalStateException("Nothing was expected: " + conflict);
                case Appended.Refused refused -> throw new IllegalStateException("A deletion was refused: " + refused);
            }
        }
        throw new StorageException(
                StorageException.Kind.BUSY,
                "The conversation changed under each of %d attempts to delete a message".formatted(ATTEMPTS_MAX),
                new ConcurrentModificationException());
    }

    /// @param deletion where the message's deletion stands in the log
    private record Found(Row conversation, long sequence, Optional<Position> deletion) {}

    private Optional<Found> found(TenantView view, ConversationId id, String message) {
        var row = view.row(ConversationRows.TABLE, key(id)).filter(Conversations::stands);
        var recorded = row.isEmpty() ? Optional.<Recorded>empty() : view.find(eventId(id, message));
        return recorded.map(known -> new Found(
                row.orElseThrow(),
                known.version(),
                view.row(ConversationRows.DELETIONS, ConversationRows.DELETIONS.key(id.id(), known.version()))
                        .map(deletion -> position(view.tenant(), deletion))));
    }

    private Unit deletion(Context context, ConversationId id, String message, Found found) {
        var payload = JsonNodeFactory.instance
                .objectNode()
                .put("id", message)
                .put(ConversationRows.SEQUENCE, found.sequence())
                .put(ConversationRows.UNSPOKEN, unspoken(found.conversation()) + 2);
        var event = new NewEvent(
                Ids.named(Message.DELETED.name(), id.id(), message),
                Message.DELETED,
                1,
                id.subject(),
                payload,
                ids.now(),
                null);
        return new Unit(
                context,
                List.of(new StreamAppend(id.stream(), Expected.any(), List.of(event))),
                List.of(notDeleted(id), asCounted(id, Optional.of(found.conversation()))),
                List.of());
    }

    /// Of two events that count at once, one has to count anew.
    private static RowExpectation asCounted(ConversationId id, Optional<Row> conversation) {
        return new RowExpectation.Cell(
                ConversationRows.TABLE,
                key(id),
                "unspoken",
                conversation.map(row -> row.numberOrNull("unspoken")).orElse(null));
    }

    private NewEvent event(ConversationId id, NewMessage message) {
        var at = message.at();
        return new NewEvent(
                eventId(id, message.id()),
                Message.ADDED,
                Message.SCHEMA_VERSION,
                id.subject(),
                Message.payload(message, Optional.ofNullable(message.language()).or(() -> language(message))),
                at == null ? ids.now() : at,
                null);
    }

    private Optional<Language> language(NewMessage message) {
        return message.content().isEmpty() ? Optional.empty() : detector.detect(message.content());
    }

    private static UUID eventId(ConversationId id, String message) {
        return Ids.named(Message.ADDED.name(), id.id(), message);
    }

    private static RowExpectation notDeleted(ConversationId id) {
        return new RowExpectation.Cell(ConversationRows.TABLE, key(id), "deleted_at", null);
    }

    private static RowKey key(ConversationId id) {
        return ConversationRows.TABLE.key(id.id());
    }

    /// Says what a conversation is about, in place of what was said before; makes it if there is none.
    ///
    /// @return where that stands in the log, or nothing if the conversation was deleted
    public Optional<Position> describe(Context context, ConversationId id, Conversation.Description description) {
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            var row = log.read(context.tenant(), view -> view.row(ConversationRows.TABLE, key(id)));
            if (row.filter(known -> !stands(known)).isPresent()) {
                return Optional.empty();
            }
            var known = find(context.tenant(), id);
            if (known.isPresent() && known.get().described().equals(description)) {
                return known.map(Conversation::position);
            }
            if (log.append(described(context, id, description, row))
                    instanceof Appended.Written(var at, var versions)) {
                return Optional.of(at);
            }
        }
        throw new StorageException(
                StorageException.Kind.BUSY,
                "The conversation changed under each of %d attempts to describe it".formatted(ATTEMPTS_MAX),
                new ConcurrentModificationException());
    }

    private Unit described(
            Context context, ConversationId id, Conversation.Description description, Optional<Row> row) {
        long unspoken = row.map(Conversations::unspoken).orElse(0L) + 1;
        var event = new NewEvent(
                ids.next(),
                ConversationRows.DESCRIBED,
                1,
                id.subject(),
                description.payload().put(ConversationRows.UNSPOKEN, unspoken),
                ids.now(),
                null);
        return new Unit(
                context,
                List.of(new StreamAppend(id.stream(), Expected.any(), List.of(event))),
                List.of(notDeleted(id), asCounted(id, row)),
                List.of());
    }

    /// Conversations in the order of their rows, with what was last said of them.
    private List<Conversation> conversations(TenantView view, List<Row> rows) {
        var places = rows.stream()
                .filter(row -> row.numberOrNull("described") != null)
                .map(row -> new StreamVersion(new ConversationId(row.text("id")).stream(), row.number("described")))
                .toList();
        var said = (places.isEmpty() ? List.<Event>of() : view.events(places))
                .stream()
                        .filter(event -> event.payload() instanceof Payload.Open)
                        .collect(Collectors.toMap(
                                event -> event.stream().id(),
                                event -> Conversation.Description.of(
                                        event.payload().needed().orElseThrow())));
        return rows.stream()
                .map(row -> conversation(
                        view.tenant(), row, said.getOrDefault(row.text("id"), Conversation.Description.NONE)))
                .toList();
    }

    private Conversation conversation(Tenant tenant, Row row, Conversation.Description described) {
        return new Conversation(
                new ConversationId(row.text("id")),
                row.number("last_sequence") - unspoken(row),
                Times.instant(row.number("created_at")),
                Times.instant(row.number("updated_at")),
                position(tenant, row),
                described);
    }

    private Position position(Tenant tenant, Row row) {
        return log.position(log.partition(tenant), row.number("position"));
    }
}
