package io.cairn.server;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.cairn.event.EventLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// `docs/vocabulary.md` is true: it has the words of the code, and the code has its words.
class VocabularyTest {
    private static final Path VOCABULARY = Path.of("..", "docs", "vocabulary.md");
    private static final List<String> MODULES = List.of("core", "client", "adapters", "server", "cli");
    private static final Pattern ENTRY = Pattern.compile("^\\| \\*\\*(.+?)\\*\\* \\|", Pattern.MULTILINE);
    private static final Pattern CLASS_WORD = Pattern.compile("[A-Z][a-z]+|[A-Z]+(?![a-z])");

    /// Words that mean in the name of a type what they mean everywhere.
    private static final Set<String> PLAIN = Set.of("""
        add adoption again append assign back broken builder catch change content conversation count damage
        data decision deliveries delivery detect dispatch document effect engine exact exception excerpt
        expected extract failure fault filter forward handle health hook ids in interest json kind language
        letter load local mapping meanwhile memory message mismatch model name net new order other outcome
        outdated pattern policy progress provider reader received record ref reserve roll rule run running
        sample schedule secret send sentence set setting signature sink size standard state status storage
        store style taken target text thread time try unknown up verdict verification view wanted watch write
        """.strip().split("\\s+"));

    @Test
    void everyWordOfTheVocabularyIsUsedInTheCode() throws IOException {
        var code = code();

        assertThat(codeWords().stream().flatMap(entry -> Stream.of(entry.split(" / "))))
                .allSatisfy(entry -> assertThat(code).as("in names or comments").contains(" " + stems(entry) + " "));
    }

    @Test
    void noWordStandsTwice() throws IOException {
        assertThat(entries()).doesNotHaveDuplicates();
    }

    @Test
    void everyWordInTheNameOfATypeOfCoreIsPlainEnglishOrExplained() throws IOException {
        var known = Stream.concat(PLAIN.stream(), entries().stream().flatMap(entry -> Stream.of(entry.split("\\W+"))))
                .map(VocabularyTest::stem)
                .collect(toSet());
        var unexplained = new TreeMap<String, String>();
        types().forEach(type -> words(type)
                .filter(word -> !known.contains(stem(word)))
                .forEach(word -> unexplained.put(word, type.getName())));

        assertThat(unexplained)
                .as("words that docs/vocabulary.md should explain, or a plainer word should replace")
                .isEmpty();
    }

    @Test
    void noTwoTypesOfCoreHaveOneName() {
        Map<String, Set<String>> packages = topLevel()
                .collect(groupingBy(
                        JavaClass::getSimpleName, TreeMap::new, mapping(JavaClass::getPackageName, toSet())));

        assertThat(packages).allSatisfy((name, places) -> assertThat(places).hasSize(1));
    }

    @Test
    void theMapOfTheLogsPackageNamesEachOfItsTypes() throws IOException {
        var map = Files.readString(
                Path.of("..", "core", "src", "main", "java", "io", "cairn", "event", "package-info.java"));

        assertThat(topLevel()
                        .filter(type -> type.getPackageName().equals(EventLog.class.getPackageName()))
                        .map(JavaClass::getSimpleName))
                .allSatisfy(name -> assertThat(map).contains("[" + name + "]"));
    }

    private static Stream<JavaClass> types() {
        return topLevel().filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC));
    }

    private static Stream<JavaClass> topLevel() {
        var core = EventLog.class.getProtectionDomain().getCodeSource().getLocation();
        return new ClassFileImporter()
                .importUrl(core).stream()
                        .filter(JavaClass::isTopLevelClass)
                        .filter(type -> !type.getSimpleName().equals("package-info"));
    }

    private static Stream<String> words(JavaClass type) {
        return CLASS_WORD
                .matcher(type.getSimpleName())
                .results()
                .map(MatchResult::group)
                .map(word -> word.toLowerCase(Locale.ROOT));
    }

    /// What is left of a word without an ending: the same for nearly all of its forms.
    private static String stem(String word) {
        return word.replaceFirst("(?<=\\w{3})(ies|es|s)$", "").replaceFirst("(?<=\\w{3})(ing|ed|er|or|ion|e|y)$", "");
    }

    private static String stems(String words) {
        return Arrays.stream(words.toLowerCase(Locale.ROOT).split("[^a-z]+"))
                .map(VocabularyTest::stem)
                .collect(joining(" "));
    }

    private static List<String> entries() throws IOException {
        return entries(Files.readString(VOCABULARY));
    }

    /// Those of the first table; the second has words that only the documents use.
    private static List<String> codeWords() throws IOException {
        return entries(Files.readString(VOCABULARY).split("\n\nAnd words", 2)[0]);
    }

    private static List<String> entries(String text) {
        return ENTRY.matcher(text).results().map(entry -> entry.group(1)).toList();
    }

    /// The stems of all words of names and comments, with a space around each.
    private static String code() throws IOException {
        var code = new StringBuilder(" ");
        for (var module : MODULES) {
            try (var files = Files.walk(Path.of("..", module, "src", "main"))) {
                for (var file :
                        files.filter(file -> file.toString().endsWith(".java")).toList()) {
                    code.append(asWords(Files.readString(file)));
                }
            }
        }
        return code.toString();
    }

    private static String asWords(String source) {
        return Arrays.stream(source.replaceAll("([a-z])(?=[A-Z])", "$1 ").split("[^A-Za-z]+"))
                .map(word -> stem(word.toLowerCase(Locale.ROOT)))
                .collect(joining(" ", "", " "));
    }
}
