package io.cairn.client;

import io.cairn.client.wire.Deleted;
import io.cairn.client.wire.NewSchedule;
import io.cairn.client.wire.Page;
import io.cairn.client.wire.RetryParked;
import io.cairn.client.wire.Schedule;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Tasks that are enqueued again and again.
public final class Schedules {
    private final Transport transport;

    Schedules(Transport transport) {
        this.transport = transport;
    }

    /// Makes a schedule, or changes the one of this name.
    public Schedule put(String name, NewSchedule schedule) {
        return transport.send(Call.put(Address.of("schedules", name), schedule, Call.Again.HARMLESS), Schedule.class);
    }

    public Schedule get(String name) {
        return transport.send(Call.get(Address.of("schedules", name)), Schedule.class);
    }

    public Page<Schedule> list(@Nullable String after, @Nullable Integer limit) {
        Address address = Address.of("schedules").with("after", after).with("limit", limit);
        return transport.page(Call.get(address), Schedule.class);
    }

    /// All of them, read page by page.
    public Stream<Schedule> list() {
        return Pages.all(after -> list(after, null));
    }

    public Schedule pause(String name) {
        return ask(name, "pause");
    }

    public Schedule resume(String name) {
        return ask(name, "resume");
    }

    /// Lets it fire once more, besides its times.
    public Schedule run(String name) {
        return ask(name, "run");
    }

    /// Removes it; what it has enqueued stays.
    public Deleted delete(String name) {
        return transport.send(Call.delete(Address.of("schedules", name)), Deleted.class);
    }

    private Schedule ask(String name, String what) {
        Call call = Call.post(Address.of("schedules", name, what), new RetryParked(null), Call.Again.ONLY_IF_REFUSED);
        return transport.send(call, Schedule.class);
    }
}
