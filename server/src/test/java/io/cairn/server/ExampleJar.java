package io.cairn.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;

/// The projection of `examples/orders-by-day`, compiled and packed as its README says.
public final class ExampleJar {
    /// What names the projections of a jar.
    public static final String SERVICE = "META-INF/services/io.cairn.projection.RowProjection";

    private static final Path EXAMPLE = Path.of("..", "examples", "orders-by-day");
    private static final String CLASS = "com/example/OrdersByDay";
    private static final String NAME = "    @Override\n    public String name() {";

    private ExampleJar() {}

    /// Makes it in a folder, or puts another version in the place of the one that is there.
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
        var classes = folder.resolve("classes");
        int result = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-classpath",
                        System.getProperty("java.class.path"),
                        "-d",
                        classes.toString(),
                        file.toString());
        assertThat(result).isZero();
        return classes;
    }

    private static void pack(JarOutputStream packed, String name, byte[] content) throws IOException {
        packed.putNextEntry(new JarEntry(name));
        packed.write(content);
        packed.closeEntry();
    }
}
