package io.cairn.adapter.lucene;

import io.cairn.recall.Candidate;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.apache.lucene.index.BinaryDocValues;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TopDocs;

/// The units behind the documents that Lucene found.
final class TopUnits {
    private TopUnits() {}

    static List<Candidate> of(IndexSearcher searcher, TopDocs found, DoubleUnaryOperator score) throws IOException {
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
                refs = leaves.get(leaf).reader().getBinaryDocValues(UnitFields.REF);
            }
            if (refs != null && refs.advanceExact(document.doc - leaves.get(leaf).docBase)) {
                candidates.add(
                        new Candidate(UnitRefs.decode(refs.binaryValue()), score.applyAsDouble(document.score)));
            }
        }
        candidates.sort(Comparator.comparingDouble(Candidate::score)
                .reversed()
                .thenComparing(candidate -> candidate.ref().id()));
        return candidates;
    }
}
