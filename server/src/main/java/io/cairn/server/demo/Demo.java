package io.cairn.server.demo;

import io.cairn.client.Cairn;
import io.cairn.client.CairnProblem;
import io.cairn.client.wire.ProjectionStatus;
import io.cairn.client.wire.RecallAnswer;
import io.cairn.client.wire.RecallRequest;
import io.cairn.client.wire.Wire;
import io.cairn.server.Arguments;
import io.cairn.server.ProgressBar;
import io.cairn.server.Serve;
import io.cairn.server.wiring.StartProblems;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/// Starts a server, on a temporary folder unless one is named, takes in a dialogue, Cairn's own documents
/// and the paths given, and asks three questions, all through the public client.
public final class Demo {
    private static final int PORT = 7700;
    private static final String JSON = "--json";
    private static final Duration CATCH_UP_MAX = Duration.ofMinutes(15);
    private static final Duration LOOK_EVERY = Duration.ofMillis(250);
    private static final List<String> QUESTIONS = List.of(
            "Why was Mara's oven late?", "What can Mara not eat?", "How does Cairn make sure that nothing is lost?");

    private final PrintStream out;
    private final PrintStream answers;
    private final Sources sources;
    private final ProgressBar bar;
    private final Arguments arguments;

    /// @param answers is given the answers as JSON, where that is asked for
    private Demo(PrintStream out, PrintStream answers, Sources sources, Arguments arguments) {
        this.out = out;
        this.answers = answers;
        this.sources = sources;
        this.arguments = arguments;
        this.bar = new ProgressBar(out);
    }

    /// @param words files and folders to take in besides Cairn's own documents, and options
    /// @return the exit code; the server goes on if it is 0
    public static int run(List<String> words) {
        var arguments = Arguments.of(words, List.of("--data", "--port", JSON, Arguments.PATHS));
        try {
            var sources = Sources.of(arguments.paths(), System.getenv("CAIRN_HOME"));
            var answers = System.out;
            if (arguments.flags().contains(JSON)) {
                // Whatever else is written, the log too, would spoil what a program reads.
                System.setOut(System.err);
            }
            new Demo(System.out, answers, sources, arguments).run();
            return 0;
        } catch (RuntimeException e) {
            var sentence = StartProblems.sentence(e).orElseGet(() -> String.valueOf(e.getMessage()));
            System.err.println("cairn: the demo ended early: " + sentence);
            return 1;
        }
    }

    private void run() {
        var chosen = setting("cairn.data", "CAIRN_DATA").map(Path::of);
        if (chosen.isPresent()) {
            out.println("Starting Cairn on " + chosen.get() + " …");
            show(start(chosen.get()), chosen.get());
            return;
        }
        var folder = temporary();
        out.println("Starting Cairn on a temporary folder …");
        try {
            var server = start(folder);
            SpringApplication.getShutdownHandlers().add(() -> delete(folder));
            show(server, folder);
        } catch (RuntimeException e) {
            delete(folder);
            throw e;
        }
    }

    private void show(ConfigurableApplicationContext server, Path folder) {
        var address = URI.create("http://127.0.0.1:" + server.getEnvironment().getProperty("local.server.port"));
        try (var cairn = Cairn.connect(address, key(server, folder))) {
            takeIn(cairn);
            catchUp(cairn);
            QUESTIONS.forEach(question -> ask(cairn, question));
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
        tell(address, folder);
    }

    private void tell(URI address, Path folder) {
        out.printf("%nCairn listens at %s until you press Ctrl-C. Try:%n", address);
        out.printf("  export CAIRN_API_KEY=$(cat %s)%n", folder.resolve("admin.key"));
        out.printf(
                "  ./cairn recall \"who painted the sign?\"%s%n", address.getPort() == PORT ? "" : " --url " + address);
    }

    private ConfigurableApplicationContext start(Path folder) {
        var settings = new ArrayList<>(List.of("--cairn.data=" + folder, "--logging.level.root=WARN"));
        arguments.settings().stream()
                .filter(setting -> !setting.startsWith("--cairn.data="))
                .forEach(settings::add);
        if (setting("cairn.port", "CAIRN_PORT").isEmpty()) {
            settings.add("--cairn.port=" + (isFree(PORT) ? PORT : 0));
        }
        return Serve.start(settings);
    }

    private Optional<String> setting(String name, String variable) {
        return arguments
                .setting(name)
                .or(() -> Optional.ofNullable(System.getenv(variable)).filter(value -> !value.isBlank()));
    }

    private static boolean isFree(int port) {
        try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    private void takeIn(Cairn cairn) {
        var dialogue = Sources.dialogue();
        cairn.conversations().append("bakery", dialogue);
        out.printf("  conversation 'bakery': %d messages%n", dialogue.size());
        var files = sources.files();
        int done = 0;
        int refused = 0;
        for (var file : files) {
            try {
                cairn.documents().add(file);
            } catch (CairnProblem problem) {
                refused++;
                bar.clear();
                out.printf("  not taken: %s: %s%n", file.path(), problem.getMessage());
            }
            bar.at("documents", ++done, files.size());
        }
        bar.clear();
        out.printf("  documents: %d of %d taken in%n", done - refused, files.size());
    }

    private void catchUp(Cairn cairn) {
        var until = Instant.now().plus(CATCH_UP_MAX);
        long most = 1;
        while (Instant.now().isBefore(until)) {
            long behind = cairn.status().projections().stream()
                    .mapToLong(ProjectionStatus::eventsBehind)
                    .max()
                    .orElse(0);
            most = Math.max(most, behind);
            if (behind == 0) {
                bar.clear();
                out.println("  embedded");
                return;
            }
            bar.at("embedding", most - behind, most);
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
    }

    private void ask(Cairn cairn, String question) {
        var answer = cairn.recall(RecallRequest.of(question).withLimit(3).explained());
        if (arguments.flags().contains(JSON)) {
            answers.println(Wire.responses().writeValueAsString(new Answered(question, answer)));
        }
        out.printf("%n? %s  (%d ms)%n", question, answer.tookMs());
        answer.hits().forEach(hit -> out.println(Shown.of(hit)));
    }

    /// A line of the output for programs.
    private record Answered(String question, RecallAnswer answer) {}

    private static Path temporary() {
        try {
            return Files.createTempDirectory("cairn-demo");
        } catch (IOException e) {
            throw new UncheckedIOException("No temporary folder can be made", e);
        }
    }

    /// Whoever set a key of their own gets no file with one.
    private static String key(ConfigurableApplicationContext server, Path folder) {
        var chosen = server.getEnvironment().getProperty("cairn.api-key");
        if (chosen != null) {
            return chosen;
        }
        try {
            return Files.readString(folder.resolve("admin.key")).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("The demo's key cannot be read", e);
        }
    }

    private static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            System.err.println("cairn: the demo's folder stays: " + folder + " (" + e.getMessage() + ")");
        }
    }
}
