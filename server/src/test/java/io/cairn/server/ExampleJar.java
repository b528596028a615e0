package io.cairn.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;

/// The examples, compiled and packed as their READMEs say.
public final class ExampleJar {
    /// What names the projections of a jar.
    public static final String SERVICE = "META-INF/services/io.cairn.projection.RowProjection";

    private static final Path EXAMPLES = Path.of("..", "examples");
    private static final Path EXAMPLE = EXAMPLES.resolve("orders-by-day");
    private static final String CLASS = "com/example/OrdersByDay";
    private static final String NAME = "    @Override\n    public String name() {";

    private ExampleJar() {}

    /// The jar of an example as it is.
    public static Path of(Path folder, String example) throws IOException {
        var classes = compiled(folder, sources(example, "src"));
        var made = folder.resolve(example + ".jar");
        try (var packed = new JarOutputStream(Files.newOutputStream(made))) {
            for (var root : List.of(classes, EXAMPLES.resolve(example))) {
                for (var file : files(root.equals(classes) ? root : root.resolve("META-INF"))) {
                    pack(packed, root.relativize(file).toString(), Files.readAllBytes(file));
                }
            }
        }
        return made;
    }

    /// The tests that an example has of its own, compiled with it.
    public static Stream<DynamicTest> ownTests(Path folder, String example, String test) throws Exception {
        var sources = new ArrayList<>(sources(example, "src"));
        sources.addAll(sources(example, "test"));
        var classes = compiled(folder, sources);
        var loader = new URLClassLoader(new URL[] {classes.toUri().toURL()}, ExampleJar.class.getClassLoader());
        var type = loader.loadClass(test);
        return Arrays.stream(type.getMethods())
                .filter(method -> method.isAnnotationPresent(Test.class))
                .map(method -> DynamicTest.dynamicTest(method.getName(), () -> invoke(method)));
    }

    private static void invoke(Method test) throws Throwable {
        try {
            test.invoke(test.getDeclaringClass().getConstructor().newInstance());
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static List<Path> sources(String example, String kind) throws IOException {
        var root = EXAMPLES.resolve(example).resolve(kind);
        return files(root);
    }

    private static List<Path> files(Path within) throws IOException {
        try (var found = Files.walk(within)) {
            return found.filter(Files::isRegularFile).sorted().toList();
        }
    }

    /// Makes the projection of `orders-by-day` in a folder, or puts another version in the place of the one that is
    /// there.
    public static Path of(Path folder, int version) throws IOException {
        return of(folder, version, source());
    }

    /// Makes it with another table of the same name.
    public static Path withAnotherTable(Path folder, int version) throws IOException {
        return of(folder, version, source().replace("\"cents\"", "\"hundredths\""));
    }

    private static String source() throws IOException {
        var source = Files.readString(EXAMPLE.resolve("src/" + CLASS + ".java"));
        assertThat(source).contains(NAME, "\"cents\"");
        return source;
    }

    private static Path of(Path folder, int version, String source) throws IOException {
        var versioned = "    @Override\n    public int version() {\n        return %d;\n    }\n\n".formatted(version);
        var classes = compiled(folder, source.replace(NAME, versioned + NAME));
        var made = folder.resolve("made.jar");
        try (var packed = new JarOutputStream(Files.newOutputStream(made))) {
            pack(packed, CLASS + ".class", Files.readAllBytes(classes.resolve(CLASS + ".class")));
            pack(packed, SERVICE, Files.readAllBytes(EXAMPLE.resolve(SERVICE)));
        }
        return Files.move(made, folder.resolve("orders-by-day.jar"), StandardCopyOption.REPLACE_EXISTING);
    }

    /// A jar that has the class and names no projection.
    public static Path namingNothing(Path folder) throws IOException {
        var empty = folder.resolve("empty.jar");
        try (var packed = new JarOutputStream(Files.newOutputStream(empty))) {
            pack(packed, "com/example/nothing.txt", new byte[0]);
        }
        return empty;
    }

    private static Path compiled(Path folder, String source) throws IOException {
        var file = folder.resolve("OrdersByDay.java");
        Files.writeString(file, source);
        return compiled(folder, List.of(file));
    }

    private static Path compiled(Path folder, List<Path> sources) {
        var classes = folder.resolve("classes");
        var arguments =
                new ArrayList<>(List.of("-classpath", System.getProperty("java.class.path"), "-d", classes.toString()));
        sources.forEach(source -> arguments.add(source.toString()));
        int result = ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new));
        assertThat(result).as("javac's result, whose complaints stand above").isZero();
        return classes;
    }

    private static void pack(JarOutputStream packed, String name, byte[] content) throws IOException {
        packed.putNextEntry(new JarEntry(name));
        packed.write(content);
        packed.closeEntry();
    }
}
