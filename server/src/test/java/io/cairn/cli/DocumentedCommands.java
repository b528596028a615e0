package io.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// The commands that a document shows, each with what it prints: the ids and times of the document stand for those that
/// there are, and how wide a column is does not matter.
final class DocumentedCommands {
    private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final Pattern TIME = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d(?::\\d\\d)?(?:\\.\\d+)?Z");

    private final Commands commands;
    private final Map<String, String> ids = new HashMap<>();

    private record Example(String command, List<String> prints) {}

    DocumentedCommands(Commands commands) {
        this.commands = commands;
    }

    /// Calls them one after the other, and waits where what one shows is still to happen.
    ///
    /// @return how many there are
    int check(Path document) throws IOException {
        var examples = examples(Files.readAllLines(document));
        for (var example : examples) {
            var words = Commands.words(withRealIds(example.command()));
            if (words.size() == 1 || words.get(1).equals("list") || words.get(1).equals("show")) {
                await().untilAsserted(() -> prints(example, words));
            } else {
                prints(example, words);
            }
        }
        return examples.size();
    }

    private void prints(Example example, List<String> words) {
        var outcome = commands.call(words);
        assertThat(outcome.exit()).as(example.command() + "\n" + outcome.err()).isZero();
        var printed = outcome.out().lines().toList();
        assertThat(printed.stream().map(DocumentedCommands::alike).toList())
                .as(example.command())
                .isEqualTo(
                        example.prints().stream().map(DocumentedCommands::alike).toList());
        for (int line = 0; line < printed.size(); line++) {
            var real = ID.matcher(printed.get(line));
            var shown = ID.matcher(example.prints().get(line));
            while (real.find() && shown.find()) {
                ids.put(shown.group(), real.group());
            }
        }
    }

    private String withRealIds(String command) {
        return ID.matcher(command).replaceAll(id -> ids.getOrDefault(id.group(), id.group()));
    }

    private static String alike(String line) {
        var named = TIME.matcher(ID.matcher(line).replaceAll("ID")).replaceAll("TIME");
        return named.replaceAll(" +", " ").strip();
    }

    private static List<Example> examples(List<String> lines) {
        var examples = new ArrayList<Example>();
        boolean inside = false;
        for (var line : lines) {
            if (line.startsWith("```")) {
                inside = false;
            } else if (line.startsWith("$ cairn ")) {
                inside = true;
                examples.add(new Example(line.substring(2), new ArrayList<>()));
            } else if (inside) {
                examples.getLast().prints().add(line);
            }
        }
        return examples;
    }
}
