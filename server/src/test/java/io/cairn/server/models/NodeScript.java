package io.cairn.server.models;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A script of `src/test/node` that answers each line with one line of JSON.
///
/// Where Node or a registry of packages is missing the test is skipped with the reason; under
/// `CAIRN_TEST_SERVERS=required` it fails.
final class NodeScript implements AutoCloseable {
    private static final Path SOURCES = Path.of("src", "test", "node");
    private static final Path FOLDER = Path.of("target", "node").toAbsolutePath();
    private static final long INSTALL_MAX_SECONDS = 180;

    private final Process process;
    private final BufferedWriter to;
    private final BufferedReader from;

    private NodeScript(Process process) {
        this.process = process;
        this.to = process.outputWriter(UTF_8);
        this.from = process.inputReader(UTF_8);
    }

    static NodeScript start(String script, Map<String, String> environment) throws IOException, InterruptedException {
        install(script);
        var builder = new ProcessBuilder("node", script).directory(FOLDER.toFile());
        builder.environment().putAll(environment);
        return new NodeScript(
                builder.redirectError(ProcessBuilder.Redirect.INHERIT).start());
    }

    /// The packages of the lock file, unless they are there.
    private static void install(String script) throws IOException, InterruptedException {
        Files.createDirectories(FOLDER);
        boolean there = Files.exists(FOLDER.resolve("node_modules").resolve(".package-lock.json"))
                && Files.mismatch(SOURCES.resolve("package-lock.json"), FOLDER.resolve("package-lock.json")) < 0;
        for (var name : new String[] {script, "package.json", "package-lock.json"}) {
            Files.copy(SOURCES.resolve(name), FOLDER.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        }
        if (there) {
            return;
        }
        try {
            var npm = new ProcessBuilder("npm", "ci", "--no-audit", "--no-fund")
                    .directory(FOLDER.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(FOLDER.resolve("npm.log").toFile())
                    .start();
            if (!npm.waitFor(INSTALL_MAX_SECONDS, TimeUnit.SECONDS) || npm.exitValue() != 0) {
                npm.destroy();
                missing("npm could not install the clients; see " + FOLDER.resolve("npm.log"));
            }
        } catch (IOException notThere) {
            missing("There is no npm here: " + notThere.getMessage());
        }
    }

    private static void missing(String why) {
        if ("required".equals(System.getenv("CAIRN_TEST_SERVERS"))) {
            fail(why);
        }
        abort(why);
    }

    JsonNode ask(String line) throws IOException {
        to.write(line);
        to.write('\n');
        to.flush();
        return JsonMapper.shared().readTree(Objects.requireNonNull(from.readLine(), "node ended"));
    }

    @Override
    public void close() {
        process.destroy();
    }
}
