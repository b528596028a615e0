package io.cairn.bench;

import io.cairn.model.EmbeddingModel;
import io.cairn.model.Embeddings;
import io.cairn.tenant.Tenant;
import java.util.List;

/// A model that embeds as many passages as it is allowed to and lets the next ones wait.
final class Gate extends ForwardingModel {
    private final Embeddings embeddings;
    private long allowed;
    private long asked;
    private long passed;

    /// @param embeddings of the same model, with vectors that are at hand
    Gate(EmbeddingModel model, Embeddings embeddings) {
        super(model);
        this.embeddings = embeddings;
    }

    /// Allows any number of passages.
    synchronized Gate wideOpen() {
        allowed = Long.MAX_VALUE;
        notifyAll();
        return this;
    }

    /// Allows more passages, up to so many in all, and waits until those have been embedded or more are asked for.
    synchronized void open(long upTo) throws InterruptedException {
        allowed = upTo;
        notifyAll();
        while (passed < upTo && asked <= upTo) {
            wait();
        }
    }

    /// How many texts have been embedded; a passage has several.
    synchronized long passed() {
        return passed;
    }

    @Override
    public List<float[]> embedPassages(List<String> passages) {
        pass(passages.size());
        return embeddings.passages(Tenant.DEFAULT, passages);
    }

    private synchronized void pass(int some) {
        asked += some;
        notifyAll();
        try {
            while (asked > allowed) {
                wait();
            }
        } catch (InterruptedException e) {
            asked -= some;
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while passages waited", e);
        }
        passed += some;
        notifyAll();
    }
}
