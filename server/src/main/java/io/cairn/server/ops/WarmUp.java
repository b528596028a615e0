package io.cairn.server.ops;

import io.cairn.recall.Query;
import io.cairn.recall.Recall;
import io.cairn.tenant.Tenant;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/// A first question that nobody asked: it loads the model, the detector of languages and the code of both legs, so that
/// a server that calls itself ready answers the first real one as fast as any other.
final class WarmUp implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Query QUESTION = Query.of("Is anybody there already?").limit(1);

    private final Recall recall;
    private volatile boolean running;
    private volatile boolean warm;
    private volatile long startedNanos = System.nanoTime();

    WarmUp(Recall recall) {
        this.recall = recall;
    }

    /// Whether the answer came, or takes so long that nobody should wait for it any longer.
    boolean isDone() {
        return warm || System.nanoTime() - startedNanos > PATIENCE.toNanos();
    }

    @Override
    public void start() {
        startedNanos = System.nanoTime();
        running = true;
        Thread.ofPlatform().name("cairn-warm-up").daemon(true).start(this::run);
    }

    /// Cairn's own tenant holds no text. A failure shows where real questions are asked.
    private void run() {
        try {
            recall.recall(Tenant.CAIRN, QUESTION);
        } catch (RuntimeException e) {
            LOG.warn("The first question, which only warms up, failed: {}", e.getMessage());
            LOG.debug("It failed here", e);
        } finally {
            warm = true;
        }
    }

    @Override
    public void stop() {
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
