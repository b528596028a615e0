package io.cairn.server;

import io.cairn.adapter.sql.TestDatabase;
import java.util.List;
import java.util.stream.Stream;

/// Settings by which a server has its log in a database of the tests, with a small pool.
final class StoreSettings {
    private StoreSettings() {}

    static List<String> of(TestDatabase database, String... more) {
        return Stream.concat(
                        Stream.of(
                                "--cairn.store.url=" + database.url(),
                                "--cairn.store.user=" + database.server().user(),
                                "--cairn.store.password=" + database.server().password(),
                                "--cairn.store.pool.size=2",
                                "--cairn.store.pool.burst=10"),
                        Stream.of(more))
                .toList();
    }
}
