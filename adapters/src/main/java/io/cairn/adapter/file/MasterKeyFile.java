package io.cairn.adapter.file;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cairn.seal.MasterKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Locale;

/// The file with an installation's master key, as 64 hexadecimal digits. Without it nothing in the log can be read.
public final class MasterKeyFile {
    private final Path path;

    public MasterKeyFile(Path path) {
        this.path = path;
    }

    /// Reads the key.
    ///
    /// @throws FolderException if there is none, if others may read it, or if it is no key
    public MasterKey read() {
        if (!Files.exists(path)) {
            throw new FolderException(
                    "The log holds events but its master key %s is missing; put it back, or name its place in CAIRN_MASTER_KEY_FILE"
                            .formatted(path));
        }
        try {
            if (PrivateFiles.openToOthers(path)) {
                throw new FolderException("Others may read the master key %s; take that right away with: chmod 600 %s"
                        .formatted(path, path));
            }
            return new MasterKey(HexFormat.of().parseHex(Files.readString(path).strip()));
        } catch (IOException e) {
            throw new FolderException("The master key %s cannot be read (%s)".formatted(path, e.getMessage()), e);
        } catch (IllegalArgumentException e) {
            throw new FolderException(
                    "The file %s is not a master key, which has %d hexadecimal digits: put the right one back, or name its place in CAIRN_MASTER_KEY_FILE"
                            .formatted(path, MasterKey.BYTES * 2),
                    e);
        }
    }

    public boolean exists() {
        return Files.exists(path);
    }

    /// Puts the same key into another file, unless it is there.
    ///
    /// @throws FolderException if the other file holds another key
    public void copyTo(MasterKeyFile other) {
        if (!other.exists()) {
            write(other.path, content());
        }
        other.requireSameAs(this);
    }

    /// @throws FolderException if the two hold different keys
    public void requireSameAs(MasterKeyFile other) {
        if (!content().equals(other.content())) {
            throw new FolderException(
                    "The master key %s is not the one in %s; a log and its copy have the same: put the right one in the place of the other"
                            .formatted(path, other.path));
        }
    }

    private String content() {
        read();
        try {
            return Files.readString(path).strip().toLowerCase(Locale.ROOT);
        } catch (IOException e) {
            throw new FolderException("The master key %s cannot be read (%s)".formatted(path, e.getMessage()), e);
        }
    }

    private static void write(Path path, String digits) {
        try {
            PrivateFiles.replace(path, (digits + "\n").getBytes(UTF_8));
        } catch (IOException e) {
            throw new FolderException("The master key %s cannot be written (%s)".formatted(path, e.getMessage()), e);
        }
    }

    /// Where it is.
    @Override
    public String toString() {
        return path.toString();
    }

    /// Reads the key, and makes one first if there is none: only for a log that holds nothing yet.
    public MasterKey readOrCreate(SecureRandom random) {
        if (!Files.exists(path)) {
            var secret = new byte[MasterKey.BYTES];
            random.nextBytes(secret);
            write(path, HexFormat.of().formatHex(secret));
        }
        return read();
    }
}
