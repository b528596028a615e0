package io.cairn.adapter.lucene;

import io.cairn.passage.Passage;
import io.cairn.passage.PassageChange;
import java.io.IOException;
import org.apache.lucene.document.Document;
import org.apache.lucene.index.IndexWriter;

/// Writes passages into an index.
///
/// @param first whether the events whose passages these are come for the first time. No other event has passages with
/// the same
///     ids, so there is nothing to replace, and looking for it took an eighth of a rebuild's time.
record PassageWriter(IndexWriter writer, boolean first) {
    void put(Passage passage, Document document) throws IOException {
        if (first) {
            writer.addDocument(document);
        } else {
            writer.updateDocument(PassageFields.id(passage), document);
        }
    }

    void remove(PassageChange.Remove removal) throws IOException {
        writer.deleteDocuments(PassageFields.removed(removal));
    }
}
