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
import io.cairn.event.StreamAppend;
import io.cairn.event.StreamVersion;
import io.cairn.event.Tally;
import io.cairn.event.TenantView;
import io.cairn.event.Times;
import io.cairn.event.Unit;
import io.cairn.event.UnreadableException;
import io.cairn.feature.Feature;
import io.cairn.row.Row;
import io.cairn.row.RowKey;
import io.cairn.schema.DeclaredType;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import io.cairn.text.Language;
import io.cairn.text.LanguageDetector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/// The memory of conversations: one event per message, in one stream per conversation.
///
/// An event's id follows from the ids of the conversation and the message. That makes adding idempotent without any
/// look-up: the log itself says which messages it already has.
public final class Conversations {
    private static final int SCAN = 500;

    private final EventLog log;
    private final LanguageDetector detector;
    private final Ids ids;
    private final Edits edits;

    public Conversations(EventLog log, LanguageDetector detector, Ids ids) {
        this.log = log;
        this.detector = detector;
        this.ids = ids;
        this.edits = new Edits(log, ids);
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
        messages.forEach(message -> events.put(Message.eventId(id, message.id()), message));
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
                List.of(Standing.notDeleted(id)),
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
                .filter(message -> !recorded.containsKey(Message.eventId(id, message.id())))
                .toList();
        if (fresh.isEmpty()) {
            return new MessagesAdded.Added(at, sequences(id, messages, recorded, Map.of()), false);
        }
        return switch (add(context, id, fresh)) {
            case MessagesAdded.Added(var last, var added, var created) -> {
                var sequences = new HashMap<UUID, Long>();
                for (int i = 0; i < fresh.size(); i++) {
                    sequences.put(Message.eventId(id, fresh.get(i).id()), added.get(i));
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
        var deleted = log.read(tenant, view -> Standing.deleted(view, Map.of(id, sequences)));
        return messages.stream()
                .filter(message -> {
                    var known = recorded.get(Message.eventId(id, message.id()));
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
                    .filter(message -> recorded.containsKey(Message.eventId(id, message.id())))
                    .filter(message -> known.getOrDefault(Message.eventId(id, message.id()), Optional.empty())
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
            var eventId = Message.eventId(id, message.id());
            var known = recorded.get(eventId);
            sequences.add(known != null ? known.version() : added.getOrDefault(eventId, 0L));
        }
        return sequences;
    }

    /// The conversation, unless there is none or it was deleted.
    public Optional<Conversation> find(Tenant tenant, ConversationId id) {
        return log.read(tenant, view -> {
            var row = view.row(ConversationRows.TABLE, Standing.key(id)).stream()
                    .filter(Standing::stands)
                    .toList();
            return conversations(view, row).stream().findFirst();
        });
    }

    /// Conversations in the order of their ids.
    public List<Conversation> list(Tenant tenant, @Nullable ConversationId after, int limit) {
        return log.read(tenant, view -> {
            var found = new ArrayList<Conversation>();
            var from = after == null ? null : Standing.key(after);
            List<Row> rows;
            do {
                rows = view.rows(ConversationRows.TABLE, new RowKey(List.of()), from, SCAN);
                found.addAll(conversations(
                        view,
                        rows.stream()
                                .filter(Standing::stands)
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
                view -> view.row(ConversationRows.TABLE, Standing.key(id))
                        .filter(Standing::stands)
                        .map(row -> Standing.messages(view, id, row, afterSequence, limit))
                        .orElse(List.of()));
    }

    /// The last messages, in order; none if there is no such conversation.
    public List<Message> latest(Tenant tenant, ConversationId id, int limit) {
        return log.read(
                tenant,
                view -> view.row(ConversationRows.TABLE, Standing.key(id))
                        .filter(Standing::stands)
                        .map(row -> Standing.latest(view, id, row, limit))
                        .orElse(List.of()));
    }

    /// Deletes a conversation for good: its id stays burnt.
    ///
    /// @return where the deletion stands in the log, or nothing if there was no such conversation
    public Optional<Position> delete(Context context, ConversationId id) {
        return edits.delete(context, id);
    }

    /// Deletes one message for good: its id stays burnt, and the conversation goes on without it.
    ///
    /// @return where the deletion stands in the log, or nothing if there was no such message
    public Optional<Position> delete(Context context, ConversationId id, String message) {
        return edits.delete(context, id, message);
    }

    /// Says what a conversation is about, in place of what was said before; makes it if there is none.
    ///
    /// @return where that stands in the log, or nothing if the conversation was deleted
    public Optional<Position> describe(Context context, ConversationId id, Conversation.Description description) {
        return edits.describe(context, id, description);
    }

    private NewEvent event(ConversationId id, NewMessage message) {
        var at = message.at();
        return new NewEvent(
                Message.eventId(id, message.id()),
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
                row.number("last_sequence") - Standing.unspoken(row),
                Times.instant(row.number("created_at")),
                Times.instant(row.number("updated_at")),
                position(tenant, row),
                described);
    }

    private Position position(Tenant tenant, Row row) {
        return log.position(log.partition(tenant), row.number("position"));
    }
}
