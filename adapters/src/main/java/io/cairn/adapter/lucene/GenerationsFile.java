package io.cairn.adapter.lucene;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cairn.projection.Succession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.zip.CRC32;
import org.apache.lucene.util.IOUtils;

/// The file that says which generation is current, which one was before, and which one is being built.
///
/// It is replaced as a whole, so a crash leaves either all of a change or nothing. One line per role: the role, the
/// number, and what the generation was made of. Another line names the log, and the first one holds a checksum.
final class GenerationsFile {
    private static final String LOG = "log";
    private static final String SUM = "sum";

    /// A generation as the file has it.
    record Role(int number, String madeOf) implements Succession.Numbered {
        private boolean isOf(String other) {
            return madeOf.equals(other);
        }
    }

    /// Where nothing is known of any generation.
    static Succession<Role> only(int number, String madeOf) {
        return Succession.of(Optional.of(new Role(number, madeOf)), Optional.empty(), Optional.empty());
    }

    /// One that is made of this is under way.
    static Succession<Role> begun(Succession<Role> roles, String madeOf) {
        return roles.building(new Role(roles.unused(), madeOf));
    }

    /// The same roles with a current one that is made of this. What was made of something else answers no more, and is
    /// kept as the former one.
    static Succession<Role> under(Succession<Role> roles, String madeOf) {
        if (current(roles).isOf(madeOf)) {
            return roles.next().filter(next -> next.isOf(madeOf)).isPresent() ? roles : roles.withoutNext();
        }
        return roles.replacedBy(
                roles.former().filter(former -> former.isOf(madeOf)).orElseGet(() -> new Role(roles.unused(), madeOf)));
    }

    /// The same roles with one under way that is made of this; the current one answers until it is complete.
    static Succession<Role> beside(Succession<Role> roles, String madeOf) {
        return roles.next().filter(next -> next.isOf(madeOf)).isPresent()
                ? roles
                : roles.buildingBeside(new Role(roles.unused(), madeOf));
    }

    /// The same roles without one under way that nothing can be added to.
    static Succession<Role> keeping(Succession<Role> roles, Predicate<String> known) {
        return roles.next().filter(next -> known.test(next.madeOf())).isPresent() ? roles : roles.withoutNext();
    }

    static Role current(Succession<Role> roles) {
        return roles.current().orElseThrow();
    }

    /// What a file says.
    sealed interface Found {
        /// There is no such file.
        record Nothing() implements Found {}

        /// It cannot be understood.
        record Garbage() implements Found {}

        /// @param log whose events the generations hold; nothing if a former release wrote the file
        record Said(Succession<Role> roles, Optional<String> log) implements Found {}
    }

    private final Path path;
    private final String log;

    /// @param log whose events the generations are to hold
    GenerationsFile(Path path, String log) {
        this.path = path;
        this.log = log;
    }

    Found read() throws IOException {
        if (!Files.exists(path)) {
            return new Found.Nothing();
        }
        var found = new HashMap<String, Role>();
        try {
            var text = Files.readString(path, UTF_8);
            for (var line : text.lines().toList()) {
                var parts = line.split(" ", 3);
                found.put(parts[0], new Role(Integer.parseInt(parts[1]), parts[2]));
            }
            if (!isWhole(text, found)) {
                return new Found.Garbage();
            }
        } catch (MalformedInputException | NumberFormatException | ArrayIndexOutOfBoundsException e) {
            return new Found.Garbage();
        }
        var current = found.get("current");
        return current == null
                ? new Found.Garbage()
                : new Found.Said(
                        Succession.of(
                                Optional.of(current),
                                Optional.ofNullable(found.get("next")),
                                Optional.ofNullable(found.get("former"))),
                        Optional.ofNullable(found.get(LOG)).map(Role::madeOf));
    }

    /// What a former release wrote names neither a log nor a sum.
    private static boolean isWhole(String text, Map<String, Role> found) {
        var sum = found.get(SUM);
        return sum == null
                ? !found.containsKey(LOG)
                : sum.madeOf().equals(sum(text.lines().skip(1).toList()));
    }

    private static String sum(List<String> lines) {
        var crc = new CRC32();
        lines.forEach(line -> crc.update((line + "\n").getBytes(UTF_8)));
        return Long.toHexString(crc.getValue());
    }

    Succession<Role> write(Succession<Role> roles) {
        var text = line("current", roles.current())
                + line("former", roles.former())
                + line("next", roles.next())
                + line(LOG, Optional.of(new Role(0, log)));
        try {
            replace(path, line(SUM, Optional.of(new Role(0, sum(text.lines().toList())))) + text);
            return roles;
        } catch (IOException e) {
            throw new UncheckedIOException("%s cannot be written".formatted(path), e);
        }
    }

    /// Replaces a file's content, so that a crash leaves the old or the new, also one of the machine.
    static void replace(Path path, String text) throws IOException {
        var written = path.resolveSibling(path.getFileName() + ".new");
        Files.writeString(written, text);
        IOUtils.fsync(written, false);
        Files.move(written, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        IOUtils.fsync(Objects.requireNonNull(path.toAbsolutePath().getParent()), true);
    }

    private static String line(String name, Optional<Role> role) {
        return role.map(each -> "%s %d %s%n".formatted(name, each.number(), each.madeOf()))
                .orElse("");
    }
}
