package io.cairn.adapter.lucene;

import io.cairn.event.Times;
import io.cairn.passage.FieldValue;
import io.cairn.passage.Kind;
import io.cairn.passage.Passage;
import io.cairn.passage.PassageChange;
import io.cairn.passage.PassageRef;
import io.cairn.passage.PassageRefs;
import io.cairn.passage.SourceId;
import io.cairn.recall.Filters;
import io.cairn.recall.SpeakerNames;
import io.cairn.tenant.Tenant;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.lucene.document.BinaryDocValuesField;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field.Store;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.PrefixQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermInSetQuery;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;

/// The fields by which passages are told apart and filtered; both indexes have them.
final class PassageFields {
    static final String REF = "ref";

    private static final String ID = "id";
    private static final String SOURCE = "source";
    private static final String TENANT = "tenant";
    private static final String KIND = "kind";
    private static final String TITLE = "title";
    private static final String SOURCE_TYPE = "source_type";
    private static final String LANGUAGE = "language";
    private static final String TAG = "tag";
    private static final String SPEAKER = "speaker";
    private static final String NAME = "name";
    private static final String METADATA = "metadata";
    private static final String AT = "at";
    private static final char SEPARATOR = '\0';

    /// Lucene takes no longer terms; a longer value is no use as a filter.
    private static final int TERM_BYTES_MAX = 32_766;

    private PassageFields() {}

    static Document document(Passage passage) {
        var ref = passage.ref();
        var document = new Document();
        term(document, ID, id(passage.tenant(), ref));
        term(document, SOURCE, sourceText(passage.tenant(), ref.sourceId()));
        term(document, TENANT, passage.tenant().id());
        term(document, KIND, ref.kind().name());
        term(document, LANGUAGE, ref.language());
        term(document, TITLE, passage.title());
        term(document, SOURCE_TYPE, passage.sourceType());
        passage.tags().forEach(tag -> term(document, TAG, tag));
        if (ref.speaker() != null) {
            term(document, SPEAKER, SpeakerNames.folded(ref.speaker()));
            SpeakerNames.words(ref.speaker()).forEach(word -> term(document, NAME, word));
        }
        passage.metadata().forEach((name, value) -> term(document, METADATA, name + SEPARATOR + value.term()));
        if (ref.at() != null) {
            document.add(new LongPoint(AT, ref.at()));
        }
        document.add(new BinaryDocValuesField(REF, new BytesRef(PassageRefs.encode(ref))));
        return document;
    }

    static Term id(Passage passage) {
        return new Term(ID, id(passage.tenant(), passage.ref()));
    }

    private static String id(Tenant tenant, PassageRef ref) {
        return tenant.id() + SEPARATOR + ref.id();
    }

    /// These passages of the tenant.
    static Query these(Tenant tenant, Collection<PassageRef> passages) {
        return new TermInSetQuery(
                ID, passages.stream().map(ref -> new BytesRef(id(tenant, ref))).toList());
    }

    static Query removed(PassageChange.Remove removal) {
        var all = new TermQuery(source(removal.tenant(), removal.source()));
        return removal.number() == null
                ? all
                : new BooleanQuery.Builder()
                        .add(all, Occur.FILTER)
                        .add(
                                new PrefixQuery(new Term(ID, removal.tenant().id() + SEPARATOR + removal.prefix())),
                                Occur.FILTER)
                        .build();
    }

    /// With which all passages of a tenant are marked.
    static Term of(Tenant tenant) {
        return new Term(TENANT, tenant.id());
    }

    /// The tenant's passages that pass the filters; [MatchAllDocsQuery] where those are all that there are, since a
    /// search that need not ask of each passage whose it is takes less time.
    static Query matching(IndexReader reader, Tenant tenant, Filters filters) throws IOException {
        if (filters.equals(Filters.NONE) && reader.docFreq(of(tenant)) == reader.maxDoc()) {
            return MatchAllDocsQuery.INSTANCE;
        }
        var query = new BooleanQuery.Builder().add(new TermQuery(of(tenant)), Occur.FILTER);
        any(query, KIND, filters.kinds().stream().map(Kind::name).toList());
        filters.sources().forEach(source -> term(query, source(tenant, source)));
        term(query, TITLE, filters.title());
        term(query, SOURCE_TYPE, filters.sourceType());
        term(
                query,
                LANGUAGE,
                filters.language() == null ? null : filters.language().tag());
        any(query, TAG, filters.tagsAny());
        filters.tagsAll().forEach(tag -> term(query, TAG, tag));
        term(query, SPEAKER, filters.speaker() == null ? null : SpeakerNames.folded(filters.speaker()));
        for (Map.Entry<String, FieldValue> field : filters.metadata().entrySet()) {
            term(query, METADATA, field.getKey() + SEPARATOR + field.getValue().term());
        }
        if (filters.from() != null || filters.to() != null) {
            long from = filters.from() == null ? Long.MIN_VALUE : Times.micros(filters.from());
            long to = filters.to() == null ? Long.MAX_VALUE : Times.micros(filters.to()) - 1;
            query.add(LongPoint.newRangeQuery(AT, from, to), Occur.FILTER);
        }
        return query.build();
    }

    /// The tenant's passages whose speaker's name has the word.
    static Query named(Tenant tenant, String word) {
        return new BooleanQuery.Builder()
                .add(new TermQuery(of(tenant)), Occur.FILTER)
                .add(new TermQuery(new Term(NAME, word)), Occur.FILTER)
                .build();
    }

    private static Term source(Tenant tenant, SourceId source) {
        return new Term(SOURCE, sourceText(tenant, source));
    }

    private static String sourceText(Tenant tenant, SourceId source) {
        return tenant.id() + SEPARATOR + source.kind().name() + SEPARATOR + source.id();
    }

    private static void term(Document document, String field, @Nullable String value) {
        if (value != null && value.length() * 3 <= TERM_BYTES_MAX) {
            document.add(new StringField(field, value, Store.NO));
        }
    }

    private static void term(BooleanQuery.Builder query, String field, @Nullable String value) {
        if (value != null) {
            term(query, new Term(field, value));
        }
    }

    private static void term(BooleanQuery.Builder query, Term term) {
        query.add(new TermQuery(term), Occur.FILTER);
    }

    private static void any(BooleanQuery.Builder query, String field, Collection<String> values) {
        if (!values.isEmpty()) {
            List<BytesRef> terms = values.stream().map(BytesRef::new).toList();
            query.add(new TermInSetQuery(field, terms), Occur.FILTER);
        }
    }
}
