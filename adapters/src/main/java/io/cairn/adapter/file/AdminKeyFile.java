package io.cairn.adapter.file;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;

/// The file with the key that may do everything; the command line reads it to speak to the server beside it.
public final class AdminKeyFile {
    private static final int RANDOM_BYTES = 32;
    private static final String PREFIX = "cairn_";

    private final Path path;

    public AdminKeyFile(Path path) {
        this.path = path;
    }

    /// Reads the key; makes one first if there is none.
    public String readOrCreate(SecureRandom random) {
        try {
            if (!Files.exists(path)) {
                var secret = new byte[RANDOM_BYTES];
                random.nextBytes(secret);
                var key = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
                PrivateFiles.replace(path, (key + "\n").getBytes(UTF_8));
            }
            return read();
        } catch (IOException e) {
            throw new FolderException(
                    "The admin key %s cannot be read or written (%s)".formatted(path, e.getMessage()), e);
        }
    }

    private String read() throws IOException {
        if (PrivateFiles.openToOthers(path)) {
            throw new FolderException(
                    "Others may read the admin key %s; take that right away with: chmod 600 %s".formatted(path, path));
        }
        var key = Files.readString(path).strip();
        if (key.isEmpty()) {
            throw new FolderException("The admin key %s is empty; delete the file to have one made".formatted(path));
        }
        return key;
    }
}
