package io.cairn.adapter.tika;

import io.cairn.knowledge.Extraction;
import io.cairn.knowledge.Extraction.Reason;
import io.cairn.knowledge.Extraction.Refused;
import io.cairn.knowledge.Parts;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The parsing processes: started when files come, shared by all callers, ended when they are idle.
final class ParserPool implements AutoCloseable {
    private final ExtractionLimits limits;
    private final Class<?> main;
    private final Semaphore places;
    private final Deque<ParserProcess> idle = new ArrayDeque<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("parser-idle").factory());
    private long uses;
    private boolean closed;

    ParserPool(ExtractionLimits limits, Class<?> main) {
        this.limits = limits;
        this.main = main;
        this.places = new Semaphore(limits.processes(), true);
    }

    /// Reads the file in a process that is free, waiting for one if all are busy.
    ///
    /// A process that has read other files before may die of what they left behind: only a fresh one convicts.
    Extraction read(Upload upload) throws IOException, InterruptedException {
        return answer(process -> process.read(upload));
    }

    /// Gives the parts of the file, in the same manner.
    Parts unpack(Upload upload) throws IOException, InterruptedException {
        return answer(process -> process.unpack(upload));
    }

    private <T> T answer(Task<T> task) throws IOException, InterruptedException {
        places.acquire();
        try {
            ParserProcess process = take();
            boolean hasReadBefore = process.hasReadBefore();
            T answer = runAndGiveBack(process, task);
            return hasReadBefore && isCrash(answer) ? runAndGiveBack(ParserProcess.start(limits, main), task) : answer;
        } finally {
            places.release();
        }
    }

    private static boolean isCrash(Object answer) {
        return answer instanceof Refused refused && refused.reason() == Reason.CRASHED;
    }

    private <T> T runAndGiveBack(ParserProcess process, Task<T> task) throws InterruptedException {
        try {
            return task.run(process);
        } finally {
            giveBack(process);
        }
    }

    private ParserProcess take() throws IOException, InterruptedException {
        for (ParserProcess process = pollIdle(); process != null; process = pollIdle()) {
            if (process.isUsable()) {
                return process;
            }
            process.close();
        }
        return ParserProcess.start(limits, main);
    }

    private synchronized @Nullable ParserProcess pollIdle() {
        uses++;
        return idle.pollLast();
    }

    private synchronized void giveBack(ParserProcess process) {
        if (closed || !process.isUsable()) {
            process.close();
            return;
        }
        idle.addLast(process);
        long usesNow = uses;
        timer.schedule(() -> endIfUnusedSince(usesNow), limits.idle().toMillis(), TimeUnit.MILLISECONDS);
    }

    private synchronized void endIfUnusedSince(long usesThen) {
        if (uses == usesThen) {
            endIdle();
        }
    }

    private void endIdle() {
        idle.forEach(ParserProcess::close);
        idle.clear();
    }

    /// The process that would read the next file, if one is there.
    synchronized Optional<ProcessHandle> next() {
        return Optional.ofNullable(idle.peekLast()).map(ParserProcess::handle);
    }

    @Override
    public synchronized void close() {
        closed = true;
        timer.shutdownNow();
        endIdle();
    }

    /// What a process does with one file.
    private interface Task<T> {
        T run(ParserProcess process) throws InterruptedException;
    }
}
