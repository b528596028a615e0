package io.cairn.testkit;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Callable;

/// Outcomes that a test has written down, one for each call, before the real work is done.
///
/// ```java
/// var script = new Scripted<Outcome>().returning(Outcome.retry("busy")).crashing();
/// TaskType.of("mail", "default", run -> script.or(() -> send(run)))
/// ```
///
/// @param <T> what a call returns
public final class Scripted<T> {
    private final Queue<Callable<T>> steps = new ArrayDeque<>();
    private int calls;

    public Scripted<T> returning(T outcome) {
        steps.add(() -> outcome);
        return this;
    }

    public Scripted<T> failing(Exception why) {
        steps.add(() -> {
            throw why;
        });
        return this;
    }

    /// The process dies instead of the work.
    public Scripted<T> crashing() {
        steps.add(() -> {
            throw new Crash();
        });
        return this;
    }

    /// The next thing that is written down, or the real work once nothing is left.
    public T or(Callable<T> work) throws Exception {
        calls++;
        var step = steps.poll();
        return step == null ? work.call() : step.call();
    }

    /// Whether everything that was written down has happened.
    public boolean isOver() {
        return steps.isEmpty();
    }

    public int calls() {
        return calls;
    }
}
