package io.cairn.client;

import io.cairn.client.wire.DeadLetterFilter;
import io.cairn.client.wire.DeadLettersAsked;
import io.cairn.client.wire.Page;
import io.cairn.client.wire.Task;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Tasks that gave up, as an operator sees them.
public final class DeadLetters {
    private final Transport transport;

    DeadLetters(Transport transport) {
        this.transport = transport;
    }

    public Page<Task> list(@Nullable String type, @Nullable String after, @Nullable Integer limit) {
        Address address = Address.of("dead-letters")
                .with("type", type)
                .with("after", after)
                .with("limit", limit);
        return transport.page(Call.get(address), Task.class);
    }

    /// All of them, read page by page.
    public Stream<Task> list(@Nullable String type) {
        return Pages.all(after -> list(type, after, null));
    }

    /// Those that fit, read page by page.
    public Stream<Task> fitting(DeadLetterFilter filter) {
        Stream<Task> fitting = Pages.all(after -> transport.page(
                Call.get(Address.of("dead-letters")
                        .with("type", filter.type())
                        .with("lane", filter.lane())
                        .with("key", filter.key())
                        .with("reason", filter.reason())
                        .with("before", filter.before())
                        .with("after", after)),
                Task.class));
        List<String> ids = filter.ids();
        if (ids != null) {
            fitting = fitting.filter(task -> ids.contains(task.id()));
        }
        Integer most = filter.limit();
        return most == null ? fitting : fitting.limit(most);
    }

    /// Lets those that fit begin anew, with their ids, keys and histories: 1,000 if the filter sets no
    /// limit. The answer says how many.
    public DeadLettersAsked replay(DeadLetterFilter filter) {
        return ask("replay", filter);
    }

    /// Gives those that fit up, for good: 1,000 if the filter sets no limit.
    public DeadLettersAsked discard(DeadLetterFilter filter) {
        return ask("discard", filter);
    }

    private DeadLettersAsked ask(String what, DeadLetterFilter filter) {
        Call call = Call.post(Address.of("dead-letters", what), filter, Call.Again.ONLY_IF_REFUSED);
        return transport.send(call, DeadLettersAsked.class);
    }

    public DeadLettersAsked replay(String id) {
        return ask(id, "replay");
    }

    public DeadLettersAsked discard(String id) {
        return ask(id, "discard");
    }

    /// Of these tasks, lets those begin anew that are dead letters.
    public DeadLettersAsked replay(List<String> ids) {
        return replay(DeadLetterFilter.ofIds(ids));
    }

    /// Of these tasks, gives those up that are dead letters.
    public DeadLettersAsked discard(List<String> ids) {
        return discard(DeadLetterFilter.ofIds(ids));
    }

    private DeadLettersAsked ask(String id, String what) {
        Call call = Call.post(Address.of("dead-letters", id, what), DeadLetterFilter.all(), Call.Again.ONLY_IF_REFUSED);
        return transport.send(call, DeadLettersAsked.class);
    }
}
