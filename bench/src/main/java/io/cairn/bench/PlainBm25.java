package io.cairn.bench;

import io.cairn.bench.DataSet.Question;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.de.GermanAnalyzer;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.ro.RomanianAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field.Store;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.search.similarities.Similarity;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.Directory;
import org.apache.lucene.util.QueryBuilder;

/// The baseline: Lucene's BM25 with a language's analyzer, on the texts as they are given, any word of the question.
final class PlainBm25 implements Ranker {
    private static final Similarity SIMILARITY = new BM25Similarity(.9f, .4f);
    private static final String TEXT = "text";
    private static final String GROUP = "group";
    private static final String ID = "id";

    private final DirectoryReader reader;
    private final IndexSearcher searcher;
    private final QueryBuilder queries;

    private PlainBm25(DirectoryReader reader, Analyzer analyzer) {
        this.reader = reader;
        this.searcher = new IndexSearcher(reader);
        this.queries = new QueryBuilder(analyzer);
        searcher.setSimilarity(SIMILARITY);
    }

    static PlainBm25 of(DataSet set) {
        var analyzer = analyzer(set.language());
        try {
            var directory = new ByteBuffersDirectory();
            index(set, analyzer, directory);
            return new PlainBm25(DirectoryReader.open(directory), analyzer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void index(DataSet set, Analyzer analyzer, Directory directory) throws IOException {
        try (var writer = new IndexWriter(directory, new IndexWriterConfig(analyzer).setSimilarity(SIMILARITY))) {
            for (var text : set.texts()) {
                var document = new Document();
                document.add(new StringField(ID, text.id(), Store.YES));
                document.add(new StringField(GROUP, text.group(), Store.NO));
                document.add(new TextField(TEXT, text.whole(), Store.NO));
                writer.addDocument(document);
            }
            writer.forceMerge(1);
        }
    }

    private static Analyzer analyzer(String language) {
        return switch (language) {
            case "en" -> new EnglishAnalyzer();
            case "de" -> new GermanAnalyzer();
            case "ro" -> new RomanianAnalyzer();
            default -> throw new IllegalArgumentException("There is no baseline for language " + language);
        };
    }

    @Override
    public List<Scored> rank(Question question) {
        var words = queries.createBooleanQuery(TEXT, question.text());
        if (words == null) {
            return List.of();
        }
        var inGroup = new BooleanQuery.Builder()
                .add(words, Occur.MUST)
                .add(new TermQuery(new Term(GROUP, question.group())), Occur.FILTER)
                .build();
        try {
            var ranked = new ArrayList<Scored>();
            for (var hit : searcher.search(inGroup, DEPTH).scoreDocs) {
                ranked.add(new Scored(searcher.storedFields().document(hit.doc).get(ID), hit.score));
            }
            return ranked;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            reader.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
