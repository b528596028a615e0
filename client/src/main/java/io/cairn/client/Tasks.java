package io.cairn.client;

import io.cairn.client.wire.EnqueueTasks;
import io.cairn.client.wire.EnqueuedTask;
import io.cairn.client.wire.EnqueuedTasks;
import io.cairn.client.wire.LaneStatus;
import io.cairn.client.wire.NewTask;
import io.cairn.client.wire.Page;
import io.cairn.client.wire.RetryParked;
import io.cairn.client.wire.Task;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Durable tasks: enqueueing them, looking at them, cancelling them.
public final class Tasks {
    private final Transport transport;
    private final Supplier<String> ids;

    Tasks(Transport transport, Supplier<String> ids) {
        this.transport = transport;
        this.ids = ids;
    }

    public EnqueuedTask enqueue(NewTask task) {
        return enqueue(List.of(task)).getFirst();
    }

    /// Enqueues tasks in one unit of work; each gets an id here if it has none.
    public List<EnqueuedTask> enqueue(List<NewTask> tasks) {
        List<NewTask> named = tasks.stream()
                .map(task -> task.id() == null ? task.withId(ids.get()) : task)
                .toList();
        Call call = Call.post(Address.of("tasks"), new EnqueueTasks(named), Call.Again.HARMLESS);
        return transport.send(call, EnqueuedTasks.class).tasks();
    }

    public Task get(String id) {
        return transport.send(Call.get(Address.of("tasks", id)), Task.class);
    }

    /// @param state such as `ready`, `running` or `later`
    public Page<Task> list(
            @Nullable String state,
            @Nullable String type,
            @Nullable String lane,
            @Nullable String after,
            @Nullable Integer limit) {
        Address address = Address.of("tasks")
                .with("state", state)
                .with("type", type)
                .with("lane", lane)
                .with("after", after)
                .with("limit", limit);
        return transport.page(Call.get(address), Task.class);
    }

    /// All of them, read page by page.
    public Stream<Task> list(@Nullable String state, @Nullable String type, @Nullable String lane) {
        return Pages.all(after -> list(state, type, lane, after, null));
    }

    /// Asks for a task not to be done any more; one that runs is told so.
    public Task cancel(String id) {
        Call call = Call.post(Address.of("tasks", id, "cancel"), new RetryParked(null), Call.Again.ONLY_IF_REFUSED);
        return transport.send(call, Task.class);
    }

    public List<LaneStatus> lanes() {
        Page<LaneStatus> page = transport.page(Call.get(Address.of("lanes")), LaneStatus.class);
        return page.items();
    }
}
