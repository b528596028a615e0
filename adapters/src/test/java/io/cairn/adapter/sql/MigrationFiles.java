package io.cairn.adapter.sql;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The migrations of one database, as they are shipped, and behind them one that only tests have.
record MigrationFiles(String vendor, List<Step> steps) {
    private static final Pattern NAME = Pattern.compile("V(\\d+(?:_\\d+)*)__(\\w+)\\.sql");

    /// One migration.
    ///
    /// @param version as Flyway writes it
    record Step(String version, Path file) {
        static Step of(Path file) {
            var name = NAME.matcher(file.getFileName().toString());
            if (!name.matches()) {
                throw new IllegalStateException(file + " is not named like a migration");
            }
            return new Step(name.group(1).replace('_', '.'), file);
        }

        /// The name of the script that takes it back.
        String undoing() {
            return file.getFileName().toString().replaceFirst("^V", "U");
        }

        private int[] order() {
            return Arrays.stream(version.split("\\.", -1))
                    .mapToInt(Integer::parseInt)
                    .toArray();
        }
    }

    static MigrationFiles of(String vendor) throws IOException, URISyntaxException {
        var steps = new ArrayList<Step>();
        for (var folder : List.of("/db/" + vendor, "/db/more/" + vendor)) {
            try (var files = Files.list(Path.of(resource(folder).toURI()))) {
                files.map(Step::of).forEach(steps::add);
            }
        }
        steps.sort(Comparator.comparing(Step::order, Arrays::compare));
        return new MigrationFiles(vendor, steps);
    }

    private static URL resource(String name) {
        return Objects.requireNonNull(MigrationFiles.class.getResource(name), name);
    }

    /// The shipped script that takes a step back; none if there is none.
    @Nullable
    String undo(Step step) throws IOException {
        try (var script = MigrationFiles.class.getResourceAsStream("/db/undo/" + vendor + "/" + step.undoing())) {
            return script == null ? null : new String(script.readAllBytes(), UTF_8);
        }
    }

    /// Puts copies of all up to a step into a folder.
    ///
    /// @return the folder, as Flyway names it
    String upTo(Step last, Path folder) throws IOException {
        Files.createDirectories(folder);
        for (var step : steps.subList(0, steps.indexOf(last) + 1)) {
            Files.copy(step.file(), folder.resolve(step.file().getFileName()));
        }
        return "filesystem:" + folder;
    }
}
