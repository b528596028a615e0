package io.cairn.adapter.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresSchemaTest extends SchemaContract {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    @Override
    Connection connect() throws SQLException {
        PostgresLogStorage.open(DATABASE.emptied().settings()).close();
        return DATABASE.connect();
    }

    /// Vectors have no file of their own here.
    @Override
    Set<String> vectors() {
        return Set.of("embedding_shelf", "embedding");
    }
}
