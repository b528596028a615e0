package io.cairn.adapter.lucene;

import io.cairn.adapter.sql.TestDatabase;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Recall whose words are in Lucene and whose vectors are in PostgreSQL.
class RecallOnPgvectorTest extends RecallTest {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    private boolean emptied;

    @Override
    Engine.Vectors vectors() {
        if (!emptied) {
            DATABASE.emptied();
            emptied = true;
        }
        return DATABASE::pgvector;
    }
}
