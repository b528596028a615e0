package io.cairn.adapter.lucene;

import io.cairn.passage.Kind;
import io.cairn.passage.PassageRef;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.index.FieldInfos;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.TermStates;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.DisjunctionMaxQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;

/// The words of a query as they are looked for: in passages with their window, and with less weight in messages by
/// themselves with their date and speaker.
///
/// A word is looked for by its form, and by its stems in every language of which the tenant has texts; where several of
/// them match, the best one counts. However it is found it weighs the same: as it is rare by all of them together. What
/// a language has no use for, such as `the`, counts as standing in all of that language's texts; and where the query
/// seems to be in that language, as standing everywhere, or a few German texts among many English ones would make `ist`
/// a rare word.
///
/// A speaker's name is looked for in messages by themselves only, since in a window it says little about who speaks.
final class QueryWords {
    static final String WORDS = "words_";
    static final String HEADED = "headed_";

    private static final double HEADED_WEIGHT = .5;
    private static final int WORDS_MAX = 200;

    /// Words of which no language of the tenant has a use are looked for only if there are no others.
    private static final double RARITY_MIN = .1;

    /// A word with what it would add to a score at the most.
    ///
    /// @param alternatives none if no text of the tenant has it, so that no passage covers the whole query
    private record Weighed(List<Query> alternatives, double rarity) {
        Query query(double weight) {
            return new BoostQuery(new DisjunctionMaxQuery(alternatives, 0), (float) (weight * rarity));
        }
    }

    private final Analyzer analyzer;
    private final TenantSearcher searcher;
    private final List<String> languages;
    private final List<Query> queries = new ArrayList<>();
    private double headedBest;
    private double wordsBest;

    private QueryWords(Analyzer analyzer, TenantSearcher searcher) {
        this.analyzer = analyzer;
        this.searcher = searcher;
        this.languages = FieldInfos.getIndexedFields(searcher.getIndexReader()).stream()
                .filter(field -> field.startsWith(WORDS))
                .map(field -> field.substring(WORDS.length()))
                .filter(LanguageAnalyzers::know)
                .sorted()
                .toList();
    }

    /// @param names words of the query that are part of a speaker's name
    static QueryWords of(String query, Set<String> names, Analyzer analyzer, TenantSearcher searcher)
            throws IOException {
        var made = new QueryWords(analyzer, searcher);
        var words = new LinkedHashSet<>(Words.asked(query))
                .stream().limit(WORDS_MAX).toList();
        var told = words.stream().filter(word -> !names(names, word)).toList();
        made.headedBest = made.add(HEADED, HEADED_WEIGHT, words);
        made.wordsBest = made.add(WORDS, 1, told.isEmpty() ? words : told);
        return made;
    }

    Query any() {
        var any = new BooleanQuery.Builder();
        queries.forEach(query -> any.add(query, Occur.SHOULD));
        return any.build();
    }

    /// The share of the query that a passage with this score covers.
    double coverage(PassageRef passage, double score) {
        double best = passage.kind() == Kind.MESSAGE ? headedBest + wordsBest : wordsBest;
        return best == 0 ? 0 : Math.min(1, score / best);
    }

    /// @return what a passage would score at the most
    private double add(String fields, double weight, List<Word> asked) throws IOException {
        var spoken = new ArrayList<String>();
        for (var language : languages) {
            if (searcher.texts(fields + language) > 0) {
                spoken.add(language);
            }
        }
        int most = IndexSearcher.getMaxClauseCount() / 2 / (spoken.size() + 2);
        var words = weighed(fields, spoken, asked).stream()
                .sorted(Comparator.comparingDouble(Weighed::rarity).reversed())
                .limit(most)
                .toList();
        words.stream().filter(word -> !word.alternatives().isEmpty()).forEach(word -> queries.add(word.query(weight)));
        return weight * words.stream().mapToDouble(Weighed::rarity).sum();
    }

