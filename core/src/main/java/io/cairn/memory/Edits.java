package io.cairn.memory;

import io.cairn.event.Appended;
import io.cairn.event.EventLog;
import io.cairn.event.Expected;
import io.cairn.event.Ids;
import io.cairn.event.NewEvent;
import io.cairn.event.Position;
import io.cairn.event.Recorded;
import io.cairn.event.StorageException;
import io.cairn.event.StreamAppend;
import io.cairn.event.TenantView;
import io.cairn.event.Unit;
import io.cairn.row.Row;
import io.cairn.row.RowExpectation;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.JsonNodeFactory;

/// What is changed about conversations besides their messages: they are deleted, as a whole or message by message, and
/// described.
final class Edits {
    private static final int ATTEMPTS_MAX = 10;

    private final EventLog log;
    private final Ids ids;

    Edits(EventLog log, Ids ids) {
        this.log = log;
        this.ids = ids;
    }

    /// Deletes a conversation for good: its id stays burnt.
    ///
    /// @return where the deletion stands in the log, or nothing if there was no such conversation
    Optional<Position> delete(Context context, ConversationId id) {
        var known = log.read(context.tenant(), view -> view.row(ConversationRows.TABLE, Standing.key(id)));
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
    Optional<Position> delete(Context context, ConversationId id, String message) {
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
        throw contended("delete a message");
    }

    /// @param deletion where the message's deletion stands in the log
    private record Found(Row conversation, long sequence, Optional<Position> deletion) {}

    private Optional<Found> found(TenantView view, ConversationId id, String message) {
        var row = view.row(ConversationRows.TABLE, Standing.key(id)).filter(Standing::stands);
        var recorded = row.isEmpty() ? Optional.<Recorded>empty() : view.find(Message.eventId(id, message));
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
                .put(ConversationRows.UNSPOKEN, Standing.unspoken(found.conversation()) + 2);
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
                List.of(Standing.notDeleted(id), asCounted(id, Optional.of(found.conversation()))),
                List.of());
    }

    /// Of two concurrent edits one fails its expectation and computes the count again.
    private static RowExpectation asCounted(ConversationId id, Optional<Row> conversation) {
        return new RowExpectation.Cell(
                ConversationRows.TABLE,
                Standing.key(id),
                "unspoken",
                conversation.map(row -> row.numberOrNull("unspoken")).orElse(null));
    }

    /// Says what a conversation is about, in place of what was said before; makes it if there is none.
    ///
    /// @return where that stands in the log, or nothing if the conversation was deleted
    Optional<Position> describe(Context context, ConversationId id, Conversation.Description description) {
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            var known = log.read(context.tenant(), view -> described(view, id));
            if (known.row().filter(row -> !Standing.stands(row)).isPresent()) {
                return Optional.empty();
            }
            if (known.row().isPresent() && known.said().equals(description)) {
                return known.row().map(row -> position(context.tenant(), row));
            }
            if (log.append(description(context, id, description, known.row()))
                    instanceof Appended.Written(var at, var versions)) {
                return Optional.of(at);
            }
        }
        throw contended("describe it");
    }

    /// What was last said of a conversation, whose row there may not be yet.
    private record Described(Optional<Row> row, Conversation.Description said) {}

    private static Described described(TenantView view, ConversationId id) {
        return new Described(
                view.row(ConversationRows.TABLE, Standing.key(id)), Standing.described(view, id, Long.MAX_VALUE));
    }

    private Unit description(
            Context context, ConversationId id, Conversation.Description description, Optional<Row> row) {
        long unspoken = row.map(Standing::unspoken).orElse(0L) + 1;
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
                List.of(Standing.notDeleted(id), asCounted(id, row)),
                List.of());
    }

    private Position position(Tenant tenant, Row row) {
        return log.position(log.partition(tenant), row.number("position"));
    }

    private static StorageException contended(String what) {
        return new StorageException(
                StorageException.Kind.BUSY,
                "The conversation changed under each of %d attempts to %s".formatted(ATTEMPTS_MAX, what),
                new ConcurrentModificationException());
    }
}
