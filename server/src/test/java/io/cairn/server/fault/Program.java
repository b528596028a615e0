package io.cairn.server.fault;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The server as it is shipped, made once from the classes under test: jars, and an AOT cache for exactly them.
///
/// From folders of classes a start takes several times as long, and these tests start it a hundred times.
final class Program {
    private static final String MAIN = "io.cairn.server.CairnServer";
    private static final long TRAINING_SECONDS_MAX = 180;

    private final Path folder;
    private final String classPath;

    private Program(Path folder) throws IOException, InterruptedException {
        this.folder = folder;
        remove(folder);
        Files.createDirectories(folder);
        var entries = new ArrayList<String>();
        for (var entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            var path = Path.of(entry);
            if (!Files.isDirectory(path)) {
                entries.add(entry);
            } else if (!path.endsWith("test-classes")) {
                entries.add(jar(path, folder.resolve("classes-%d.jar".formatted(entries.size()))));
            }
        }
        this.classPath = String.join(File.pathSeparator, entries);
        train();
    }

    private static final class Made {
        static final Program PROGRAM = make();
    }

    /// The command that runs it.
    ///
    /// @param options for the JVM, in place of the usual or besides
    static List<String> command(List<String> options, List<String> arguments) {
        return Made.PROGRAM.java("-XX:AOTCache=" + Made.PROGRAM.cache(), arguments, options.toArray(String[]::new));
    }

    private static Program make() {
        try {
            return new Program(Path.of("target", "fault-program").toAbsolutePath());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void remove(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (var found = Files.walk(folder)) {
            for (var path : found.sorted((left, right) -> right.compareTo(left)).toList()) {
                Files.delete(path);
            }
        }
    }

    private static String jar(Path classes, Path jar) {
        int code = ToolProvider.findFirst("jar")
                .orElseThrow()
                .run(
                        System.out,
                        System.err,
                        "--create",
                        "--no-compress",
                        "--no-manifest",
                        "--file",
                        jar.toString(),
                        "-C",
                        classes.toString(),
                        ".");
        if (code != 0) {
            throw new IllegalStateException("No jar could be made of " + classes);
        }
        return jar.toString();
    }

    private void train() throws IOException, InterruptedException {
        var log = folder.resolve("training.log");
        var data = folder.resolve("training");
        var process = new ProcessBuilder(java(
                        "-XX:AOTCacheOutput=" + cache(),
                        List.of("serve", "--data", data.toString(), "--port", "0"),
                        "-Dspring.context.exit=onRefresh"))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (!process.waitFor(TRAINING_SECONDS_MAX, TimeUnit.SECONDS) || !Files.exists(cache())) {
            process.destroyForcibly();
            throw new IllegalStateException("No AOT cache could be made: " + Files.readString(log));
        }
    }

    private Path cache() {
        return folder.resolve("program.aot");
    }

    private List<String> java(String cacheOption, List<String> arguments, String... options) {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return Stream.of(
                        Stream.of(
                                java,
                                "-Xmx512m",
                                "-XX:+UseSerialGC",
                                "-XX:+ExitOnOutOfMemoryError",
                                "-XX:TieredStopAtLevel=1",
                                "--enable-native-access=ALL-UNNAMED",
                                cacheOption),
                        Stream.of(options),
                        Stream.of("-cp", classPath, MAIN),
                        arguments.stream())
                .flatMap(part -> part)
                .collect(Collectors.toCollection(ArrayList::new));
    }
}
