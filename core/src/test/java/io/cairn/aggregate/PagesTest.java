package io.cairn.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.aggregate.Account.Command;
import io.cairn.event.EventLog;
import io.cairn.event.EventType;
import io.cairn.event.Expected;
import io.cairn.event.Ids;
import io.cairn.event.LogStorage;
import io.cairn.event.NewEvent;
import io.cairn.event.ReadSnapshot;
import io.cairn.event.StreamAppend;
import io.cairn.event.StreamId;
import io.cairn.event.Unit;
import io.cairn.seal.MasterKey;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.lang.reflect.Proxy;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/// How much of a stream is in memory at once.
class PagesTest {
    private static final int EVENTS = 1_000;

    private final List<Integer> sizes = new ArrayList<>();

    @Test
    void noMoreThanAPageOfAStreamIsHeldAtOnce() {
        var random = new SecureRandom();
        var ids = new Ids(Clock.systemUTC(), random);
        try (var log = EventLog.on(watched(LogStorage.inMemory(EventLog.tables())))
                .sealedWith(MasterKey.random(random))
                .ids(ids)
                .random(random)
                .start()) {
            var payload = JsonMapper.shared().createObjectNode().put("amount", 1);
            var stream = new StreamId("account", "a-1");
            var type = new EventType("account.paid_in");
            var events = IntStream.range(0, EVENTS)
                    .mapToObj(i -> new NewEvent(ids.next(), type, 1, "ana", payload, ids.now(), null))
                    .toList();
            log.append(Unit.of(
                    new Context(Tenant.DEFAULT, "tester", "corr"), new StreamAppend(stream, Expected.none(), events)));
            var accounts = new Aggregates<Command, Account.Event, Account>(
                    log, new Account.Rules(), Account.CODEC, Clock.systemUTC(), new AggregateSettings(100, 1, 64));

            assertThat(accounts.load(Tenant.DEFAULT, new AggregateId("a-1")).version())
                    .isEqualTo(EVENTS);
        }
        assertThat(sizes).hasSize(EVENTS / 64 + 1).allMatch(size -> size <= 64);
    }

    private LogStorage watched(LogStorage real) {
        return with(real, LogStorage.class, "read", arguments -> {
            @SuppressWarnings("unchecked")
            var work = (Function<ReadSnapshot, Object>) arguments[0];
            return real.<Object>read(snapshot -> work.apply(watched(snapshot)));
        });
    }

    private ReadSnapshot watched(ReadSnapshot real) {
        return with(real, ReadSnapshot.class, "stream", arguments -> {
            var page = real.stream(
                    (Tenant) arguments[0], (StreamId) arguments[1], (long) arguments[2], (int) arguments[3]);
            sizes.add(page.size());
            return page;
        });
    }

    private static <T> T with(T real, Class<T> type, String name, Function<Object[], Object> instead) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    if (method.getName().equals(name)) {
                        return instead.apply(arguments);
                    }
                    method.setAccessible(true);
                    return method.invoke(real, arguments);
                }));
    }
}
