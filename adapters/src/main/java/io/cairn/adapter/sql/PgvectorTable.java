package io.cairn.adapter.sql;

import io.cairn.passage.NetChanges;
import io.cairn.passage.Passage;
import io.cairn.passage.PassageChange;
import io.cairn.passage.PassageRefs;
import io.cairn.recall.SpeakerNames;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The table of one generation: its passages with their vectors, and the indexes by which they are found.
///
/// @param generation its number
/// @param dimensions of its vectors
record PgvectorTable(int generation, int dimensions) {
    /// The most dimensions that pgvector can keep.
    static final int DIMENSIONS_MAX = 16_000;

    /// The most dimensions of which it can make a graph. Longer vectors are all compared, one by one.
    private static final int GRAPH_DIMENSIONS_MAX = 4_000;

    /// Up to this many dimensions the graph is made of full-precision numbers, beyond it of half-precision ones. The
    /// table always keeps full ones.
    private static final int FULL_PRECISION_MAX = 2_000;

    /// Vectors up to this size stay in their row, two to a page, and need no look elsewhere.
    private static final int INLINE_MAX = 900;

    String name() {
        return name(generation);
    }

    static String name(int generation) {
        return "knowledge_base_" + generation;
    }

    boolean hasGraph() {
        return dimensions <= GRAPH_DIMENSIONS_MAX;
    }

    /// The expression over which the graph is built.
    String indexed() {
        return dimensions <= FULL_PRECISION_MAX ? "embedding" : "(embedding::%s)".formatted(indexedType());
    }

    /// The type of the vectors that the graph compares.
    String indexedType() {
        return (dimensions <= FULL_PRECISION_MAX ? "vector(%d)" : "halfvec(%d)").formatted(dimensions);
    }

    void create(SqlSession session) throws SQLException {
        session.update("""
            CREATE TABLE %s (
                tenant       TEXT COLLATE "C" NOT NULL,
                id           TEXT COLLATE "C" NOT NULL,
                kind         TEXT COLLATE "C" NOT NULL,
                source       TEXT COLLATE "C" NOT NULL,
                title        TEXT COLLATE "C",
                source_type  TEXT COLLATE "C",
                language     TEXT COLLATE "C" NOT NULL,
                tags         TEXT[] COLLATE "C" NOT NULL,
                speaker      TEXT COLLATE "C",
                metadata     JSONB NOT NULL,
                at           BIGINT,
                ref          BYTEA NOT NULL,
                content_hash BYTEA NOT NULL,
                embedding    vector(%d) NOT NULL,
                PRIMARY KEY (tenant, id),
                UNIQUE (tenant, content_hash)
            )
            """.formatted(name(), dimensions));
        if (dimensions <= INLINE_MAX) {
            session.update("ALTER TABLE %s ALTER COLUMN embedding SET STORAGE PLAIN".formatted(name()));
        }
        if (hasGraph()) {
            index(
                    session,
                    "embedding",
                    "USING hnsw (%s %s_cosine_ops) WITH (m = 16, ef_construction = 128)"
                            .formatted(indexed(), indexedType().replaceFirst("[(].*", "")));
        }
        index(session, "tags", "USING gin (tags)");
        index(session, "metadata", "USING gin (metadata jsonb_path_ops)");
        index(session, "source", "(tenant, kind, source)");
        index(session, "title", "(tenant, title) WHERE title IS NOT NULL");
        index(session, "source_type", "(tenant, source_type) WHERE source_type IS NOT NULL");
        // Where the default language is filtered by, nearly all passages match, and an index is no help.
        index(session, "language", "(tenant, language) WHERE language <> 'en'");
        index(session, "speaker", "(tenant, speaker) WHERE speaker IS NOT NULL");
        index(session, "at", "(tenant, at) WHERE at IS NOT NULL");
    }

    private void index(SqlSession session, String of, String how) throws SQLException {
        session.update("CREATE INDEX %s_%s ON %s %s".formatted(name(), of, name(), how));
    }

    /// Carries the changes out.
    ///
    /// @param vectors of the passages; one without a vector is left out
    /// @return how many more passages there are than before
    long change(SqlSession session, NetChanges changes, Map<Passage, float[]> vectors) throws SQLException {
        long removed = remove(session, changes.removals()) + removeById(session, changes.passages());
        return insert(session, changes, vectors) - removed;
    }

    private int remove(SqlSession session, Collection<PassageChange.Remove> removals) throws SQLException {
        if (removals.isEmpty()) {
            return 0;
        }
        return session.update(
                """
                DELETE FROM %s passage USING unnest(?::text[], ?::text[], ?::text[], ?::text[])
                    AS gone (tenant, kind, source, prefix)
                WHERE passage.tenant = gone.tenant AND passage.kind = gone.kind AND passage.source = gone.source
                    AND starts_with(passage.id, gone.prefix)
                """.formatted(name()),
                strings(removals, removal -> removal.tenant().id()),
                strings(removals, removal -> removal.source().kind().name()),
                strings(removals, removal -> removal.source().id()),
                strings(removals, PassageChange.Remove::prefix));
    }

    private int removeById(SqlSession session, Collection<Passage> passages) throws SQLException {
        if (passages.isEmpty()) {
            return 0;
        }
        return session.update(
                """
                DELETE FROM %s passage USING unnest(?::text[], ?::text[]) AS gone (tenant, id)
                WHERE passage.tenant = gone.tenant AND passage.id = gone.id
                """.formatted(name()),
                strings(passages, passage -> passage.tenant().id()),
                strings(passages, passage -> passage.ref().id()));
    }

    private static <T> String[] strings(Collection<T> of, Function<T, String> part) {
        return of.stream().map(part).toArray(String[]::new);
    }

    private long insert(SqlSession session, NetChanges changes, Map<Passage, float[]> vectors) throws SQLException {
        var rows = new ArrayList<Object[]>();
        for (var passage : changes.passages()) {
            var vector = vectors.get(passage);
            if (vector != null) {
                rows.add(row(passage, vector));
            }
        }
        if (!rows.isEmpty()) {
            session.updateAll(
                    "INSERT INTO " + name()
                            + " (tenant, id, kind, source, title, source_type, language, tags, speaker, metadata, at,"
                            + " ref, content_hash, embedding) VALUES (?, ?, ?, ?, ?, ?, ?, ?::text[], ?, ?::jsonb, ?,"
                            + " ?, ?, ?::real[]::vector)",
                    rows);
        }
        return rows.size();
    }

    private static @Nullable String storable(@Nullable String title) {
        return title == null || !PgvectorFilter.storable(title) ? null : title;
    }

    private static Object[] row(Passage passage, float[] vector) {
        var ref = passage.ref();
        var row = new ArrayList<Object>(
                List.of(passage.tenant().id(), ref.id(), ref.kind().name(), ref.source()));
        row.add(storable(passage.title()));
        row.add(passage.sourceType());
        row.add(ref.language());
        row.add(passage.tags().toArray(String[]::new));
        row.add(ref.speaker() == null ? null : SpeakerNames.folded(ref.speaker()));
        row.add(PgvectorFilter.json(passage.metadata()));
        row.add(ref.at());
        row.add(PassageRefs.encode(ref));
        row.add(PgvectorContent.hash(ref, vector));
        row.add(vector);
        return row.toArray();
    }
}
