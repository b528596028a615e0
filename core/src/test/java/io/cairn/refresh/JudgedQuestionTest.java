package io.cairn.refresh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cairn.tenant.Tenant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JudgedQuestionTest {
    @TempDir
    Path folder;

    @Test
    void eachLineIsAQuestionOfATenant() throws Exception {
        var questions = JudgedQuestion.in(file("""
            {"query": "When does the train leave?", "sources": ["m-17", "m-18"]}

            {"query": "Who repairs the heating?", "sources": ["handbook"], "tenant": "acme"}
            """));

        assertThat(questions).map(JudgedQuestion::tenant).containsExactly(Tenant.DEFAULT, new Tenant("acme"));
        assertThat(questions)
                .map(question -> question.query().text())
                .containsExactly("When does the train leave?", "Who repairs the heating?");
        assertThat(questions.getFirst().sources()).isEqualTo(Set.of("m-17", "m-18"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no JSON",
                "[]",
                "{\"query\": \"q\"}",
                "{\"query\": \"\", \"sources\": [\"m\"]}",
                "{\"query\": \"q\", \"sources\": [\"m\"], \"tenant\": \"cairn\"}",
                "{\"query\": \"q\", \"sources\": [\"m\"], \"tenant\": \"no tenant\"}"
            })
    void aLineThatIsNoQuestionIsNamed(String line) throws Exception {
        var file = file("{\"query\": \"q\", \"sources\": [\"m\"]}\n" + line);

        assertThatThrownBy(() -> JudgedQuestion.in(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(file.toString(), "line 2");
    }

    @Test
    void neitherNoneNorTooManyAreTaken() throws Exception {
        var none = file("\n\n");
        assertThatThrownBy(() -> JudgedQuestion.in(none)).hasMessageContaining("holds 1 to 1000 questions; found 0");
        var many = file(String.join("\n", Collections.nCopies(1_001, "{\"query\": \"q\", \"sources\": [\"m\"]}")));
        assertThatThrownBy(() -> JudgedQuestion.in(many)).hasMessageContaining("found 1001");
    }

    private Path file(String text) throws IOException {
        return Files.writeString(Files.createTempFile(folder, "questions", ".jsonl"), text);
    }
}
