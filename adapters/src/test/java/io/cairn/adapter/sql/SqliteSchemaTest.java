package io.cairn.adapter.sql;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.io.TempDir;

class SqliteSchemaTest extends SchemaContract {
    @TempDir
    Path folder;

    @Override
    Connection connect() throws SQLException {
        var file = folder.resolve("log.db");
        SqliteLogStorage.open(file, 1).close();
        return DriverManager.getConnection("jdbc:sqlite:" + file);
    }
}
