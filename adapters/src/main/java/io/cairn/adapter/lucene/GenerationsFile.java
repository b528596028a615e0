package io.cairn.adapter.lucene;

import static java.nio.charset.StandardCharsets.UTF_8;

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
import org.jspecify.annotations.Nullable;

/// The file that says which generation is current, which one was before, and which one is being built.
///
/// It is replaced as a whole, so a crash leaves either all of a change or nothing. One line per role: the role, the
/// number, and what the generation was made of. Another line names the log, and the first one holds a checksum.
final class GenerationsFile {
    private static final String LOG = "log";
    private static final String SUM = "sum";

    /// A generation in its role.
    record Role(int number, String madeOf) {}

    /// Who is what.
    record Roles(
            Role current, @Nullable Role former, @Nullable Role next) {
        /// Where nothing is known of any generation.
        static Roles only(int number, String madeOf) {
            return new Roles(new Role(number, madeOf), null, null);
        }

        /// A new generation is under way; one that was, and the former one, are given up. Numbers never come back.
        Roles begun(String madeOf) {
            return new Roles(current, null, new Role(highest() + 1, madeOf));
        }

        /// The same with a current one that is made of this. What was made of something else answers no more, and is
        /// kept as the former one.
        Roles under(String madeOf) {
            if (current.madeOf().equals(madeOf)) {
                return new Roles(current, former, madeOf(next, madeOf));
            }
            var known = madeOf(former, madeOf);
            return new Roles(known == null ? new Role(highest() + 1, madeOf) : known, current, null);
        }

        /// The same with one under way that is made of this; the current one answers until it is complete.
        Roles beside(String madeOf) {
            return madeOf(next, madeOf) == null ? new Roles(current, former, new Role(highest() + 1, madeOf)) : this;
        }

        /// The same without one under way that nothing can be added to.
        Roles keeping(Predicate<String> known) {
            return next == null || known.test(next.madeOf()) ? this : new Roles(current, former, null);
        }

        private static @Nullable Role madeOf(@Nullable Role role, String madeOf) {
            return role != null && role.madeOf().equals(madeOf) ? role : null;
        }

        Roles promoted(int number) {
            var promoted = next != null && next.number() == number ? next : former;
            return new Roles(required(promoted), current, null);
        }

        Role required(@Nullable Role role) {
            if (role == null) {
                throw new IllegalStateException("No generation has this role: " + this);
            }
            return role;
        }

        private int highest() {
            return Math.max(current.number(), Math.max(number(former), number(next)));
        }

        private static int number(@Nullable Role role) {
            return role == null ? 0 : role.number();
        }
    }

    /// What a file says.
    sealed interface Found {
        /// There is no such file.
        record Nothing() implements Found {}

        /// It cannot be understood.
        record Garbage() implements Found {}

        /// @param log whose events the generations hold; nothing if a former release wrote the file
        record Said(Roles roles, Optional<String> log) implements Found {}
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
                        new Roles(current, found.get("former"), found.get("next")),
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

    Roles write(Roles roles) {
        var text = line("current", roles.current())
                + line("former", roles.former())
                + line("next", roles.next())
                + line(LOG, new Role(0, log));
        try {
            replace(path, line(SUM, new Role(0, sum(text.lines().toList()))) + text);
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

    private static String line(String name, @Nullable Role role) {
        return role == null ? "" : "%s %d %s%n".formatted(name, role.number(), role.madeOf());
    }
}
