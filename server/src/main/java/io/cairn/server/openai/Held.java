package io.cairn.server.openai;

import java.util.ArrayDeque;
import java.util.Deque;

/// What a call holds and gives back at its end, last taken first, unless somebody else has taken it over.
final class Held implements AutoCloseable {
    private final Deque<Runnable> releases = new ArrayDeque<>();

    synchronized void hold(Runnable release) {
        releases.push(release);
    }

    /// @return gives all of it back; nobody else does any more
    synchronized Runnable takeOver() {
        var taken = new Held();
        taken.releases.addAll(releases);
        releases.clear();
        return taken::close;
    }

    @Override
    public synchronized void close() {
        while (!releases.isEmpty()) {
            releases.pop().run();
        }
    }
}
