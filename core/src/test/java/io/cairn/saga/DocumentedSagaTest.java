package io.cairn.saga;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class DocumentedSagaTest {
    @Test
    void theDocumentShowsTheSagaThatIsTested() throws Exception {
        var source = Files.readString(Path.of("src/test/java/io/cairn/saga/AssignLead.java"));
        var shown = source.substring(source.indexOf("/// Assigns")).strip();

        assertThat(Files.readString(Path.of("..", "docs", "SAGAS.md"))).contains("```java\n" + shown + "\n```");
    }
}
