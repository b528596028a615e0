package io.cairn.adapter.lucene;

import io.cairn.projection.DamagedException;
import io.cairn.projection.Projection;

/// What an index of words and one of vectors have in common as projections: all of it is their store's.
abstract sealed class LuceneIndex implements Projection permits LuceneLexicalIndex, LuceneDenseIndex {
    final LuceneStore store;

    LuceneIndex(LuceneStore store) {
        this.store = store;
    }

    /// 0 while nobody can be asked.
    public long passages() {
        try {
            return store.ask(searcher -> (long) searcher.getIndexReader().numDocs());
        } catch (DamagedException beginsAnew) {
            return 0;
        }
    }

    @Override
    public void mend() {
        store.mend();
    }

    @Override
    public void publish() {
        store.publish();
    }

    @Override
    public void commit() {
        store.commit();
    }

    @Override
    public long applied(int partition) {
        return store.applied(partition);
    }

    @Override
    public long visible(int partition) {
        return store.visible(partition);
    }

    @Override
    public long durable(int partition) {
        return store.durable(partition);
    }

    @Override
    public void close() {
        store.close();
    }
}
