package io.cairn.server;

import io.cairn.server.wiring.SettingsFile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// The command line of one command, as settings.
///
/// @param settings such as `--cairn.port=7700`
/// @param flags words without a value that were given
/// @param paths words that are no options
public record Arguments(List<String> settings, List<String> flags, List<String> paths) {
    /// Stands among the options of a command that takes files and folders.
    public static final String PATHS = "PATH";

    private static final Map<String, Function<String, String>> OPTIONS = Map.of(
            "--data", value -> "--cairn.data=" + value,
            "--port", value -> "--cairn.port=" + value,
            "--host", value -> "--cairn.host=" + value,
            "--master-key-file", value -> "--cairn.master-key-file=" + value,
            "--config", value -> SettingsFile.CHOSEN + value,
            "--tenant-language", Arguments::language,
            "--log", value -> "--cairn.logging.format=" + value);

    /// @param allowed the options of this command among all; settings may be given to any
    public static Arguments of(List<String> args, List<String> allowed) {
        var settings = new ArrayList<String>();
        var flags = new ArrayList<String>();
        var paths = new ArrayList<String>();
        var options = new HashMap<>(OPTIONS);
        allowed.stream()
                .filter(option -> option.startsWith("--from") || option.startsWith("--to"))
                .forEach(option -> options.put(option, value -> "--copy." + option.substring(2) + "=" + value));
        options.keySet().retainAll(allowed);
        for (var words = args.iterator(); words.hasNext(); ) {
            var word = words.next();
            int equals = word.indexOf('=');
            var name = equals < 0 ? word : word.substring(0, equals);
            var option = options.get(name);
            if (option != null) {
                settings.add(option.apply(
                        equals < 0 ? value(name, words.hasNext() ? words.next() : "") : word.substring(equals + 1)));
            } else if (word.startsWith("--cairn.") || word.startsWith("--server.") || word.startsWith("--logging.")) {
                settings.add(word);
            } else if (allowed.contains(word)) {
                flags.add(word);
            } else if (allowed.contains(PATHS) && !word.startsWith("-")) {
                paths.add(word);
            } else {
                throw new UsageException("'%s' is not an option here".formatted(word));
            }
        }
        return new Arguments(settings, flags, paths);
    }

    /// The value of a setting that was given.
    public Optional<String> setting(String name) {
        var start = "--" + name + "=";
        return settings.stream()
                .filter(setting -> setting.startsWith(start))
                .map(setting -> setting.substring(start.length()))
                .reduce((first, last) -> last);
    }

    private static String value(String name, String value) {
        if (value.isEmpty() || value.startsWith("--")) {
            throw new UsageException("%s needs a value".formatted(name));
        }
        return value;
    }

    private static String language(String value) {
        int equals = value.indexOf('=');
        return equals < 0
                ? "--cairn.tenants.default.language=" + value
                : "--cairn.tenants.%s.language=%s".formatted(value.substring(0, equals), value.substring(equals + 1));
    }
}
