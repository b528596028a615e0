package io.cairn.cli;

import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/// How far a command has come, drawn on stderr while somebody watches it.
final class Progress implements AutoCloseable {
    private final @Nullable ProgressBar bar;

    private Progress(@Nullable ProgressBar bar) {
        this.bar = bar;
    }

    /// A `total` of -1 means that nobody knows it yet.
    static Progress on(Terminal terminal, String task, String unit, long total) {
        if (!terminal.bars()) {
            return new Progress(null);
        }
        return new Progress(new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(total)
                .setUnit(" " + unit, 1)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(200)
                .setConsumer(new ConsoleProgressBarConsumer(terminal.err(), terminal.width() - 1))
                .showSpeed()
                .build());
    }

    void step() {
        if (bar != null) {
            bar.step();
        }
    }

    void to(long done) {
        if (bar != null) {
            bar.stepTo(done);
        }
    }

    void total(long total) {
        if (bar != null) {
            bar.maxHint(total);
        }
    }

    void say(String message) {
        if (bar != null) {
            bar.setExtraMessage(" " + message);
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
