package io.cairn.adapter.lucene;

import io.cairn.passage.PassageRef;
import io.cairn.passage.PassageRefs;
import io.cairn.recall.Candidate;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.lucene.index.BinaryDocValues;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.util.BytesRef;

/// The passages behind the documents that Lucene found.
final class TopPassages {
    private TopPassages() {}

    /// What a passage's score in Lucene is worth.
    @FunctionalInterface
    interface Scoring {
        double of(PassageRef passage, double score);
    }

    private static Candidate candidate(PassageRef passage, double score, Scoring scoring) {
        return new Candidate(passage, scoring.of(passage, score));
    }

    private static PassageRef decoded(BytesRef bytes) {
        return PassageRefs.decode(ByteBuffer.wrap(bytes.bytes, bytes.offset, bytes.length));
    }

    static List<Candidate> of(IndexSearcher searcher, TopDocs found, Scoring score) throws IOException {
        var inOrder = found.scoreDocs.clone();
        // Doc values are read forwards only.
        Arrays.sort(inOrder, Comparator.comparingInt((ScoreDoc document) -> document.doc));
        var leaves = searcher.getIndexReader().leaves();
        var candidates = new ArrayList<Candidate>(inOrder.length);
        int leaf = -1;
        BinaryDocValues refs = null;
        for (var document : inOrder) {
            int index = ReaderUtil.subIndex(document.doc, leaves);
            if (refs == null || index != leaf) {
                leaf = index;
                refs = leaves.get(leaf).reader().getBinaryDocValues(PassageFields.REF);
            }
            if (refs != null && refs.advanceExact(document.doc - leaves.get(leaf).docBase)) {
                candidates.add(candidate(decoded(refs.binaryValue()), document.score, score));
            }
        }
        candidates.sort(Comparator.comparingDouble(Candidate::score)
                .reversed()
                .thenComparing(candidate -> candidate.ref().id()));
        return candidates;
    }
}
