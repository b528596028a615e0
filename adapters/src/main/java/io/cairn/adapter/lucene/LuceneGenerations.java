package io.cairn.adapter.lucene;

import io.cairn.projection.Generations;
import io.cairn.projection.Projection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Generations of an index as numbered folders, and a file that names the current one.
///
/// @param <P> the index
public final class LuceneGenerations<P extends Projection> implements Generations<P> {
    private static final String CURRENT = "current";

    private final Path folder;
    private final Function<Path, P> opening;
    private Generation<P> current;
    private @Nullable Generation<P> next;
    private @Nullable Generation<P> former;

    /// @param opening opens or creates the index in a folder
    public LuceneGenerations(Path folder, Function<Path, P> opening) {
        this.folder = folder;
        this.opening = opening;
        try {
            Files.createDirectories(folder);
            int number = currentNumber();
            current = open(number);
            next = Files.exists(folder(number + 1)) ? open(number + 1) : null;
        } catch (IOException e) {
            throw new UncheckedIOException("The index folder %s cannot be used".formatted(folder), e);
        }
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
        int number = current.number() + 1;
        if (next != null) {
            next.projection().close();
        }
        if (former != null) {
            // Readers that still held it have long since gone on.
            former.projection().close();
            former = null;
        }
        delete(folder(current.number() - 1));
        delete(folder(number));
        next = open(number);
        return next;
    }

    @Override
    public synchronized void promote() {
        var promoted = next;
        if (promoted == null) {
            throw new IllegalStateException("No next generation of %s is being built".formatted(folder));
        }
        write(promoted.number());
        former = current;
        current = promoted;
        next = null;
    }

    @Override
    public synchronized void close() {
        current.projection().close();
        if (next != null) {
            next.projection().close();
        }
        if (former != null) {
            former.projection().close();
        }
    }

    private Generation<P> open(int number) {
        return new Generation<>(number, opening.apply(folder(number)));
    }

    private Path folder(int number) {
        return folder.resolve(Integer.toString(number));
    }

    private int currentNumber() throws IOException {
        try {
            return Integer.parseInt(Files.readString(folder.resolve(CURRENT)).strip());
        } catch (NoSuchFileException e) {
            write(1);
            return 1;
        }
    }

    private void write(int number) {
        try {
            var written = folder.resolve(CURRENT + ".new");
            Files.writeString(written, Integer.toString(number));
            Files.move(
                    written,
                    folder.resolve(CURRENT),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("The index folder %s cannot be written".formatted(folder), e);
        }
    }

    private static void delete(Path generation) {
        if (!Files.exists(generation)) {
            return;
        }
        try (var files = Files.walk(generation)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The old index %s cannot be deleted".formatted(generation), e);
        }
    }
}
