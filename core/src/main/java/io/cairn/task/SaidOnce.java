package io.cairn.task;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// What a process has told its log of tasks that it cannot do: once, however often it finds that out.
final class SaidOnce {
    /// So that it neither grows for ever nor fills the log.
    private static final int SAID_MAX = 1000;

    private final Set<String> said = ConcurrentHashMap.newKeySet();

    void log(System.Logger log, System.Logger.Level level, String what) {
        if (said.size() < SAID_MAX && said.add(what)) {
            log.log(level, what);
        }
    }
}
