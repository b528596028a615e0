package io.cairn.adapter.lucene;

import io.cairn.adapter.lucene.GenerationsFile.Role;
import io.cairn.model.EmbeddingSpaces;
import io.cairn.model.Embeddings;
import io.cairn.projection.Generations;
import io.cairn.projection.Projection;
import io.cairn.projection.Succession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Generations of an index as numbered folders, and a file that says which of them is which.
///
/// Vectors of two models say nothing about each other. What was made by a model that the server is no longer to use
/// stays, and answers as long as the server can run that model, until another generation was built beside it and
/// took over. If an operator gave that model up, another generation takes its place when the folder is opened: the
/// one before, if it was made as is wanted now, and else one that begins with nothing.
///
/// What was made by older rules does answer, until another generation has been built beside it, as in a rebuild.
///
/// @param <P> the index
public final class LuceneGenerations<P extends Projection> implements Generations<P> {
    private static final System.Logger LOG = System.getLogger(LuceneGenerations.class.getName());

    private final Path folder;
    private final String madeOf;
    private final FollowedLog log;
    private final BiFunction<Path, String, P> opening;
    private final Predicate<String> keeps;
    private final Predicate<String> runs;
    private final Function<String, Optional<String>> named;
    private final GenerationsFile file;
    private final String place;
    private Succession<Role> roles;
    private Generation<P> current;
    private @Nullable Generation<P> next;
    private @Nullable Generation<P> former;

    /// Generations that are made of the log and nothing else.
    public LuceneGenerations(Path folder, FollowedLog log, Function<Path, P> opening) {
        this(folder, "the log", log, opening);
    }

    /// Generations of vectors.
    ///
    /// @param opening opens or creates the index in a folder, whose vectors are made by these embeddings
    public LuceneGenerations(
            Path folder, EmbeddingSpaces spaces, FollowedLog log, BiFunction<Path, Embeddings, P> opening) {
        this(
                folder,
                new MadeOf(spaces.wanted().space().toString(), Set.of()),
                log,
                (at, madeOf) -> opening.apply(at, spaces.orAbsent(madeOf)),
                spaces::keeps,
                spaces::runs,
                other -> spaces.of(other).map(embeddings -> embeddings.space().toString()));
    }

    /// What else but the log decides what an index holds.
    ///
    /// @param now as it is to be
    /// @param before what may answer until an index made of that is complete
    public record MadeOf(String now, Set<String> before) {
        public MadeOf {
            before = Set.copyOf(before);
        }
    }

    /// @param madeOf what else but the log decides what an index holds, such as the model of its vectors
    /// @param opening opens or creates the index in a folder
    LuceneGenerations(Path folder, String madeOf, FollowedLog log, Function<Path, P> opening) {
        this(folder, new MadeOf(madeOf, Set.of()), log, opening);
    }

    /// Generations that are made of the log by rules, which may become others.
    public LuceneGenerations(Path folder, MadeOf making, FollowedLog log, Function<Path, P> opening) {
        this(
                folder,
                making,
                log,
                (at, made) -> opening.apply(at),
                made -> false,
                made -> false,
                other -> Optional.empty());
    }

    /// @param keeps whether what is made of this stays, though something else is wanted
    /// @param runs whether it can be asked and added to, too
    /// @param named what a generation is made of, as it stands in the file, by another name of it
    private LuceneGenerations(
            Path folder,
            MadeOf making,
            FollowedLog log,
            BiFunction<Path, String, P> opening,
            Predicate<String> keeps,
            Predicate<String> runs,
            Function<String, Optional<String>> named) {
        this.named = named;
        this.keeps = keeps;
        this.runs = runs;
        this.folder = folder;
        this.madeOf = making.now();
        this.log = log;
        this.opening = opening;
        try {
            Files.createDirectories(folder);
            file = new GenerationsFile(folder.resolve("generations"), log.epoch());
            var known = Place.in(folder);
            place = known.name();
            roles = file.write(roles(known, making.before()));
            tellIfOutdated(roles);
            current = open(GenerationsFile.current(roles));
            next = roles.next().map(this::open).orElse(null);
        } catch (IOException e) {
            throw new IndexFolderException(
                    "The index folder %s cannot be used (%s)".formatted(folder, Damage.reason(e)), e);
        }
    }

    /// Who is what. Where that cannot be known, or the generations follow another log, they are given up.
    private Succession<Role> roles(Place known, Set<String> outdated) throws IOException {
        return switch (file.read()) {
            case GenerationsFile.Found.Nothing none -> generations().isEmpty() ? only(1) : anew("is missing");
            case GenerationsFile.Found.Garbage garbage -> anew("cannot be understood");
            case GenerationsFile.Found.Said said
            when said.log().filter(other -> !other.equals(log.epoch())).isPresent() -> anew("is of another log");
            case GenerationsFile.Found.Said said when known.isNew() -> anew("stands without a readable file place");
            case GenerationsFile.Found.Said said
            when stays(GenerationsFile.current(said.roles())) -> GenerationsFile.keeping(said.roles(), runs);
            case GenerationsFile.Found.Said said -> {
                var before = GenerationsFile.current(said.roles());
                var changed = outdated.contains(before.madeOf())
                        ? GenerationsFile.beside(said.roles(), madeOf)
                        : GenerationsFile.under(said.roles(), madeOf);
                var now = GenerationsFile.current(changed);
                tellIfAnother(before, now);
                yield changed;
            }
        };
    }

    /// An index that holds something, made by another model that was not given up.
    private boolean stays(Role current) throws IOException {
        return !current.madeOf().equals(madeOf)
                && Damage.holdsAnything(folder(current.number()))
                && keeps.test(current.madeOf());
    }

