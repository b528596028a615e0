package io.cairn.client;

import io.cairn.client.wire.DeadLetterFilter;
import io.cairn.client.wire.DeadLettersAsked;
import io.cairn.client.wire.Page;
import io.cairn.client.wire.Task;
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
        Integer most = filter.limit();
        return most == null ? fitting : fitting.limit(most);
    }

    /// Lets those that fit begin anew, with their ids, keys and histories.
    public DeadLettersAsked replay(DeadLetterFilter filter) {
        return ask("replay", filter);
    }

    /// Gives those that fit up, for good.
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

    private DeadLettersAsked ask(String id, String what) {
        Call call = Call.post(Address.of("dead-letters", id, what), DeadLetterFilter.all(), Call.Again.ONLY_IF_REFUSED);
        return transport.send(call, DeadLettersAsked.class);
    }
}
