package io.cairn.adapter.sql;

import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes of one transaction that are collected and sent together, since each trip to the server takes time.
///
/// Writes to one table are carried out in their order; tables do not depend on each other.
final class PendingWrites {
    private record Write(Insert statement, Object[] arguments) {
        /// The row that it may find there.
        List<Object> key() {
            return Arrays.stream(arguments)
                    .limit(statement.keyColumns())
                    .map(part -> part instanceof byte[] bytes ? ByteBuffer.wrap(bytes) : part)
                    .toList();
        }
    }

    /// The most that one message holds. The server would take a gigabyte, but a message is copied in this process.
    private static final long BYTES_MAX = 8 << 20;

    /// What has to be done before anything is sent. Only the [last message][#behind] may go out without it.
    @FunctionalInterface
    interface Preparation {
        void run() throws SQLException;
    }

    private final SqlSession session;
    private final Preparation beforeSending;
    private final int countMax;
    private final Map<String, List<Write>> tables = new LinkedHashMap<>();
    private int count;
    private long bytes;

    PendingWrites(SqlSession session, Preparation beforeSending) {
        this.session = session;
        this.beforeSending = beforeSending;
        this.countMax = session.dialect().writesAtOnce();
    }

    void add(String table, Insert statement, Object... arguments) throws SQLException {
        tables.computeIfAbsent(table, name -> new ArrayList<>()).add(new Write(statement, arguments));
        count++;
        bytes += bytes(arguments);
        if (count >= countMax || bytes >= BYTES_MAX) {
            session.more(1);
            send();
        }
    }

    private static long bytes(Object[] arguments) {
        long sum = 0;
        for (var argument : arguments) {
            sum += argument instanceof byte[] some ? some.length : 0;
        }
        return sum;
    }

    /// Sends what waits for a table; is called before the table is read.
    void sendFor(String table) throws SQLException {
        if (tables.containsKey(table)) {
            send();
        }
    }

    void send() throws SQLException {
        send(taken());
    }

    private void send(List<List<Write>> groups) throws SQLException {
        if (!groups.isEmpty()) {
            beforeSending.run();
        }
        for (var writes : groups) {
            sendOne(writes);
        }
    }

    private void sendOne(List<Write> writes) throws SQLException {
        if (isOne(writes)) {
            session.update(message(writes));
        } else {
            session.updateAll(
                    writes.getFirst().statement().one(),
                    writes.stream().map(Write::arguments).toList());
        }
    }

    /// Adds all that waits to a message behind its first statement, if it fits; otherwise sends it before.
    Message behind(Message first) throws SQLException {
        var groups = taken();
        if (!session.dialect().isAway() || !groups.stream().allMatch(this::isOne)) {
            send(groups);
            return first;
        }
        var all = new ArrayList<Message>();
        all.add(first);
        for (var writes : groups) {
            all.add(message(writes));
        }
        return Message.joined(all);
    }

    /// Whether all of them go out as one statement.
    private boolean isOne(List<Write> writes) {
        var statement = writes.getFirst().statement();
        return writes.size() == 1
                || session.dialect().isAway()
                        && !statement.many().isEmpty()
                        && (statement.keyColumns() == 0 || areDistinct(writes));
    }

    private static boolean areDistinct(List<Write> writes) {
        return writes.stream().map(Write::key).distinct().count() == writes.size();
    }

    private Message message(List<Write> writes) throws SQLException {
        if (writes.size() == 1) {
            return Message.of(
                    writes.getFirst().statement().one(), writes.getFirst().arguments());
        }
        var statement = writes.getFirst().statement();
        var columns = statement.columns(writes.stream().map(Write::arguments).toList());
        var arrays = new ArrayList<@Nullable Object>();
        for (int i = 0; i < columns.size(); i++) {
            arrays.add(session.connection().createArrayOf(statement.types().get(i), columns.get(i)));
        }
        return new Message(statement.many(), arrays);
    }

    /// What waits, in groups; each group takes one statement, or one batch of a statement.
    private List<List<Write>> taken() {
        var groups = tables.values().stream()
                .flatMap(writes -> groups(writes).stream())
                .toList();
        count = 0;
        bytes = 0;
        tables.clear();
        return groups;
    }

    private static List<List<Write>> groups(List<Write> writes) {
        var groups = new ArrayList<List<Write>>();
        int from = 0;
        for (int to = 1; to <= writes.size(); to++) {
            if (to == writes.size()
                    || !writes.get(to).statement().equals(writes.get(from).statement())) {
                groups.add(writes.subList(from, to));
                from = to;
            }
        }
        return groups;
    }
}
