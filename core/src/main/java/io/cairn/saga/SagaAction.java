package io.cairn.saga;

import io.cairn.task.RetryPolicy;
import io.cairn.tenant.Context;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Something that a saga has done elsewhere, how it is found out whether it was done, and how it is undone.
///
/// ```java
/// SagaAction.named("reserve", call -> Reply.done(agents.reserve(call.key(), call.payload())))
///         .probedBy(call -> agents.reserved(call.key()) ? Probed.happened() : Probed.didNot())
///         .undoneBy(call -> agents.release(call.key()))
/// ```
///
/// @param attemptsMax after which it is given up
/// @param within which time it must be done, all attempts and waits included
/// @param probe null if nobody can tell: what may have happened is then undone, so undoing must bear it
/// @param undo null if there is nothing to undo
public record SagaAction(
        String name,
        Acting acting,
        @Nullable Probing probe,
        @Nullable Undoing undo,
        int attemptsMax,
        Duration within) {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,29}");
    private static final int ATTEMPTS = 3;
    private static final Duration TIME = Duration.ofMinutes(10);

    /// Does it. What it throws, or takes too long for, may have happened; it is tried again with the same key.
    @FunctionalInterface
    public interface Acting {
        Reply act(Call call) throws Exception;
    }

    /// Finds out whether it was done, under this key.
    @FunctionalInterface
    public interface Probing {
        Probed probe(Call call) throws Exception;
    }

    /// Undoes it; as often as it is asked to, it is undone once.
    @FunctionalInterface
    public interface Undoing {
        void undo(Call call) throws Exception;
    }

    /// What an action is asked to do.
    ///
    /// @param key the same for all attempts, the probe and the compensation: what comes with one key is to be done
    ///     once
    /// @param payload as the saga gave it
    /// @param result of the action, where it is undone; null if it is not known
    public record Call(String key, Context context, JsonNode payload, JsonNode result) {}

    /// How it went.
    public sealed interface Reply {
        record Done(JsonNode result) implements Reply {}

        /// It did not happen, and never will. An earlier attempt may have happened nevertheless, so it is then probed.
        record Failed(String reason) implements Reply {}

        /// It is to be tried again.
        record Retry(String reason, @Nullable Duration after) implements Reply {}

        static Reply done(JsonNode result) {
            return new Done(result);
        }

        static Reply failed(String reason) {
            return new Failed(reason);
        }

        static Reply retry(String reason) {
            return new Retry(reason, null);
        }
    }

    /// What a probe found out.
    public sealed interface Probed {
        /// It was done.
        record Happened() implements Probed {}

        /// It was not done.
        record DidNot() implements Probed {}

        /// Ask again later.
        record Unclear(String reason) implements Probed {}

        static Probed happened() {
            return new Happened();
        }

        static Probed didNot() {
            return new DidNot();
        }

        static Probed unclear(String reason) {
            return new Unclear(reason);
        }
    }

    public SagaAction {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "An action is named with up to 30 lower-case letters, digits and hyphens, not '%s'"
                            .formatted(name));
        }
        if (attemptsMax < 1 || !within.isPositive()) {
            throw new IllegalArgumentException("Action %s needs an attempt and some time; found %d within %s"
                    .formatted(name, attemptsMax, within));
        }
    }

    public static SagaAction named(String name, Acting acting) {
        return new SagaAction(name, acting, null, null, ATTEMPTS, TIME);
    }

    public SagaAction probedBy(Probing asked) {
        return new SagaAction(name, acting, asked, undo, attemptsMax, within);
    }

    public SagaAction undoneBy(Undoing undoing) {
        return new SagaAction(name, acting, probe, undoing, attemptsMax, within);
    }

    public SagaAction attempts(int max) {
        return new SagaAction(name, acting, probe, undo, max, within);
    }

    public SagaAction within(Duration time) {
        return new SagaAction(name, acting, probe, undo, attemptsMax, time);
    }

    /// The task of an attempt never gives up by itself before the saga does, crashes aside.
    RetryPolicy retry() {
        return RetryPolicy.defaults().attempts(attemptsMax).givingUpAfter(within);
    }
}
