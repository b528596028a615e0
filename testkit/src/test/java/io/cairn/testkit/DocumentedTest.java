package io.cairn.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The tests that documents show, compiled and run.
class DocumentedTest {
    private static final Path DOCUMENTS = Path.of("..", "docs");
    private static final Path EXAMPLE =
            Path.of("..", "examples", "orders-by-day", "src", "com", "example", "OrdersByDay.java");
    private static final Pattern SHOWN = Pattern.compile("```java\n@Test\n(void (\\w+)\\(.*?\n})\n```", Pattern.DOTALL);

    @TempDir
    Path folder;

    @Test
    void theTestOfAProjectionPasses() throws Exception {
        passes("PROJECTIONS.md", "ordersOfADayAddUp", List.of(EXAMPLE), "import com.example.OrdersByDay;");
    }

    @Test
    void theTestOfATaskPasses() throws Exception {
        passes("TESTKIT.md", "aMailIsSentOnceThoughItsServerIsAwayAndTheProcessDies", List.of(), """
            import io.cairn.task.Outcome;
            import io.cairn.task.TaskType;
            import io.cairn.testkit.Scripted;
            import java.io.IOException;
            import java.time.Duration;
            import java.util.ArrayList;
            """);
    }

    @Test
    void theTestOfAClientOfModelsPasses() throws Exception {
        passes("TESTKIT.md", "aClientMeetsAllThatProvidersDo", List.of(), """
            import static org.assertj.core.api.Assertions.assertThatThrownBy;

            import io.cairn.testkit.ModelReply;
            import io.cairn.testkit.ModelRequest;
            import io.cairn.testkit.ModelServer;
            import java.io.IOException;
            import java.net.http.HttpClient;
            import java.net.http.HttpRequest;
            import java.net.http.HttpRequest.BodyPublishers;
            import java.net.http.HttpResponse.BodyHandlers;
            import java.net.http.HttpTimeoutException;
            import java.time.Duration;
            """);
    }

    private void passes(String document, String name, List<Path> beside, String imports) throws Exception {
        var shown = SHOWN.matcher(Files.readString(DOCUMENTS.resolve(document)))
                .results()
                .filter(found -> found.group(2).equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("%s shows no test %s".formatted(document, name)));
        var test = Files.writeString(folder.resolve("ShownTest.java"), """
            import static org.assertj.core.api.Assertions.assertThat;

            %s
            import io.cairn.testkit.InMemoryCairn;

            public class ShownTest {
                public %s
            }
            """.formatted(imports, shown.group(1)));
        var sources = new ArrayList<>(beside);
        sources.add(test);
        compile(sources);

        try (var classes = new URLClassLoader(
                new URL[] {folder.toUri().toURL()}, getClass().getClassLoader())) {
            var type = classes.loadClass("ShownTest");
            type.getMethod(name).invoke(type.getConstructor().newInstance());
        }
    }

    private void compile(List<Path> sources) throws IOException {
        var arguments =
                new ArrayList<>(List.of("-classpath", System.getProperty("java.class.path"), "-d", folder.toString()));
        sources.forEach(source -> arguments.add(source.toString()));
        int result = ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new));
        assertThat(result).as("javac's result, whose complaints stand above").isZero();
    }
}
