package io.cairn.server.wiring;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The file that settings are read from: the one that `--config` names, or the first `cairn.yaml` in the data
/// folder, in the working directory and beside the launcher. It is one file, so that nobody has to find out
/// which of two keys holds.
///
/// @param read nothing if there is none
/// @param passedOver others that are there and are not read
/// @param looked where it was looked for
public record SettingsFile(Optional<Path> read, List<Path> passedOver, List<Path> looked) {
    /// What `--config` becomes.
    public static final String CHOSEN = "--spring.config.additional-location=file:";

    private static final String NAME = "cairn.yaml";
    private static final String DATA = "--cairn.data=";
    private static final String DATA_OTHERWISE = "cairn-data";

    public SettingsFile {
        passedOver = List.copyOf(passedOver);
        looked = List.copyOf(looked);
    }

    /// @param given such as `--cairn.data=DIR`, which says where the data folder is unless the environment does
    public static SettingsFile of(List<String> given) {
        return of(given, System.getenv(), Path.of(""));
    }

    static SettingsFile of(List<String> given, Map<String, String> environment, Path workingDirectory) {
        var chosen = last(given, CHOSEN).map(workingDirectory::resolve);
        var places = new ArrayList<Path>();
        chosen.ifPresent(places::add);
        places.add(workingDirectory.resolve(data(given, environment)).resolve(NAME));
        places.add(workingDirectory.resolve(NAME));
        Optional.ofNullable(environment.get("CAIRN_HOME"))
                .ifPresent(home -> places.add(Path.of(home).resolve(NAME)));
        var all = places.stream()
                .map(place -> place.toAbsolutePath().normalize())
                .distinct()
                .toList();
        var there = all.stream().filter(Files::exists).toList();
        var read = chosen.map(file -> file.toAbsolutePath().normalize())
                .or(() -> there.stream().findFirst());
        return new SettingsFile(
                read,
                there.stream().filter(file -> !read.equals(Optional.of(file))).toList(),
                all);
    }

    private static Path data(List<String> given, Map<String, String> environment) {
        return Path.of(last(given, DATA).orElse(environment.getOrDefault("CAIRN_DATA", DATA_OTHERWISE)));
    }

    private static Optional<String> last(List<String> given, String start) {
        return given.stream()
                .filter(setting -> setting.startsWith(start))
                .map(setting -> setting.substring(start.length()))
                .reduce((first, last) -> last);
    }

    /// What was given, so that this file is read and no other.
    public List<String> in(List<String> given) {
        var locations = Stream.concat(Stream.of("classpath:/"), read.stream().map(file -> "file:" + file))
                .collect(Collectors.joining(","));
        return Stream.concat(
                        Stream.of("--spring.config.name=cairn", "--spring.config.location=" + locations),
                        given.stream().filter(setting -> !setting.startsWith(CHOSEN)))
                .toList();
    }

    /// One line for the log.
    public String told() {
        var which = read.map(file -> "Settings are read from " + file)
                .orElseGet(() -> "No file of settings is read: there is none at " + joined(looked));
        return passedOver.isEmpty() ? which : which + ", and not from " + joined(passedOver);
    }

    private static String joined(List<Path> files) {
        return files.stream().map(Path::toString).collect(Collectors.joining(", "));
    }
}
