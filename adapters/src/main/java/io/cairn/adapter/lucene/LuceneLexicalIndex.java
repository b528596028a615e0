package io.cairn.adapter.lucene;

import io.cairn.event.Event;
import io.cairn.recall.Filters;
import io.cairn.recall.IndexChange;
import io.cairn.recall.IndexUnit;
import io.cairn.recall.LexicalIndex;
import io.cairn.recall.Units;
import io.cairn.tenant.Tenant;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.index.FieldInfos;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopScoreDocCollectorManager;

/// Words on disk, each language by its own rules.
public final class LuceneLexicalIndex implements LexicalIndex {
    private static final String WORDS = "words_";
    private static final int QUERY_WORDS_MAX = 200;
    private static final FieldType INDEXED = new FieldType();

    static {
        INDEXED.setIndexOptions(IndexOptions.DOCS_AND_FREQS);
        INDEXED.setTokenized(true);
        INDEXED.freeze();
    }

    private final LuceneStore store;
    private final Analyzer analyzer = new LanguageAnalyzers();
    private final Units units;

    /// @param units for this index alone
    public LuceneLexicalIndex(Path folder, Units units) {
        this.store = new LuceneStore(folder, analyzer, new Lucene104Codec());
        this.units = units;
    }

    @Override
    public void apply(int partition, List<Event> events, long to) {
        var changes = events.stream().flatMap(event -> units.changes(event).stream()).toList();
        store.apply(partition, to, writer -> {
            for (var change : changes) {
                switch (change) {
                    case IndexChange.Put put -> put(writer, put);
                    case IndexChange.Remove remove -> writer.deleteDocuments(UnitFields.removed(remove));
                }
            }
        });
    }

    private static void put(IndexWriter writer, IndexChange.Put put) throws IOException {
        for (IndexUnit unit : put.units()) {
            var document = UnitFields.document(unit);
            document.add(new Field(WORDS + unit.ref().language(), unit.words(), INDEXED));
            writer.updateDocument(UnitFields.id(unit), document);
        }
    }

    @Override
    public Found search(Tenant tenant, String query, Filters filters, int candidatesMax) {
        return store.ask(searcher -> {
            var words = words(searcher, query);
            var found = searcher.search(
                    new BooleanQuery.Builder()
                            .add(any(words), Occur.MUST)
                            .add(UnitFields.matching(tenant, filters), Occur.FILTER)
                            .build(),
                    new TopScoreDocCollectorManager(candidatesMax, candidatesMax));
            return new Found(TopUnits.of(searcher, found, score -> score), best(searcher, words));
        });
    }

    private Set<Term> words(IndexSearcher searcher, String query) {
        var fields = FieldInfos.getIndexedFields(searcher.getIndexReader()).stream()
                .filter(field -> field.startsWith(WORDS))
                .sorted()
                .toList();
        return fields.stream()
                .flatMap(field -> words(field, query).stream().limit(QUERY_WORDS_MAX))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private Set<Term> words(String field, String query) {
        var words = new LinkedHashSet<Term>();
        try (var tokens = analyzer.tokenStream(field, query)) {
            var word = tokens.addAttribute(CharTermAttribute.class);
            tokens.reset();
            while (tokens.incrementToken()) {
                words.add(new Term(field, word.toString()));
            }
            tokens.end();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return words;
    }

    private static Query any(Set<Term> words) {
        var any = new BooleanQuery.Builder();
        words.stream().limit(IndexSearcher.getMaxClauseCount()).forEach(word -> any.add(new TermQuery(word), Occur.SHOULD));
        return any.build();
    }

    /// In the language in which the query's words weigh most.
    private static double best(IndexSearcher searcher, Set<Term> words) throws IOException {
        double most = 0;
        var fields = words.stream().map(Term::field).collect(Collectors.toSet());
        for (var field : fields) {
            var statistics = searcher.collectionStatistics(field);
            if (statistics == null) {
                continue;
            }
            double sum = 0;
            for (var word : words) {
                if (word.field().equals(field)) {
                    sum += weight(searcher.getIndexReader().docFreq(word), statistics.docCount());
                }
            }
            most = Math.max(most, sum);
        }
        return most;
    }

    /// BM25 of a word that stands once in a text of average length; 0 for an unknown word.
    private static double weight(long documents, long of) {
        return documents == 0 ? 0 : Math.log(1 + (of - documents + .5) / (documents + .5)) / (1 + .9);
    }

    @Override
    public long units() {
        return store.ask(searcher -> (long) searcher.getIndexReader().numDocs());
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
