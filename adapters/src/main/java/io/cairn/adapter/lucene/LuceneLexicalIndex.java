package io.cairn.adapter.lucene;

import io.cairn.event.Event;
import io.cairn.passage.Passage;
import io.cairn.passage.PassageChange;
import io.cairn.passage.Passages;
import io.cairn.recall.Candidate;
import io.cairn.recall.Filters;
import io.cairn.recall.LexicalIndex;
import io.cairn.recall.SpeakerNames;
import io.cairn.tenant.Tenant;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.index.TieredMergePolicy;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TopScoreDocCollectorManager;

/// Words on disk: their forms, and their stems by the rules of their language.
public final class LuceneLexicalIndex extends LuceneIndex implements LexicalIndex {
    /// What decides its content but the log: the rules by which words are cut and fields are filtered. An
    /// index by older rules answers until one by these has been built beside it.
    public static final LuceneGenerations.MadeOf MADE_OF = new LuceneGenerations.MadeOf(
            "the log, words cut by rules 4",
            Set.of("the log", "the log, words cut by rules 2", "the log, words cut by rules 3"));

    private static final int NAMES_MAX = 8;
    private static final FieldType INDEXED = new FieldType();

    static {
        INDEXED.setIndexOptions(IndexOptions.DOCS_AND_FREQS);
        INDEXED.setTokenized(true);
        INDEXED.freeze();
    }

    private final Analyzer analyzer;
    private final Passages passages;
    private final CutTexts cut;

    /// @param passages for this index alone
    public LuceneLexicalIndex(Path folder, Passages passages) {
        this(folder, passages, new LanguageAnalyzers());
    }

    LuceneLexicalIndex(Path folder, Passages passages, Analyzer analyzer) {
        super(new LuceneStore(folder, analyzer, new Lucene104Codec(), new TieredMergePolicy()));
        this.passages = passages.withoutMeanings();
        this.analyzer = analyzer;
        this.cut = new CutTexts(analyzer);
    }

    @Override
    public void apply(int partition, List<Event> events, long to) {
        var changes = events.stream()
                .flatMap(event -> passages.changes(event).stream())
                .toList();
        store.apply(partition, events, to, writer -> write(writer, changes));
    }

    private void write(PassageWriter writer, List<PassageChange> changes) throws IOException {
        try (var relay = new Relay(writer)) {
            for (var change : changes) {
                switch (change) {
                    case PassageChange.Put put -> put(relay, put);
                    case PassageChange.Remove remove -> relay.pass(on -> on.remove(remove));
                }
            }
            relay.finish();
        }
    }

    private void put(Relay relay, PassageChange.Put put) throws IOException {
        for (Passage passage : put.passages()) {
            var document = document(passage);
            relay.pass(on -> on.put(passage, document));
        }
    }

    private Document document(Passage passage) throws IOException {
        var document = PassageFields.document(passage);
        var language = passage.ref().language();
        var texts = new ArrayList<CutTexts.Cut>();
        for (var text : passage.texts()) {
            texts.add(cut.cut(language, text));
        }
        add(document, QueryWords.WORDS, language, texts);
        if (passage.head() != null) {
            add(document, QueryWords.HEADED, language, List.of(cut.cut(language, passage.head()), texts.getFirst()));
        }
        return document;
    }

    private static void add(Document document, String fields, String language, List<CutTexts.Cut> texts) {
        var forms = texts.stream().map(CutTexts.Cut::forms).toList();
        document.add(Terms.field(QueryWords.forms(fields), forms, INDEXED));
        var stems =
                texts.stream().flatMap(text -> Stream.ofNullable(text.stems())).toList();
        if (!stems.isEmpty()) {
            document.add(Terms.field(fields + language, stems, INDEXED));
        }
    }

    @Override
    public Set<String> names(Tenant tenant, String query) {
        return store.ask(searcher -> {
            var names = new HashSet<String>();
            for (var word : SpeakerNames.words(query)) {
                if (names.size() < NAMES_MAX && has(searcher, PassageFields.named(tenant, word))) {
                    names.add(word);
                }
            }
            return names;
        });
    }

    /// Counting them all would walk through every message of a busy speaker.
    private static boolean has(IndexSearcher searcher, Query passages) throws IOException {
        return searcher.search(passages, new TopScoreDocCollectorManager(1, 1)).scoreDocs.length > 0;
    }

    @Override
    public List<Candidate> search(Tenant tenant, String query, Set<String> names, Filters filters, int candidatesMax) {
        return store.ask(all -> {
            var searcher = new TenantSearcher(all.getIndexReader(), PassageFields.of(tenant));
            searcher.setSimilarity(LuceneStore.SIMILARITY);
            var words = QueryWords.of(query, names, analyzer, searcher);
            var matching = PassageFields.matching(all.getIndexReader(), tenant, filters);
            var found = searcher.search(
                    new BooleanQuery.Builder()
                            .add(words.any(), Occur.MUST)
                            .add(matching, Occur.FILTER)
                            .build(),
                    new TopScoreDocCollectorManager(candidatesMax, candidatesMax));
            return TopPassages.of(searcher, found, words::coverage);
        });
    }
}