    private Succession<Role> only(int number) {
        return GenerationsFile.only(number, madeOf);
    }

    /// Numbers never come back: under them the log keeps which streams a generation has put aside.
    private Succession<Role> anew(String reason) throws IOException {
        var found = generations();
        int number = found.stream()
                        .mapToInt(generation ->
                                Integer.parseInt(generation.getFileName().toString()))
                        .max()
                        .orElse(0)
                + 1;
        LOG.log(
                System.Logger.Level.ERROR,
                "%s %s: generation %d is made anew from the log. Nothing is lost, and less is found until then."
                        .formatted(folder.resolve("generations"), reason, number));
        for (var generation : found) {
            Damage.delete(generation);
        }
        return only(number);
    }

    private void tellIfAnother(Role before, Role now) {
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

    private void tellIfOutdated(Succession<Role> now) {
        var answering = GenerationsFile.current(now);
        if (runs.test(answering.madeOf()) && !answering.madeOf().equals(madeOf)) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "Generation %d of %s was made of %s and goes on to answer, though the configuration names %s: `cairn models refresh` builds an index of that, compares both and switches"
                            .formatted(answering.number(), folder.getFileName(), answering.madeOf(), madeOf));
        } else if (now.next().isPresent() && !answering.madeOf().equals(madeOf)) {
            LOG.log(
                    System.Logger.Level.INFO,
                    "Generation %d of %s was made of %s; it answers until generation %d, made of %s, has caught up"
                            .formatted(
                                    answering.number(),
                                    folder.getFileName(),
                                    answering.madeOf(),
                                    now.next().get().number(),
                                    madeOf));
        }
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

    /// Made as the current one is, if that answers.
    @Override
    public synchronized Generation<P> begin() {
        var made = GenerationsFile.current(roles).madeOf();
        return begun(runs.test(made) ? made : madeOf);
    }

    @Override
    public synchronized Generation<P> begin(String other) {
        return begun(named.apply(other)
                .orElseThrow(() -> new IllegalArgumentException("This server runs no model that makes " + other)));
    }

    private Generation<P> begun(String of) {
        close(next);
        // Readers that still held it have long since gone on.
        close(former == next ? null : former);
        next = null;
        former = null;
        roles = file.write(GenerationsFile.begun(roles, of));
        deleteAllBut(GenerationsFile.current(roles));
        var begun = open(roles.next().orElseThrow());
        next = begun;
        return begun;
    }

    @Override
    public synchronized boolean waits() {
        var known = next;
        var answering = GenerationsFile.current(roles).madeOf();
        return known != null
                && runs.test(answering)
                && roles.all().stream()
                        .anyMatch(role -> role.number() == known.number()
                                && runs.test(role.madeOf())
                                && !role.madeOf().equals(answering));
    }

    /// A former generation that was on its way back stays the former one.
    @Override
    public synchronized void drop() {
        var dropped = next;
        next = null;
        if (dropped == null || dropped == former) {
            return;
        }
        dropped.projection().close();
        roles = file.write(roles.withoutNext());
        try {
            Damage.delete(folder(dropped.number()));
        } catch (IOException e) {
            throw new UncheckedIOException("A next index in %s cannot be deleted".formatted(folder), e);
        }
    }

    @Override
    public synchronized Optional<String> former() {
        return noWayBack().isPresent() ? Optional.empty() : roles.former().map(Role::madeOf);
    }

    @Override
    public synchronized Optional<String> noWayBack() {
        if (roles.former().isEmpty()) {
            return Optional.of(
                    "There is no former generation in %s: one is kept after a switch, until the next rebuild begins"
                            .formatted(folder.getFileName()));
        }
        var kept = roles.former().get();
        return kept.madeOf().equals(madeOf) || runs.test(kept.madeOf())
                ? Optional.empty()
                : Optional.of("Generation %d of %s was made of %s, and the server now runs %s"
                        .formatted(kept.number(), folder.getFileName(), kept.madeOf(), madeOf));
    }

    /// The file learns of it when it takes over: after a crash it is the former one still.
    @Override
    public synchronized Generation<P> revive() {
        noWayBack().ifPresent(reason -> {
            throw new IllegalStateException(reason);
        });
        var revived = former == null ? open(roles.former().orElseThrow()) : former;
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
        boolean revived = roles.place(promoted.number()).equals(Optional.of(Succession.Place.FORMER));
        roles = file.write((revived ? roles.goingBack() : roles).promoted());
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

    private Generation<P> open(Role role) {
        var index = opening.apply(folder(role.number()), role.madeOf());
        if (!log.isOutrunBy(index)) {
            return new Generation<>(role.number(), index);
        }
        index.close();
        try {
            Damage.setAside(folder(role.number()), new IllegalStateException("it holds more events than the log has"));
        } catch (IOException e) {
            throw new IndexFolderException(
                    "The index %s holds more events than the log has, and cannot be set aside (%s); delete it, and it is made anew from the log"
                            .formatted(folder(role.number()), Damage.reason(e)),
                    e);
        }
        return new Generation<>(role.number(), opening.apply(folder(role.number()), role.madeOf()));
    }

    private Path folder(int number) {
        return folder.resolve(Integer.toString(number));
    }

    private List<Path> generations() throws IOException {
        try (Stream<Path> found = Files.list(folder)) {
            return found.filter(path -> path.getFileName().toString().matches("[0-9]{1,9}"))
                    .toList();
        }
    }

    private void deleteAllBut(Role kept) {
        try {
            for (var generation : generations()) {
                if (!generation.equals(folder(kept.number()))) {
                    Damage.delete(generation);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("An old index in %s cannot be deleted".formatted(folder), e);
        }
    }
}
