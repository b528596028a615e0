package io.cairn.task;

import io.cairn.event.EventLog;
import io.cairn.event.TenantView;
import io.cairn.row.RowKey;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The tasks that gave up, as an operator sees them.
public final class DeadLetters {
    private static final int SCAN = 500;

    private final EventLog log;
    private final Tasks tasks;

    public DeadLetters(EventLog log, Tasks tasks) {
        this.log = log;
        this.tasks = tasks;
    }

    /// Which of them are meant; what is null does not matter.
    ///
    /// @param reason stands somewhere in why it gave up
    /// @param before it gave up
    public record Filter(
            @Nullable String type,
            @Nullable String lane,
            @Nullable String key,
            @Nullable String reason,
            @Nullable Instant before) {
        public static Filter all() {
            return new Filter(null, null, null, null, null);
        }

        boolean fits(Task task) {
            var ended = task.endedAt();
            var why = task.reason();
            return (type == null || type.equals(task.type()))
                    && (lane == null || lane.equals(task.lane()))
                    && (key == null || key.equals(task.key()))
                    && (reason == null || why != null && why.contains(reason))
                    && (before == null || ended != null && ended.isBefore(before));
        }
    }

    /// A dead letter with the place behind which the list goes on.
    public record Listed(Task task, String place) {}

    /// By type, and those that gave up first first.
    public List<Listed> list(Tenant tenant, Filter filter, @Nullable String after, int limit) {
        var found = new ArrayList<Listed>();
        var from = after == null ? null : placed(after);
        List<Listed> page;
        do {
            var behind = from;
            page = log.read(tenant, view -> page(view, filter, behind));
            page.stream().filter(listed -> filter.fits(listed.task())).forEach(found::add);
            from = page.isEmpty() ? from : placed(page.getLast().place());
        } while (page.size() == SCAN && found.size() < limit);
        return found.stream().limit(limit).toList();
    }

    private List<Listed> page(TenantView view, Filter filter, @Nullable Place after) {
        var prefix = filter.type() == null ? new RowKey(List.of()) : TaskTables.DEAD.key(filter.type());
        var key = after == null ? null : TaskTables.DEAD.key(after.type(), after.at(), after.id());
        var dead = view.rows(TaskTables.DEAD, prefix, key, SCAN);
        var seen = tasks.seen(view, dead.stream().map(row -> row.text("id")).collect(Collectors.toSet()));
        return dead.stream()
                .map(row -> new Listed(
                        Objects.requireNonNull(seen.get(row.text("id"))),
                        new Place(row.text("type"), row.number("at"), row.text("id")).toString()))
                .toList();
    }

    /// How many a tenant has.
    public static long count(EventLog log, Tenant tenant) {
        return log.read(tenant, view -> view.count(TaskTables.DEAD));
    }

    /// Where one stands in the list.
    private record Place(String type, long at, String id) {
        @Override
        public String toString() {
            return type + "/" + at + "/" + id;
        }
    }

    /// @throws IllegalArgumentException if it is no place
    private static Place placed(String text) {
        var parts = text.split("/", -1);
        if (parts.length != 3 || !parts[1].matches("[0-9]{1,18}")) {
            throw new IllegalArgumentException("'%s' is not where a dead letter stands".formatted(text));
        }
        return new Place(parts[0], Long.parseLong(parts[1]), parts[2]);
    }

    /// Lets those that fit begin anew, with their ids, keys and histories, of each type in the order in which they gave
    /// up.
    ///
    /// @return how many were asked to; it happens a moment later
    public int replay(Context context, Filter filter, int most) {
        return ask(context, filter, most, InboxMessage.REPLAY);
    }

    /// Gives up, for good, those that fit.
    ///
    /// @return how many were asked to; it happens a moment later
    public int discard(Context context, Filter filter, int most) {
        return ask(context, filter, most, InboxMessage.DISCARD);
    }

    private int ask(Context context, Filter filter, int most, InboxMessage what) {
        return ask(context, list(context.tenant(), filter, null, most).stream().map(Listed::task), what);
    }

    /// Of these tasks, lets those begin anew that are dead letters and fit, in the order in which they
    /// gave up.
    ///
    /// @return how many were asked to; it happens a moment later
    public int replay(Context context, Collection<TaskId> ids, Filter filter, int most) {
        return ask(context, these(context.tenant(), ids, filter).limit(most), InboxMessage.REPLAY);
    }

    /// Of these tasks, gives those up, for good, that are dead letters and fit.
    ///
    /// @return how many were asked to; it happens a moment later
    public int discard(Context context, Collection<TaskId> ids, Filter filter, int most) {
        return ask(context, these(context.tenant(), ids, filter).limit(most), InboxMessage.DISCARD);
    }

    private Stream<Task> these(Tenant tenant, Collection<TaskId> ids, Filter filter) {
        var wanted = ids.stream().map(TaskId::toString).collect(Collectors.toSet());
        return log.read(tenant, view -> tasks.seen(view, wanted)).values().stream()
                .filter(task -> task.state() == TaskState.DEAD && filter.fits(task))
                .sorted(Comparator.comparing((Task task) -> Objects.requireNonNull(task.endedAt()))
                        .thenComparing(task -> task.id().value()));
    }

    private int ask(Context context, Stream<Task> letters, InboxMessage what) {
        var all = letters.map(Task::id).toList();
        for (int from = 0; from < all.size(); from += SCAN) {
            tasks.ask(context, what, all.subList(from, Math.min(all.size(), from + SCAN)));
        }
        return all.size();
    }
}
