package io.cairn.server.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class SourcesTest {
    /// Documents that may come or go before the README has to be mended.
    private static final Offset<Integer> A_FEW = Offset.offset(5);

    @Test
    void theReadmeTellsHowManyDocumentsADemonstrationTakesIn() throws IOException {
        int files = Sources.of(List.of(), "..").files().size();
        var shown = Pattern.compile("documents: (\\d+) of (\\d+) taken in")
                .matcher(Files.readString(Path.of("../README.md")));

        assertThat(shown.find()).isTrue();
        assertThat(shown.group(1)).as("none is refused").isEqualTo(shown.group(2));
        assertThat(Integer.parseInt(shown.group(2))).isCloseTo(files, A_FEW);
    }
}
