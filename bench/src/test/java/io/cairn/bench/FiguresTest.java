package io.cairn.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Figures stand in `docs/BENCHMARKS.md`; what the README quotes of them is what stands there now.
class FiguresTest {
    private static final Path ROOT = Path.of("..");
    private static final String NUMBER = "(?<![\\w.,@])\\d+(?:,\\d{3})*(?:\\.\\d+)?";
    private static final String UNIT = "/s| ?(?:ms|MB|GB|KB|×|%|s)";
    private static final String END = "(?!['\\w]|[.,]\\d)";

    /// A number with the unit behind it, if it has one.
    private static final Pattern FIGURE = Pattern.compile(NUMBER + "(?:" + UNIT + "|)" + END);

    private static final Pattern WITH_UNIT = Pattern.compile(NUMBER + "(?:" + UNIT + ")" + END);

    private static List<String> figures(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(MatchResult::group)
                .map(figure -> figure.replace(" ", ""))
                .toList();
    }

    private static String read(String file) throws IOException {
        return Files.readString(ROOT.resolve(file));
    }

    /// The rows of its table, without the heads.
    private static List<String> compared() throws IOException {
        return read("README.md")
                .lines()
                .dropWhile(line -> !line.equals("## How it compares"))
                .takeWhile(line -> !line.startsWith("What a store of vectors"))
                .filter(line -> line.startsWith("| ") && !line.startsWith("| what |"))
                .toList();
    }

    private record Row(String section, String text) {}

    private static List<Row> measured() throws IOException {
        var rows = new ArrayList<Row>();
        for (var section : read("docs/BENCHMARKS.md").split("\n(?=## )")) {
            section.lines().filter(line -> line.startsWith("|")).forEach(line -> rows.add(new Row(section, line)));
        }
        return rows;
    }

    @Test
    void allFiguresOfARowOfTheReadmeStandWithTheirUnitsInOneRowOfTheBenchmarks() throws IOException {
        var measured = measured();
        assertThat(compared()).isNotEmpty().allSatisfy(row -> {
            int value = row.indexOf('|', 1);
            var figures = figures(FIGURE, row.substring(value));
            assertThat(figures).as(row).isNotEmpty();
            var rows = measured.stream()
                    .filter(other -> figures(FIGURE, other.text()).containsAll(figures))
                    .toList();
            assertThat(rows).as("rows with %s, of '%s'", figures, row).isNotEmpty();

            // What was measured, such as how many of what size, is said there or above the table.
            var conditions = figures(FIGURE, row.substring(0, value));
            assertThat(rows)
                    .as("rows with %s and %s", figures, conditions)
                    .anySatisfy(other ->
                            assertThat(figures(FIGURE, other.section())).containsAll(conditions));
        });
    }

    /// What is said in passing is measured, or it is a setting.
    @Test
    void aFigureWithAUnitInTheReadmesTextStandsInTheBenchmarksOrIsASetting() throws IOException {
        var known = figures(WITH_UNIT, read("docs/BENCHMARKS.md")).stream().collect(Collectors.toSet());
        known.addAll(figures(WITH_UNIT, read("docs/CONFIGURATION.md")));
        var compared = compared();
        var text = read("README.md").replaceAll("(?s)```.*?```", "").lines().filter(line -> !compared.contains(line));
        assertThat(figures(WITH_UNIT, text.collect(Collectors.joining("\n")))).isSubsetOf(known);
    }
}
