package io.cairn.adapter.sql;

import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes of one transaction that are collected and sent together, since each trip to the server takes time.
///
/// Writes to one row are carried out in their order; rows and tables do not depend on each other.
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
        var statements = writes.stream().map(Write::statement).distinct().toList();
        if (statements.size() == 1) {
            return List.of(writes);
        }
        int keyColumns = statements.getFirst().keyColumns();
        boolean keyed =
                keyColumns > 0 && statements.stream().allMatch(statement -> statement.keyColumns() == keyColumns);
        return keyed ? byKey(writes) : inARow(writes);
    }

    /// Each write goes into the first group of its statement that is not before an earlier write of its row.
    private static List<List<Write>> byKey(List<Write> writes) {
        var groups = new ArrayList<List<Write>>();
        var last = new HashMap<List<Object>, Integer>();
        for (var write : writes) {
            var key = write.key();
            int at = last.getOrDefault(key, 0);
            while (at < groups.size() && !isOf(write.statement(), groups.get(at))) {
                at++;
            }
            if (at == groups.size()) {
                groups.add(new ArrayList<>());
            }
            groups.get(at).add(write);
            last.put(key, at);
        }
        return groups;
    }

    private static List<List<Write>> inARow(List<Write> writes) {
        var groups = new ArrayList<List<Write>>();
        for (var write : writes) {
            if (groups.isEmpty() || !isOf(write.statement(), groups.getLast())) {
                groups.add(new ArrayList<>());
            }
            groups.getLast().add(write);
        }
        return groups;
    }

    private static boolean isOf(Insert statement, List<Write> group) {
        return group.getFirst().statement().equals(statement);
    }
}
