package io.cairn.server.models;

import io.cairn.adapter.sql.TestDatabase;
import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;

class RefreshOnPgvectorTest extends RefreshContract {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    @Override
    List<String> store() {
        DATABASE.bare();
        return List.of(
                "--cairn.store.url=" + DATABASE.url(),
                "--cairn.store.user=" + DATABASE.server().user(),
                "--cairn.store.password=" + DATABASE.server().password(),
                "--cairn.recall.dense=pgvector");
    }
}
