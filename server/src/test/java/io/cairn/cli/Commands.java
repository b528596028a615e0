package io.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.server.RunningCairn;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The command line as a tenant's operator calls it, against a running server.
record Commands(RunningCairn server, String tenant) {
    private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");

    record Outcome(int exit, String out, String err) {}

    /// The words of a line as a shell divides them, without the command's own name.
    static List<String> words(String line) {
        var words = new ArrayList<String>();
        var matcher = WORD.matcher(line);
        while (matcher.find()) {
            words.add(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
        }
        return words.subList(1, words.size());
    }

    Outcome call(List<String> words) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var environment = Map.of("CAIRN_URL", server.uri("").toString(), "CAIRN_API_KEY", RunningCairn.KEY);
        var terminal = new Terminal(
                InputStream.nullInputStream(),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                environment,
                Path.of(""),
                false,
                false);
        var all = Stream.concat(words.stream(), Stream.of("--tenant", tenant)).toArray(String[]::new);
        int exit = CairnCli.run(terminal, all);
        return new Outcome(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /// What a command printed that must have gone well.
    String run(String line) {
        var outcome = call(words("cairn " + line));
        assertThat(outcome.exit())
                .as(line + "\n" + outcome.out() + outcome.err())
                .isZero();
        return outcome.out();
    }
}
