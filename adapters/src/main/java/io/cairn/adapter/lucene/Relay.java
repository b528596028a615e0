package io.cairn.adapter.lucene;

import io.cairn.adapter.lucene.LuceneStore.Change;
import io.cairn.batch.Meanwhile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Passes many changes on to an index in their order, and writes them in another thread while whoever makes them makes
/// the next ones.
///
/// One thread at a time writes, so the documents of an index are in the order of the log. A few changes are written by
/// the one who made them. Once it is closed nothing is written any more.
final class Relay implements AutoCloseable {
    private static final int AT_ONCE = 200;

    private final PassageWriter writer;
    private List<Change> next = new ArrayList<>();
    private @Nullable Meanwhile<Boolean, IOException> writing;

    Relay(PassageWriter writer) {
        this.writer = writer;
    }

    void pass(Change change) throws IOException {
        next.add(change);
        if (next.size() == AT_ONCE) {
            await();
            var changes = next;
            next = new ArrayList<>();
            writing = Meanwhile.begin(() -> write(changes));
        }
    }

    /// Writes what is left.
    ///
    /// @throws IOException if this or anything before could not be written
    void finish() throws IOException {
        await();
        write(next);
    }

    private void await() throws IOException {
        if (writing != null) {
            writing.outcome();
        }
    }

    private boolean write(List<Change> changes) throws IOException {
        for (var change : changes) {
            change.on(writer);
        }
        return true;
    }

    @Override
    public void close() {
        if (writing != null) {
            writing.end();
        }
    }
}
