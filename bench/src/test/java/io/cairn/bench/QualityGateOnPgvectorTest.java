package io.cairn.bench;

import io.cairn.adapter.sql.TestDatabase;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The same gate with the vectors in PostgreSQL.
@Tag("quality")
class QualityGateOnPgvectorTest extends QualityGateTest {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    @Override
    Engine.Vectors vectors() {
        DATABASE.bare();
        return (folder, units, embeddings) -> DATABASE.pgvector(units, embeddings);
    }
}
