package io.cairn.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The test that `docs/PROJECTIONS.md` shows, compiled beside the example that it tests, and run.
class DocumentedTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "PROJECTIONS.md");
    private static final Path EXAMPLE =
            Path.of("..", "examples", "orders-by-day", "src", "com", "example", "OrdersByDay.java");
    private static final Pattern SHOWN = Pattern.compile("```java\n@Test\n(void (\\w+)\\(.*?\n})\n```", Pattern.DOTALL);

    @TempDir
    Path folder;

    @Test
    void theTestThatTheDocumentShowsCompilesAndPasses() throws Exception {
        var shown = SHOWN.matcher(Files.readString(DOCUMENT));
        assertThat(shown.find()).as("a test in " + DOCUMENT).isTrue();
        var test = Files.writeString(folder.resolve("ShownTest.java"), """
                import static org.assertj.core.api.Assertions.assertThat;

                import com.example.OrdersByDay;
                import io.cairn.testkit.InMemoryCairn;

                public class ShownTest {
                    public %s
                }
                """.formatted(shown.group(1)));
        compile(test);

        try (var classes = new URLClassLoader(
                new URL[] {folder.toUri().toURL()}, getClass().getClassLoader())) {
            var type = classes.loadClass("ShownTest");
            type.getMethod(shown.group(2)).invoke(type.getConstructor().newInstance());
        }
    }

    private void compile(Path test) throws IOException {
        int result = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-classpath",
                        System.getProperty("java.class.path"),
                        "-d",
                        folder.toString(),
                        EXAMPLE.toString(),
                        test.toString());
        assertThat(result).as("javac's result, whose complaints stand above").isZero();
    }
}
