package io.cairn.adapter.lucene;

import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.adapter.sql.TestDatabase;
import io.cairn.recall.Hit;
import io.cairn.recall.Query;
import io.cairn.recall.Recalled;
import org.junit.jupiter.api.Test;
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

    @Test
    void wordsAnswerAloneWhileTheVectorsCannotBeSearched() throws Exception {
        say("m1", "Ana", "The router password is under the keyboard.");
        awaitDense();
        DATABASE.execute("ALTER TABLE knowledge_base_1 RENAME TO elsewhere");

        var answer = engine.recall.recall(ACME, Query.of("router password"));

        assertThat(answer).isInstanceOfSatisfying(Recalled.Answer.class, found -> {
            assertThat(found.dense()).isEqualTo(Recalled.Dense.SILENT);
            assertThat(found.hits()).map(Hit::id).containsExactly("m/chat-1/1/0");
        });
    }
}
