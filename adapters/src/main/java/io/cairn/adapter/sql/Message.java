package io.cairn.adapter.sql;

import static java.util.stream.Collectors.joining;

import io.cairn.event.Head;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One statement with its values, or several that are sent to the database together and carried out one after another.
///
/// @param arguments the values of all statements, in their order
record Message(String sql, List<@Nullable Object> arguments) {
    private static final String MOVE =
            "UPDATE partition_head SET position = %s, chain = ?, recorded_at = ? WHERE partition = ?";

    private static final String MOVE_TAKEN = MOVE.formatted("?");

    /// Sets the position to null, which is not allowed, where another head is found than the presumed one: so the
    /// transaction fails as a whole.
    private static final String MOVE_PRESUMED =
            MOVE.formatted("CASE WHEN position = ? AND chain = ? AND recorded_at = ? THEN ? END");

    static Message of(String sql, @Nullable Object... arguments) {
        return new Message(sql, Arrays.asList(arguments));
    }

    static Message joined(List<Message> messages) {
        var all = new ArrayList<@Nullable Object>();
        messages.forEach(message -> all.addAll(message.arguments));
        return new Message(messages.stream().map(Message::sql).collect(joining("; ")), all);
    }

    /// Moves a head that the transaction has locked.
    static Message moveHead(Head to) {
        return of(MOVE_TAKEN, to.number(), to.chain(), to.recordedAt(), to.partition());
    }

    /// Moves a head that was only presumed; fails if it is not where it was presumed to be.
    static Message moveHead(Head presumed, Head to) {
        return of(
                MOVE_PRESUMED,
                presumed.number(),
                presumed.chain(),
                presumed.recordedAt(),
                to.number(),
                to.chain(),
                to.recordedAt(),
                to.partition());
    }
}
