package io.cairn.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a measurement was asked for on the command line: words, and `--name value` pairs.
record Options(List<String> words, Map<String, String> named) {
    private static final String DATASETS = "CAIRN_DATASETS";

    Options {
        words = List.copyOf(words);
        named = Map.copyOf(named);
    }

    static Options of(List<String> arguments) {
        var words = new ArrayList<String>();
        var named = new HashMap<String, String>();
        for (int i = 0; i < arguments.size(); i++) {
            var argument = arguments.get(i);
            if (!argument.startsWith("--")) {
                words.add(argument);
            } else if (i + 1 < arguments.size()) {
                named.put(argument.substring(2), arguments.get(++i));
            } else {
                throw new IllegalArgumentException("%s needs a value".formatted(argument));
            }
        }
        return new Options(words, named);
    }

    int number(String name, int otherwise) {
        return Optional.ofNullable(named.get(name)).map(Integer::parseInt).orElse(otherwise);
    }

    String text(String name, String otherwise) {
        return named.getOrDefault(name, otherwise);
    }

    Optional<Path> path(String name) {
        return Optional.ofNullable(named.get(name)).map(Path::of);
    }

    /// The folder of the public data sets, which the repository does not carry.
    Path datasets() {
        return Optional.ofNullable(named.get("datasets"))
                .or(() -> Optional.ofNullable(System.getenv(DATASETS)))
                .map(Path::of)
                .orElseThrow(() -> new IllegalArgumentException(
                        "This needs public data sets: set %s to their folder (docs/BENCHMARKS.md says which)"
                                .formatted(DATASETS)));
    }
}
