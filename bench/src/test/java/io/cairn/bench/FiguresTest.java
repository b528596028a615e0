package io.cairn.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Figures stand in `docs/BENCHMARKS.md`; what the README quotes of them is what stands there now.
class FiguresTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern FIGURE = Pattern.compile("(?<![\\w.,])\\d[\\d,]*(?:\\.\\d+)?(?![\\w,]|\\.\\d)");

    @Test
    void theReadmeQuotesFiguresAsTheBenchmarksHaveThem() throws IOException {
        var table = Files.readString(ROOT.resolve("README.md"))
                .lines()
                .dropWhile(line -> !line.equals("## How it compares"))
                .takeWhile(line -> !line.startsWith("What a store of vectors"))
                .filter(line -> line.startsWith("| ") && !line.startsWith("| what |"))
                .toList();
        assertThat(table).isNotEmpty();
        var measured = FIGURE.matcher(Files.readString(ROOT.resolve("docs/BENCHMARKS.md")))
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toSet());

        assertThat(table)
                .allSatisfy(row -> assertThat(FIGURE.matcher(row.substring(row.indexOf('|', 1)))
                                .results()
                                .map(MatchResult::group)
                                .toList())
                        .as(row)
                        .isNotEmpty()
                        .isSubsetOf(measured));
    }
}
