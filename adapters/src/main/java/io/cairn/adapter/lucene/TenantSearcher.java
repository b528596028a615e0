package io.cairn.adapter.lucene;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.TermStates;
import org.apache.lucene.search.CollectionStatistics;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.util.SmallFloat;
import org.jspecify.annotations.Nullable;

/// Searches by the statistics of one tenant's own texts, so that no score tells what another tenant has, and what is
/// rare is rare among the tenant's own.
///
/// How many of a tenant's texts have a word is counted for each query, which takes as long as the rarer of the two,
/// word and tenant, is frequent; where a segment is all of one tenant, Lucene's own count is that number. How
/// long a tenant's texts are is counted once per segment. Deleted texts count until their segment is merged, as
/// in Lucene.
final class TenantSearcher extends IndexSearcher {
    private static final Map<Object, Map<String, Size>> SIZES = new ConcurrentHashMap<>();

    private final Term tenant;

    /// Whether there are texts of no other tenant.
    private final boolean isOwn;

    /// Texts, and the words in all of them.
    private record Size(int texts, long words) {
        static final Size NONE = new Size(0, 0);

        Size plus(Size other) {
            return new Size(texts + other.texts, words + other.words);
        }
    }

    TenantSearcher(IndexReader reader, Term tenant) throws IOException {
        super(reader);
        this.tenant = tenant;
        this.isOwn = reader.docFreq(tenant) == reader.maxDoc();
    }

    /// In how many of the tenant's texts a word stands.
    ///
    /// @param places of the word in this reader
    int frequency(Term word, TermStates places) throws IOException {
        if (isOwn) {
            return places.docFreq();
        }
        int frequency = 0;
        for (var leaf : getLeafContexts()) {
            frequency += frequency(leaf.reader(), word);
        }
        return frequency;
    }

    private int frequency(LeafReader leaf, Term word) throws IOException {
        int texts = leaf.docFreq(tenant);
        int words = texts == 0 ? 0 : leaf.docFreq(word);
        if (words == 0 || texts == leaf.maxDoc()) {
            return words;
        }
        var first = leaf.postings(texts < words ? tenant : word, PostingsEnum.NONE);
        var second = leaf.postings(texts < words ? word : tenant, PostingsEnum.NONE);
        return first == null || second == null ? 0 : common(first, second);
    }

    private static int common(DocIdSetIterator few, DocIdSetIterator many) throws IOException {
        int common = 0;
        for (int at = few.nextDoc(); at != DocIdSetIterator.NO_MORE_DOCS; at = few.nextDoc()) {
            if (many.docID() < at && many.advance(at) == DocIdSetIterator.NO_MORE_DOCS) {
                break;
            }
            if (many.docID() == at) {
                common++;
            }
        }
        return common;
    }

    /// How many of the tenant's texts have a field.
    int texts(String field) throws IOException {
        return size(field).texts();
    }

    @Override
    public @Nullable CollectionStatistics collectionStatistics(String field) throws IOException {
        var size = size(field);
        return size.texts() == 0
                ? null
                : new CollectionStatistics(
                        field,
                        getIndexReader().maxDoc(),
                        size.texts(),
                        Math.max(size.texts(), size.words()),
                        size.texts());
    }

    private Size size(String field) throws IOException {
        var size = Size.NONE;
        for (var leaf : getLeafContexts()) {
            size = size.plus(size(leaf.reader(), field));
        }
        return size;
    }

    private Size size(LeafReader leaf, String field) throws IOException {
        var cache = leaf.getCoreCacheHelper();
        if (cache == null) {
            return counted(leaf, field);
        }
        var sizes = SIZES.get(cache.getKey());
        if (sizes == null) {
            sizes = new ConcurrentHashMap<>();
            var there = SIZES.putIfAbsent(cache.getKey(), sizes);
            if (there == null) {
                cache.addClosedListener(SIZES::remove);
            } else {
                sizes = there;
            }
        }
        var key = field + '\0' + tenant.text();
        var known = sizes.get(key);
        if (known == null) {
            known = counted(leaf, field);
            sizes.put(key, known);
        }
        return known;
    }

    private Size counted(LeafReader leaf, String field) throws IOException {
        var terms = leaf.terms(field);
        if (terms == null) {
            return Size.NONE;
        }
        if (leaf.docFreq(tenant) == leaf.maxDoc()) {
            return new Size(terms.getDocCount(), terms.getSumTotalTermFreq());
        }
        var texts = leaf.postings(tenant, PostingsEnum.NONE);
        var lengths = leaf.getNormValues(field);
        return texts == null || lengths == null ? Size.NONE : counted(texts, lengths);
    }

    private static Size counted(PostingsEnum texts, NumericDocValues lengths) throws IOException {
        int count = 0;
        long words = 0;
        for (int at = texts.nextDoc(); at != DocIdSetIterator.NO_MORE_DOCS; at = texts.nextDoc()) {
            if (lengths.advanceExact(at)) {
                count++;
                words += SmallFloat.byte4ToInt((byte) lengths.longValue());
            }
        }
        return new Size(count, words);
    }
}
