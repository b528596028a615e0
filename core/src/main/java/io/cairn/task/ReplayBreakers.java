package io.cairn.task;

import io.cairn.guard.Breaker;
import io.cairn.guard.Failures;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/// The breakers of types that have none of their own, for those of their tasks that were replayed.
///
/// Ten thousand dead letters that are replayed at once would otherwise hammer the very service for whose sake they
/// died. Until it has answered one of them, no more are tried at a time than open the breaker.
final class ReplayBreakers {
    static final Breaker.Settings SETTINGS = new Breaker.Settings(3, Duration.ofSeconds(30));

    /// What a replay found out says nothing about one that comes so much later.
    private static final Duration FORGOTTEN_AFTER = Duration.ofHours(1);

    private final LongSupplier nanos;
    private final Map<String, Used> byType = new HashMap<>();

    private record Used(Breaker breaker, long at) {}

    /// What a task gets that the breaker turned away; it is put off.
    private static final Failures TURNED_AWAY = new Failures() {
        @Override
        public Kind kind(RuntimeException failure) {
            return Kind.UNKNOWN;
        }

        @Override
        public RuntimeException turnedAway(String message, Duration retryAfter) {
            return new IllegalStateException(message);
        }
    };

    ReplayBreakers(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /// The type as it holds for this task.
    TaskType guarding(TaskType type, TaskRow task) {
        return type.breaker() != null || task.count("replays") == 0 ? type : type.guardedBy(breaker(type.name()));
    }

    private Breaker breaker(String type) {
        long now = nanos.getAsLong();
        var known = byType.get(type);
        var breaker = known == null || now - known.at() > FORGOTTEN_AFTER.toNanos()
                ? new Breaker("handler of replayed " + type, TURNED_AWAY, SETTINGS, nanos)
                : known.breaker();
        byType.put(type, new Used(breaker, now));
        return breaker;
    }

    /// Whether as many run as may before the first has been done.
    boolean isTrying(Breaker breaker, long running) {
        return running >= SETTINGS.failures()
                && !breaker.hasAnswered()
                && byType.values().stream().anyMatch(used -> used.breaker() == breaker);
    }
}
