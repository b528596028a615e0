package io.cairn.adapter.lucene;

import io.cairn.projection.Generations;
import io.cairn.projection.Projection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Generations of an index as numbered folders, and a file that says which of them is which.
///
/// What was made of something else than the server now runs does not answer, since vectors of two models say nothing
/// about each other. Another generation takes its place when the folder is opened: the one before, if it was made of
/// that, and else one that begins with nothing.
///
/// @param <P> the index
public final class LuceneGenerations<P extends Projection> implements Generations<P> {
    private static final System.Logger LOG = System.getLogger(LuceneGenerations.class.getName());

    private final Path folder;
    private final String madeOf;
    private final Function<Path, P> opening;
    private final GenerationsFile file;
    private final String place;
    private GenerationsFile.Roles roles;
    private Generation<P> current;
    private @Nullable Generation<P> next;
    private @Nullable Generation<P> former;

    /// Generations that are made of the log and nothing else.
    public LuceneGenerations(Path folder, Function<Path, P> opening) {
        this(folder, "the log", opening);
    }

    /// @param madeOf what else but the log decides what an index holds, such as the model of its vectors
    /// @param opening opens or creates the index in a folder
    public LuceneGenerations(Path folder, String madeOf, Function<Path, P> opening) {
        this.folder = folder;
        this.madeOf = madeOf;
        this.opening = opening;
        try {
            Files.createDirectories(folder);
            place = place(folder.resolve("place"));
            file = new GenerationsFile(folder.resolve("generations"));
            var found = file.read().orElseGet(() -> GenerationsFile.Roles.first(madeOf));
            roles = file.write(found.under(madeOf));
            tellIfAnother(found.current(), roles.current());
            current = open(roles.current());
            var underWay = roles.next();
            next = underWay == null ? null : open(underWay);
        } catch (IOException e) {
            throw new UncheckedIOException("The index folder %s cannot be used".formatted(folder), e);
        }
    }

    private void tellIfAnother(GenerationsFile.Role before, GenerationsFile.Role now) {
        if (before.number() != now.number()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "Generation %d of %s was made of %s, and the server now runs %s: generation %d follows the log in its place"
                            .formatted(
                                    before.number(),
                                    folder.getFileName(),
                                    before.madeOf(),
                                    now.madeOf(),
                                    now.number()));
        }
    }

    /// A folder belongs to one node, and gets its name when it is first used.
    private static String place(Path file) throws IOException {
        if (!Files.exists(file)) {
            GenerationsFile.replace(file, UUID.randomUUID().toString());
        }
        return Files.readString(file).strip();
    }

    @Override
    public Optional<String> place() {
        return Optional.of(place);
    }

    @Override
    public synchronized Generation<P> current() {
        return current;
    }

    @Override
    public synchronized Optional<Generation<P>> next() {
        return Optional.ofNullable(next);
    }

    @Override
    public synchronized Generation<P> begin() {
        close(next);
        // Readers that still held it have long since gone on.
        close(former == next ? null : former);
        next = null;
        former = null;
        roles = file.write(roles.begun(madeOf));
        deleteAllBut(roles.current());
        var begun = open(roles.required(roles.next()));
        next = begun;
        return begun;
    }

    @Override
    public synchronized Optional<String> noWayBack() {
        var kept = roles.former();
        if (kept == null) {
            return Optional.of(
                    "There is no former generation in %s: one is kept after a switch, until the next rebuild begins"
                            .formatted(folder.getFileName()));
        }
        return kept.madeOf().equals(madeOf)
                ? Optional.empty()
                : Optional.of("Generation %d of %s was made of %s, and the server now runs %s"
                        .formatted(kept.number(), folder.getFileName(), kept.madeOf(), madeOf));
    }

    @Override
    public synchronized Generation<P> revive() {
        noWayBack().ifPresent(reason -> {
            throw new IllegalStateException(reason);
        });
        var revived = former == null ? open(roles.required(roles.former())) : former;
        former = revived;
        next = revived;
        return revived;
    }

    @Override
    public synchronized boolean promote() {
        var promoted = next;
        if (promoted == null) {
            throw new IllegalStateException("No next generation of %s is being built".formatted(folder));
        }
        roles = file.write(roles.promoted(promoted.number()));
        former = current;
        current = promoted;
        next = null;
        return true;
    }

    @Override
    public synchronized void close() {
        close(current);
        close(next);
        close(former == next ? null : former);
    }

    private static void close(@Nullable Generation<?> generation) {
        if (generation != null) {
            generation.projection().close();
        }
    }

    private Generation<P> open(GenerationsFile.Role role) {
        return new Generation<>(role.number(), opening.apply(folder(role.number())));
    }

    private Path folder(int number) {
        return folder.resolve(Integer.toString(number));
    }

    private void deleteAllBut(GenerationsFile.Role kept) {
        try (Stream<Path> found = Files.list(folder)) {
            found.filter(path -> path.getFileName().toString().matches("[0-9]+"))
                    .filter(path -> !path.equals(folder(kept.number())))
                    .forEach(LuceneGenerations::delete);
        } catch (IOException e) {
            throw new UncheckedIOException("The index folder %s cannot be read".formatted(folder), e);
        }
    }

    private static void delete(Path generation) {
        try (var files = Files.walk(generation)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The old index %s cannot be deleted".formatted(generation), e);
        }
    }
}
