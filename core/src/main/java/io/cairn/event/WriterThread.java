package io.cairn.event;

import java.util.concurrent.atomic.AtomicBoolean;

/// The thin shell around a writer's steps: a platform thread, since database drivers pin virtual ones.
///
/// It is no [Loop][io.cairn.guard.Loop], which differs in both ways in which this one ends. A loop's thread is never
/// interrupted, while a writer waits in its queue for the next unit of work, and an interrupt is what ends that wait.
/// And a loop takes no further turn once it is closed, while a writer first finishes every unit that it has
/// taken, since somebody waits for the answer.
final class WriterThread implements AutoCloseable {
    private final Thread thread;
    private final AtomicBoolean stopping;

    private WriterThread(Thread thread, AtomicBoolean stopping) {
        this.thread = thread;
        this.stopping = stopping;
    }

    static WriterThread start(String name, PartitionWriter writer) {
        var stopping = new AtomicBoolean();
        var thread = Thread.ofPlatform().name(name).daemon(true).start(() -> run(writer, stopping));
        return new WriterThread(thread, stopping);
    }

    private static void run(PartitionWriter writer, AtomicBoolean stopping) {
        try {
            while (!stopping.get()) {
                writer.step();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Thread.interrupted();
        while (writer.stepNow()) {
            // what was taken is finished
        }
    }

    @Override
    public void close() {
        stopping.set(true);
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
