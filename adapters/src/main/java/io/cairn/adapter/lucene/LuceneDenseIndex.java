package io.cairn.adapter.lucene;

import io.cairn.event.Event;
import io.cairn.model.Embeddings;
import io.cairn.passage.Passage;
import io.cairn.passage.PassageChange;
import io.cairn.passage.PassageRef;
import io.cairn.passage.Passages;
import io.cairn.recall.Candidate;
import io.cairn.recall.DenseIndex;
import io.cairn.recall.Filters;
import io.cairn.recall.PassageVectors;
import io.cairn.tenant.Tenant;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.lucene.analysis.core.KeywordAnalyzer;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;
import org.apache.lucene.codecs.lucene104.Lucene104HnswScalarQuantizedVectorsFormat;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.RescoreTopNQuery;
import org.apache.lucene.search.TopScoreDocCollectorManager;

/// Vectors on disk: a graph over quantised vectors, whose finds are scored again with the full ones.
public final class LuceneDenseIndex extends LuceneIndex implements DenseIndex {
    private static final String VECTOR = "vector";

    /// Up to so many passages are compared one by one.
    private static final int EXACT_MAX = 5_000;

    /// Quantised scores misplace some neighbours; looking at more of them and scoring again brings those back.
    private static final double OVER_FETCH = 2;

    private static final int GRAPH_NEIGHBOURS = 24;
    private static final int GRAPH_BUILD_WIDTH = 200;

    private final Passages passages;
    private final Embeddings embeddings;

    /// @param passages for this index alone
    public LuceneDenseIndex(Path folder, Passages passages, Embeddings embeddings) {
        super(new LuceneStore(folder, new KeywordAnalyzer(), new Quantised(), new FewGraphs()));
        this.passages = passages;
        this.embeddings = embeddings;
    }

    /// The codec with quantised vectors.
    private static final class Quantised extends Lucene104Codec {
        private final KnnVectorsFormat vectors =
                new Lucene104HnswScalarQuantizedVectorsFormat(GRAPH_NEIGHBOURS, GRAPH_BUILD_WIDTH);

        @Override
        public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
            return vectors;
        }
    }

    @Override
    public Embeddings embeddings() {
        return embeddings;
    }

    @Override
    public void apply(int partition, List<Event> events, long to) {
        var changes = events.stream()
                .flatMap(event -> passages.changes(event).stream())
                .toList();
        var vectors = PassageVectors.of(
                changes.stream().flatMap(change -> change.passages().stream()).toList(), embeddings);
        store.apply(partition, events, to, writer -> {
            for (var change : changes) {
                switch (change) {
                    case PassageChange.Put put -> put(writer, put, vectors);
                    case PassageChange.Remove remove -> writer.remove(remove);
                }
            }
        });
    }

    private static void put(PassageWriter writer, PassageChange.Put put, Map<Passage, float[]> vectors)
            throws IOException {
        for (var passage : put.passages()) {
            var vector = vectors.get(passage);
            if (vector != null) {
                var document = PassageFields.document(passage);
                document.add(new KnnFloatVectorField(VECTOR, vector, VectorSimilarityFunction.DOT_PRODUCT));
                writer.put(passage, document);
            }
        }
    }

    @Override
    public List<Candidate> search(Tenant tenant, float[] vector, Filters filters, int candidatesMax, boolean exact) {
        embeddings.space().check(vector);
        return store.ask(searcher -> {
            var matching = PassageFields.matching(searcher.getIndexReader(), tenant, filters);
            int size = searcher.count(matching);
            if (size == 0) {
                return List.of();
            }
            var nearest = RescoreTopNQuery.createFullPrecisionRescorerQuery(
                    exact || size <= EXACT_MAX ? matching : graph(vector, matching, candidatesMax),
                    vector,
                    VECTOR,
                    exact || size <= EXACT_MAX ? size : candidatesMax);
            return top(searcher, nearest, candidatesMax);
        });
    }

    @Override
    public List<Candidate> compare(Tenant tenant, float[] vector, Collection<PassageRef> passages) {
        embeddings.space().check(vector);
        return store.ask(searcher -> {
            var these = PassageFields.these(tenant, passages);
            int size = searcher.count(these);
            return size == 0
                    ? List.of()
                    : top(
                            searcher,
                            RescoreTopNQuery.createFullPrecisionRescorerQuery(these, vector, VECTOR, size),
                            size);
        });
    }

    @Override
    public boolean approximates(Tenant tenant, Filters filters) {
        return store.ask(searcher ->
                searcher.count(PassageFields.matching(searcher.getIndexReader(), tenant, filters)) > EXACT_MAX);
    }

    private static Query graph(float[] vector, Query matching, int candidatesMax) {
        int nearest = (int) (candidatesMax * OVER_FETCH);
        return matching instanceof MatchAllDocsQuery
                ? new KnnFloatVectorQuery(VECTOR, vector, nearest)
                : new KnnFloatVectorQuery(VECTOR, vector, nearest, matching);
    }

    private static List<Candidate> top(IndexSearcher searcher, Query nearest, int candidatesMax) throws IOException {
        var found = searcher.search(nearest, new TopScoreDocCollectorManager(candidatesMax, candidatesMax));
        // Lucene's score of a dot product is (1 + cosine) / 2.
        return TopPassages.of(searcher, found, (passage, score) -> 2 * score - 1);
    }
}
