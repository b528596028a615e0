package io.cairn.adapter.sql;

import static java.util.stream.Collectors.joining;

import io.cairn.event.Head;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A statement with its values, or several that go to the database together and are carried out one after another.
///
/// @param arguments of all of them, in their order
record Message(String sql, List<@Nullable Object> arguments) {
    private static final String MOVE =
            "UPDATE partition_head SET position = %s, chain = ?, recorded_at = ? WHERE partition = ?";

    private static final String MOVE_TAKEN = MOVE.formatted("?");

    /// No partition has a position that is null, so where another head is found nothing of the transaction is kept.
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

    /// Moves the head that the transaction has taken.
    static Message moveHead(Head to) {
        return of(MOVE_TAKEN, to.number(), to.chain(), to.recordedAt(), to.partition());
    }

    /// Moves the head from where it is presumed, or fails.
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
