package io.cairn.bench;

import io.cairn.passage.Passage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;
import org.apache.lucene.codecs.lucene104.Lucene104HnswScalarQuantizedVectorsFormat;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field.Store;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.RescoreTopNQuery;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.store.FSDirectory;

/// The raw library: one Lucene index of the same units, asked with the same two queries, and ten stored texts read.
///
/// Nothing is sealed, fused, looked up in a log or explained.
final class RawLucene implements AutoCloseable {
    private static final int CANDIDATES = 150;
    private static final int OVER_FETCHED = 225;
    private static final int HITS = 10;
    private static final String TENANT = "tenant";
    private static final String WORDS = "words";
    private static final String HEADED = "headed";
    private static final String VECTOR = "vector";
    private static final String TEXT = "text";

    private final Analyzer analyzer = new EnglishAnalyzer();
    private final FSDirectory directory;
    private final IndexWriter writer;
    private DirectoryReader reader;
    private IndexSearcher searcher;

    RawLucene(Path folder) throws IOException {
        directory = FSDirectory.open(folder);
        writer = new IndexWriter(
                directory,
                new IndexWriterConfig(analyzer)
                        .setSimilarity(new BM25Similarity(.9f, .4f))
                        .setRAMBufferSizeMB(48)
                        .setCodec(new Quantised()));
        reader = DirectoryReader.open(writer);
        searcher = new IndexSearcher(reader);
    }

    private static final class Quantised extends Lucene104Codec {
        /// As wide a graph as Cairn's: a narrower one is faster and finds less.
        private final KnnVectorsFormat vectors = new Lucene104HnswScalarQuantizedVectorsFormat(24, 200);

        @Override
        public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
            return vectors;
        }
    }

    void add(Map<Passage, float[]> units) throws IOException {
        for (var unit : units.entrySet()) {
            var document = new Document();
            document.add(new StringField(TENANT, unit.getKey().tenant().id(), Store.NO));
            document.add(new TextField(WORDS, unit.getKey().words(), Store.NO));
            if (unit.getKey().headed() != null) {
                document.add(new TextField(HEADED, unit.getKey().headed(), Store.NO));
            }
            document.add(new KnnFloatVectorField(VECTOR, unit.getValue(), VectorSimilarityFunction.DOT_PRODUCT));
            document.add(new StoredField(TEXT, unit.getKey().words()));
            writer.addDocument(document);
        }
    }

    void publish() throws IOException {
        writer.commit();
        reader.close();
        reader = DirectoryReader.open(writer);
        searcher = new IndexSearcher(reader);
        searcher.setSimilarity(new BM25Similarity(.9f, .4f));
    }

    /// Asks both legs and reads the best texts of each.
    ///
    /// @return how many characters were read
    int ask(String tenant, String question, float[] vector) throws IOException {
        var filter = new TermQuery(new Term(TENANT, tenant));
        int read = read(searcher.search(
                        new BooleanQuery.Builder()
                                .add(words(question), Occur.MUST)
                                .add(filter, Occur.FILTER)
                                .build(),
                        CANDIDATES)
                .scoreDocs);
        var nearest = RescoreTopNQuery.createFullPrecisionRescorerQuery(
                new KnnFloatVectorQuery(VECTOR, vector, OVER_FETCHED, filter), vector, VECTOR, CANDIDATES);
        return read + read(searcher.search(nearest, CANDIDATES).scoreDocs);
    }

    private Query words(String question) throws IOException {
        var any = new BooleanQuery.Builder();
        try (var tokens = analyzer.tokenStream(WORDS, question)) {
            var word = tokens.addAttribute(CharTermAttribute.class);
            tokens.reset();
            while (tokens.incrementToken()) {
                any.add(new TermQuery(new Term(WORDS, word.toString())), Occur.SHOULD);
                any.add(new BoostQuery(new TermQuery(new Term(HEADED, word.toString())), .5f), Occur.SHOULD);
            }
            tokens.end();
        }
        return any.build();
    }

    private int read(ScoreDoc[] found) throws IOException {
        int characters = 0;
        for (int i = 0; i < Math.min(HITS / 2, found.length); i++) {
            characters +=
                    searcher.storedFields().document(found[i].doc).get(TEXT).length();
        }
        return characters;
    }

    @Override
    public void close() throws IOException {
        reader.close();
        writer.close();
        directory.close();
    }
}