    private List<Weighed> weighed(String fields, List<String> spoken, List<Word> asked) throws IOException {
        var words = new ArrayList<Weighed>();
        var all = new ArrayList<Weighed>();
        var sought = new ArrayList<Found>();
        for (var word : asked) {
            sought.add(new Found(fields, spoken, word));
        }
        var own = spoken.stream().filter(language -> isIn(language, sought)).collect(Collectors.toSet());
        for (var found : sought) {
            found.rarity(own)
                    .filter(some -> found.useful() || some.rarity() >= RARITY_MIN)
                    .ifPresent(words::add);
            found.rarity().ifPresent(all::add);
        }
        return words.isEmpty() ? all : words;
    }

    /// Whether a query seems to be in a language: at least two of its words, or half of them, are of those that the
    /// language has no use for.
    private static boolean isIn(String language, List<Found> words) {
        long useless = words.stream()
                .filter(word -> word.useless.containsKey(language))
                .count();
        return useless >= Math.min(2, (words.size() + 1) / 2);
    }

    /// Where a word stands in the tenant's texts.
    private final class Found {
        private final List<Query> alternatives = new ArrayList<>();
        private final int texts;
        private final int frequency;
        private final Word word;

        /// By language that has no use for the word: texts of it where the word does not stand.
        private final Map<String, Integer> useless = new HashMap<>();

        Found(String fields, List<String> spoken, Word word) throws IOException {
            this.word = word;
            int byForm = add(new Term(forms(fields), word.form()));
            int byStem = 0;
            int inLanguages = 0;
            for (var language : spoken) {
                int ofLanguage = searcher.texts(fields + language);
                inLanguages += ofLanguage;
                if (!word.text().isEmpty()) {
                    var stems = Stems.all(fields + language, word, analyzer);
                    int most = 0;
                    for (var stem : stems) {
                        most = Math.max(most, add(new Term(fields + language, stem)));
                    }
                    byStem += most;
                    if (stems.isEmpty() || Fillers.asks(language, word)) {
                        useless.put(language, ofLanguage - most);
                    }
                }
            }
            texts = Math.max(searcher.texts(forms(fields)), inLanguages);
            frequency = Math.max(byForm, byStem);
        }

        private int add(Term term) throws IOException {
            var places = TermStates.build(searcher, term, true);
            int there = places.docFreq() == 0 ? 0 : searcher.frequency(term, places);
            if (there > 0) {
                alternatives.add(new TermQuery(term, places));
            }
            return there;
        }

        boolean useful() {
            return useless.isEmpty() && !Fillers.isGrammar(word);
        }

        /// Nothing if it stands nowhere and is but another form of a word.
        Optional<Weighed> rarity() {
            return rarity(frequency);
        }

        /// The same where what a language has no use for counts as standing in all of its texts.
        ///
        /// @param own languages in which the query seems to be: what they have no use for says nothing
        Optional<Weighed> rarity(Set<String> own) {
            boolean empty = Fillers.isGrammar(word) || !Collections.disjoint(own, useless.keySet());
            int elsewhere =
                    useless.values().stream().mapToInt(Integer::intValue).sum();
            return rarity(empty ? texts : Math.min(texts, frequency + elsewhere));
        }

        private Optional<Weighed> rarity(int in) {
            return alternatives.isEmpty() && (word.text().isEmpty() || texts == 0)
                    ? Optional.empty()
                    : Optional.of(new Weighed(alternatives, Math.log(1 + (texts - in + .5) / (in + .5))));
        }
    }

    /// The field of forms beside fields of languages.
    static String forms(String fields) {
        return fields.substring(0, fields.length() - 1);
    }

    private static boolean names(Set<String> names, Word word) {
        var lower = word.text().toLowerCase(Locale.ROOT);
        return names.contains(word.form())
                || lower.endsWith("'s") && names.contains(lower.substring(0, lower.length() - 2));
    }
}
