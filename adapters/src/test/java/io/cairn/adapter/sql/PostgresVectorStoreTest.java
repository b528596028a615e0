package io.cairn.adapter.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.model.VectorStore;
import io.cairn.model.VectorStoreContract;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresVectorStoreTest extends VectorStoreContract {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    @BeforeAll
    static void makeTables() {
        Watched.log(DATABASE.settings()).close();
    }

    @Override
    protected VectorStore open() {
        DATABASE.execute("TRUNCATE embedding, embedding_shelf");
        return Watched.vectors(DATABASE.settings());
    }

    @Test
    void whatOneNodePutAnotherFinds() {
        store.putAll(ACME, SPACE, Map.of(key(1), vector(1)));

        try (var other = Watched.vectors(DATABASE.settings())) {
            assertThat(other.getAll(ACME, SPACE, List.of(key(1)))).containsOnlyKeys(key(1));
        }
    }

    @Test
    void aDamagedVectorIsAbsent() {
        store.putAll(ACME, SPACE, Map.of(key(1), vector(1), key(2), vector(2)));

        DATABASE.execute("UPDATE embedding SET value = set_byte(value, 3, get_byte(value, 3) # 1)");

        assertThat(store.getAll(ACME, SPACE, List.of(key(1), key(2)))).isEmpty();
    }
}
