package io.cairn.adapter.lucene;

import io.cairn.passage.Kind;
import io.cairn.passage.PassageRef;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.index.FieldInfos;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;

/// The words of a query as they are looked for: in passages with their window, and with less weight in messages by
/// themselves with their date and speaker.
///
/// A speaker's name is looked for in the latter only, since in a window it says little about who speaks.
final class QueryWords {
    static final String WORDS = "words_";
    static final String HEADED = "headed_";

    private static final double HEADED_WEIGHT = .5;
    private static final int PER_LANGUAGE_MAX = 200;

    /// English words by which a question asks rather than tells; the analyzer keeps them.
    private static final Set<String> ASKING =
            Set.of(("what when where who whom whose which why how did do does done has have had having can could would"
                + " should may might will shall her his him she he they them their its our your my me i you we us were"
                + " been being am about from any some than so also too very just")
                    .split(" "));

    private final List<Query> words = new ArrayList<>();
    private double headedBest;
    private double wordsBest;

    private QueryWords() {}

    /// @param names words of the query that are part of a speaker's name
    static QueryWords of(String query, Set<String> names, Analyzer analyzer, IndexSearcher searcher)
            throws IOException {
        var made = new QueryWords();
        for (var field : FieldInfos.getIndexedFields(searcher.getIndexReader()).stream()
                .sorted()
                .toList()) {
            if (field.startsWith(HEADED)) {
                made.headedBest = Math.max(
                        made.headedBest,
                        made.add(field, HEADED_WEIGHT, texts(query, field, Set.of()), analyzer, searcher));
            } else if (field.startsWith(WORDS)) {
                made.wordsBest =
                        Math.max(made.wordsBest, made.add(field, 1, texts(query, field, names), analyzer, searcher));
            }
        }
        return made;
    }

    Query any() {
        var any = new BooleanQuery.Builder();
        words.stream().limit(IndexSearcher.getMaxClauseCount()).forEach(word -> any.add(word, Occur.SHOULD));
        return any.build();
    }

    /// The share of the query that a passage with this score covers.
    double coverage(PassageRef passage, double score) {
        double best = passage.kind() == Kind.MESSAGE ? headedBest + wordsBest : wordsBest;
        return best == 0 ? 0 : Math.min(1, score / best);
    }

    /// @return what a passage would score at the most
    private double add(String field, double weight, String text, Analyzer analyzer, IndexSearcher searcher)
            throws IOException {
        var statistics = searcher.collectionStatistics(field);
        if (statistics == null) {
            return 0;
        }
        double best = 0;
        for (var term : terms(field, text, analyzer)) {
            words.add(new BoostQuery(new TermQuery(term), (float) weight));
            best += weight * rarity(searcher.getIndexReader().docFreq(term), statistics.docCount());
        }
        return best;
    }

    private static Set<Term> terms(String field, String text, Analyzer analyzer) {
        var terms = new LinkedHashSet<Term>();
        try (var tokens = analyzer.tokenStream(field, text)) {
            var word = tokens.addAttribute(CharTermAttribute.class);
            tokens.reset();
            while (tokens.incrementToken() && terms.size() < PER_LANGUAGE_MAX) {
                terms.add(new Term(field, word.toString()));
            }
            while (tokens.incrementToken()) {
                // a token stream is read to its end
            }
            tokens.end();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return terms;
    }

    private static String texts(String query, String field, Set<String> without) {
        Predicate<String> asking = word -> field.endsWith("_en") && ASKING.contains(word);
        var told = query.codePoints()
                .mapToObj(point -> Character.isLetterOrDigit(point) || point == '\'' ? Character.toString(point) : " ")
                .collect(Collectors.joining())
                .split(" +");
        var rest = Arrays.stream(told)
                .filter(word -> asking.or(without::contains).negate().test(bare(word)))
                .collect(Collectors.joining(" "));
        return rest.isBlank() ? query : rest;
    }

    private static String bare(String word) {
        var lower = word.toLowerCase(Locale.ROOT);
        return lower.endsWith("'s") ? lower.substring(0, lower.length() - 2) : lower;
    }

    /// The idf of BM25: what a word would add at the most; nothing if no passage has it.
    private static double rarity(long documents, long of) {
        return documents == 0 ? 0 : Math.log(1 + (of - documents + .5) / (documents + .5));
    }
}
